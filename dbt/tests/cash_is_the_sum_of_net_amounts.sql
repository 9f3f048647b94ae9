-- Computed from the staged transactions alone, for the last trading day.
with last_day as (
    select max(trading_day) as trading_day
    from {{ ref('int_trading_days') }}
),

expected as (
    select
        transactions.portfolio_id,
        last_day.trading_day,
        sum(transactions.net_amount) as cash
    from {{ ref('stg_transactions') }} as transactions
    inner join last_day on transactions.trade_date <= last_day.trading_day
    where transactions.status = 'booked'
    group by transactions.portfolio_id, last_day.trading_day
)

select
    expected.portfolio_id,
    expected.trading_day,
    expected.cash as expected_cash,
    summary.cash
from expected
left join {{ ref('daily_portfolio_summary') }} as summary
    on expected.portfolio_id = summary.portfolio_id and expected.trading_day = summary.trading_day
where summary.cash is null or summary.cash <> expected.cash
