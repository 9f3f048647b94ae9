-- Computed from the staged transactions alone, for each day that a position moved on and for the last day.
with booked as (
    select
        portfolio_id,
        symbol,
        trade_date,
        quantity
    from {{ ref('stg_transactions') }}
    where status = 'booked' and quantity <> 0
),

last_day as (
    select max(trading_day) as trading_day
    from {{ ref('int_trading_days') }}
),

checked_days as (
    select distinct
        portfolio_id,
        symbol,
        trading_day
    from {{ ref('int_enriched_trades') }}
    where position_sequence is not null and trading_day is not null
    union
    select distinct
        booked.portfolio_id,
        booked.symbol,
        last_day.trading_day
    from booked
    cross join last_day
),

expected as (
    select
        checked_days.portfolio_id,
        checked_days.symbol,
        checked_days.trading_day,
        sum(case when booked.trade_date <= checked_days.trading_day then booked.quantity else 0 end) as quantity
    from checked_days
    inner join booked
        on checked_days.portfolio_id = booked.portfolio_id and checked_days.symbol = booked.symbol
    group by checked_days.portfolio_id, checked_days.symbol, checked_days.trading_day
)

select
    expected.portfolio_id,
    expected.symbol,
    expected.trading_day,
    expected.quantity as expected_quantity,
    coalesce(positions.quantity, 0) as quantity
from expected
left join {{ ref('int_daily_positions') }} as positions
    on
        expected.portfolio_id = positions.portfolio_id
        and expected.symbol = positions.symbol
        and expected.trading_day = positions.trading_day
where coalesce(positions.quantity, 0) <> expected.quantity
