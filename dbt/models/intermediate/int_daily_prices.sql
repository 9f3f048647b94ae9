with days as (
    select
        trading_day,
        day_number
    from {{ ref('int_trading_days') }}
),

bars as (
    select
        bars.symbol,
        bars.close,
        days.trading_day,
        days.day_number,
        lead(days.day_number) over (partition by bars.symbol order by days.day_number) as next_day_number
    from {{ ref('stg_market_data') }} as bars
    inner join days on bars.trading_day = days.trading_day
),

-- Only the bars that a gap follows are multiplied: a range join over all of them would cost more than all the rest.
gaps as (
    select
        bars.symbol,
        days.trading_day,
        bars.close,
        days.day_number - bars.day_number as price_stale_days
    from bars
    inner join days
        on
            bars.day_number < days.day_number
            and (bars.next_day_number is null or bars.next_day_number > days.day_number)
    where bars.next_day_number is null or bars.next_day_number > bars.day_number + 1
),

carried as (
    select
        symbol,
        trading_day,
        close,
        0 as price_stale_days
    from bars
    union all
    select
        symbol,
        trading_day,
        close,
        price_stale_days
    from gaps
)

select
    symbol,
    trading_day,
    case when price_stale_days <= {{ var('stale_after_trading_days') }} then close end as close,
    close as last_close,
    cast(price_stale_days as bigint) as price_stale_days
from carried
