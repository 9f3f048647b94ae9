with days as (
    select distinct trading_day
    from {{ ref('stg_market_data') }}
)

select
    trading_day,
    row_number() over (order by trading_day) as day_number,
    lag(trading_day) over (order by trading_day) as previous_trading_day
from days
