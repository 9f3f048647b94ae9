with placed as (
    select
        *,
        row_number() over (partition by symbol, trading_day order by bar_start) as from_the_start,
        row_number() over (partition by symbol, trading_day order by bar_start desc) as from_the_end
    from {{ ref('stg_intraday_bars') }}
    where interval_minutes = 1
)

select
    symbol,
    trading_day,
    max(currency) as currency,
    cast(max(case when from_the_start = 1 then open end) as decimal(18, 6)) as open,
    cast(max(high) as decimal(18, 6)) as high,
    cast(min(low) as decimal(18, 6)) as low,
    cast(max(case when from_the_end = 1 then close end) as decimal(18, 6)) as close,
    cast(sum(volume) as bigint) as volume,
    cast(count(*) as bigint) as bars,
    min(bar_start) as first_bar_start,
    max(bar_start) as last_bar_start
from placed
group by symbol, trading_day
