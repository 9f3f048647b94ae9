with booked as (
    select *
    from {{ ref('stg_transactions') }}
    where status = 'booked'
),

trade_dates as (
    select distinct trade_date
    from booked
),

-- What happens on a closed day counts on the next trading day.
effective_days as (
    select
        trade_dates.trade_date,
        days.trading_day,
        days.previous_trading_day
    from trade_dates
    inner join {{ ref('int_trading_days') }} as days
        on
            trade_dates.trade_date <= days.trading_day
            and (days.previous_trading_day is null or trade_dates.trade_date > days.previous_trading_day)
),

priced as (
    select
        booked.*,
        effective_days.trading_day,
        today.close as market_close,
        before.close as last_close,
        booked.transaction_type in ('transfer_in', 'transfer_out') as is_transfer,
        -- A transfer needs a cost even where no close is known; its flow stays unknown then.
        coalesce(before.close, before.last_close, booked.price, today.close, 0) as transfer_price
    from booked
    left join effective_days on booked.trade_date = effective_days.trade_date
    left join {{ ref('int_daily_prices') }} as today
        on booked.symbol = today.symbol and effective_days.trading_day = today.trading_day
    left join {{ ref('int_daily_prices') }} as before
        on booked.symbol = before.symbol and effective_days.previous_trading_day = before.trading_day
),

moves as (
    select
        *,
        case when is_transfer then round(quantity * transfer_price, 2) else -net_amount end as entry_cost
    from priced
    where quantity <> 0 and transaction_type in ('buy', 'sell', 'transfer_in', 'transfer_out')
),

entries as (
    select
        transaction_id,
        portfolio_id,
        symbol,
        row_number() over (
            partition by portfolio_id, symbol
            order by trade_date, executed_at, transaction_id
        ) as sequence,
        {{ units('quantity', 6) }} as quantity_units,
        {{ units('entry_cost', 2) }} as cost_cents
    from moves
),

costs as (
    {{ average_cost('entries', ['portfolio_id', 'symbol']) }} -- noqa: PRS
),

positions as (
    select
        entries.transaction_id,
        entries.sequence as position_sequence,
        costs.quantity_units,
        costs.cost_cents,
        costs.gain_cents
    from entries
    inner join costs
        on
            entries.portfolio_id = costs.portfolio_id
            and entries.symbol = costs.symbol
            and entries.sequence = costs.sequence
)

select
    priced.transaction_id,
    priced.portfolio_id,
    priced.client_id,
    priced.transaction_type,
    priced.symbol,
    priced.trade_date,
    priced.trading_day,
    priced.executed_at,
    priced.quantity,
    priced.price,
    priced.gross_amount,
    priced.fee,
    priced.net_amount,
    priced.currency,
    priced.counterparty_portfolio_id,
    priced.market_close,
    priced.last_close,
    positions.position_sequence,
    cast(
        cast(positions.quantity_units as decimal(18, 0)) * cast(0.000001 as decimal(7, 6)) as decimal(18, 6)
    ) as quantity_after,
    {{ money_of_cents('positions.cost_cents') }} as cost_basis_after,
    cast(
        case
            when priced.transaction_type in ('deposit', 'withdrawal') then priced.net_amount
            when priced.is_transfer then round(priced.quantity * priced.last_close, 2)
            else 0
        end as decimal(18, 2)
    ) as external_flow,
    cast(
        case when priced.is_transfer then 0 else coalesce({{ money_of_cents('positions.gain_cents') }}, 0) end
        as decimal(18, 2)
    ) as realised_gain,
    cast(
        case when priced.is_transfer then coalesce({{ money_of_cents('positions.gain_cents') }}, 0) else 0 end
        as decimal(18, 2)
    ) as transferred_gain,
    cast(case when priced.transaction_type = 'dividend' then priced.net_amount else 0 end as decimal(18, 2)) as income,
    cast(
        case when priced.transaction_type = 'fee' or priced.is_transfer then -priced.net_amount else 0 end
        as decimal(18, 2)
    ) as expense
from priced
left join positions on priced.transaction_id = positions.transaction_id
