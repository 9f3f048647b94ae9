-- Every change of market value has its reasons, to the cent, wherever prices are known.
select
    portfolio_id,
    trading_day,
    market_value_change,
    net_external_flow + realised_gain + unrealised_change + income - expense as explained
from {{ ref('daily_portfolio_summary') }}
where market_value_change <> net_external_flow + realised_gain + unrealised_change + income - expense
