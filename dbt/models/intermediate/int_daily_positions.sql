with days as (
    select
        trading_day,
        day_number
    from {{ ref('int_trading_days') }}
),

closings as (
    select
        trades.portfolio_id,
        trades.symbol,
        trades.quantity_after,
        trades.cost_basis_after,
        days.day_number,
        row_number() over (
            partition by trades.portfolio_id, trades.symbol, trades.trading_day
            order by trades.position_sequence desc
        ) as entries_until_close
    from {{ ref('int_enriched_trades') }} as trades
    inner join days on trades.trading_day = days.trading_day
    where trades.position_sequence is not null
),

holdings as (
    select
        portfolio_id,
        symbol,
        quantity_after,
        cost_basis_after,
        day_number,
        lead(day_number) over (partition by portfolio_id, symbol order by day_number) as next_day_number
    from closings
    where entries_until_close = 1
)

select
    holdings.portfolio_id,
    holdings.symbol,
    days.trading_day,
    holdings.quantity_after as quantity,
    holdings.cost_basis_after as cost_basis,
    prices.close,
    prices.price_stale_days
from holdings
inner join days
    on
        holdings.day_number <= days.day_number
        and (holdings.next_day_number is null or holdings.next_day_number > days.day_number)
left join {{ ref('int_daily_prices') }} as prices
    on holdings.symbol = prices.symbol and days.trading_day = prices.trading_day
where holdings.quantity_after <> 0
