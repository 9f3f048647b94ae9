with trades as (
    select *
    from {{ ref('int_enriched_trades') }}
    where trading_day is not null
),

portfolios as (
    select
        portfolio_id,
        max(client_id) as client_id,
        max(currency) as currency,
        min(trading_day) as first_trading_day
    from trades
    group by portfolio_id
),

flows as (
    select
        portfolio_id,
        trading_day,
        count(*) as transaction_count,
        sum(net_amount) as cash_change,
        sum(external_flow) as net_external_flow,
        sum(case when external_flow is null then 1 else 0 end) as unknown_flows,
        sum(realised_gain) as realised_gain,
        sum(transferred_gain) as transferred_gain,
        sum(income) as income,
        sum(expense) as expense
    from trades
    group by portfolio_id, trading_day
),

positions as (
    select
        portfolio_id,
        trading_day,
        count(*) as position_count,
        sum(cost_basis) as cost_basis,
        sum(quantity * close) as positions_value,
        sum(case when close is null then 1 else 0 end) as prices_missing,
        max(price_stale_days) as price_stale_days
    from {{ ref('int_daily_positions') }}
    group by portfolio_id, trading_day
),

days as (
    select
        portfolios.portfolio_id,
        portfolios.client_id,
        portfolios.currency,
        days.trading_day,
        coalesce(flows.transaction_count, 0) as transaction_count,
        sum(coalesce(flows.cash_change, 0)) over (
            partition by portfolios.portfolio_id
            order by days.trading_day
            rows between unbounded preceding and current row
        ) as cash,
        case when coalesce(flows.unknown_flows, 0) = 0 then coalesce(flows.net_external_flow, 0) end
            as net_external_flow,
        coalesce(flows.realised_gain, 0) as realised_gain,
        coalesce(flows.transferred_gain, 0) as transferred_gain,
        coalesce(flows.income, 0) as income,
        coalesce(flows.expense, 0) as expense,
        coalesce(positions.position_count, 0) as position_count,
        coalesce(positions.cost_basis, 0) as cost_basis,
        coalesce(positions.prices_missing, 0) as prices_missing,
        positions.price_stale_days,
        -- Rounded once, over all positions, so that the cent of the total is right.
        case
            when coalesce(positions.prices_missing, 0) = 0 then round(coalesce(positions.positions_value, 0), 2)
        end as positions_value
    from portfolios
    inner join {{ ref('int_trading_days') }} as days on portfolios.first_trading_day <= days.trading_day
    left join flows on portfolios.portfolio_id = flows.portfolio_id and days.trading_day = flows.trading_day
    left join positions on portfolios.portfolio_id = positions.portfolio_id and days.trading_day = positions.trading_day
),

valued as (
    select
        *,
        cash + positions_value as market_value,
        positions_value - cost_basis as unrealised_gain
    from days
),

compared as (
    select
        *,
        lag(market_value, 1, 0) over (partition by portfolio_id order by trading_day) as previous_market_value,
        lag(unrealised_gain, 1, 0) over (partition by portfolio_id order by trading_day) as previous_unrealised_gain
    from valued
)

select
    portfolio_id,
    trading_day,
    client_id,
    currency,
    cast(cash as decimal(18, 2)) as cash,
    cast(positions_value as decimal(18, 2)) as positions_value,
    cast(market_value as decimal(18, 2)) as market_value,
    cast(previous_market_value as decimal(18, 2)) as previous_market_value,
    cast(market_value - previous_market_value as decimal(18, 2)) as market_value_change,
    cast(net_external_flow as decimal(18, 2)) as net_external_flow,
    cast(cost_basis as decimal(18, 2)) as cost_basis,
    cast(unrealised_gain as decimal(18, 2)) as unrealised_gain,
    cast(unrealised_gain - previous_unrealised_gain + transferred_gain as decimal(18, 2)) as unrealised_change,
    cast(transferred_gain as decimal(18, 2)) as transferred_gain,
    cast(realised_gain as decimal(18, 2)) as realised_gain,
    cast(income as decimal(18, 2)) as income,
    cast(expense as decimal(18, 2)) as expense,
    case
        when previous_market_value + net_external_flow > 0 and market_value is not null
            then
                cast(
                    {{ money_ratio('market_value', 'previous_market_value + net_external_flow') }} - 1 as decimal(28, 8)
                )
    end as daily_return,
    cast(position_count as bigint) as position_count,
    cast(transaction_count as bigint) as transaction_count,
    cast(prices_missing as bigint) as prices_missing,
    cast(price_stale_days as bigint) as price_stale_days
from compared
