with ranked as (
    select
        *,
        row_number() over (
            partition by symbol, interval_minutes, bar_start
            order by {{ source_rank('bars_intraday') }}, _source
        ) as source_position
    from {{ silver('bars_intraday') }}
)

select
    symbol,
    interval_minutes,
    bar_start,
    -- Silver's period: the day in the exchange's zone.
    cast(concat(year, '-', month, '-', day) as date) as trading_day,
    open,
    high,
    low,
    close,
    volume,
    currency,
    _source as source,
    _ingest_time as ingest_time
from ranked
where source_position = 1
