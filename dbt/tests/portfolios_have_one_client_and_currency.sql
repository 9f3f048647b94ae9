-- Amounts of several currencies cannot be added; the bars that value a portfolio are in its currency too.
select
    transactions.portfolio_id,
    count(distinct transactions.client_id) as clients,
    count(distinct transactions.currency) as currencies,
    count(distinct bars.currency) as bar_currencies
from {{ ref('stg_transactions') }} as transactions
left join {{ ref('stg_market_data') }} as bars
    on transactions.symbol = bars.symbol and transactions.trade_date = bars.trading_day
where transactions.status = 'booked'
group by transactions.portfolio_id
having
    count(distinct transactions.client_id) > 1
    or count(distinct transactions.currency) > 1
    or count(distinct case when bars.currency <> transactions.currency then bars.currency end) > 0
