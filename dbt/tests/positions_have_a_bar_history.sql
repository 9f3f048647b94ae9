-- A share without a bar by the last day that it is held was never worth anything: nothing may be held in it.
with holdings as (
    select
        portfolio_id,
        symbol,
        max(trading_day) as last_held
    from {{ ref('int_daily_positions') }}
    group by portfolio_id, symbol
),

histories as (
    select
        symbol,
        min(trading_day) as first_bar
    from {{ ref('stg_market_data') }}
    group by symbol
)

select
    holdings.portfolio_id,
    holdings.symbol,
    holdings.last_held
from holdings
left join histories on holdings.symbol = histories.symbol and holdings.last_held >= histories.first_bar
where histories.symbol is null
