with ranked as (
    select
        *,
        row_number() over (
            partition by symbol, event_time
            order by {{ source_rank('quotes') }}, _source
        ) as source_position
    from {{ silver('quotes') }}
)

select
    symbol,
    event_time,
    price,
    volume,
    market_cap,
    name,
    exchange,
    industry,
    open,
    previous_close,
    day_low,
    day_high,
    year_low,
    year_high,
    change,
    change_percent,
    currency,
    _source as source,
    _ingest_time as ingest_time
from ranked
where source_position = 1
