with ranked as (
    select
        *,
        row_number() over (
            partition by symbol, trading_day
            order by {{ source_rank('bars') }}, _source
        ) as source_position
    from {{ silver('bars') }}
)

select
    symbol,
    trading_day,
    open,
    high,
    low,
    close,
    volume,
    vwap,
    change,
    change_percent,
    currency,
    _source as source,
    _ingest_time as ingest_time
from ranked
where source_position = 1
