with transactions as (
    select
        transaction_id,
        portfolio_id,
        client_id,
        type as transaction_type,
        status,
        symbol,
        coalesce(quantity, 0) as quantity,
        price,
        gross_amount,
        coalesce(fee, 0) as fee,
        net_amount,
        currency,
        trade_date,
        executed_at,
        updated_at,
        counterparty_portfolio_id,
        _source as source,
        row_number() over (
            partition by transaction_id
            order by {{ source_rank('transactions') }}, _source
        ) as source_position
    from {{ silver('transactions') }}
)

select
    transaction_id,
    portfolio_id,
    client_id,
    transaction_type,
    status,
    symbol,
    cast(quantity as decimal(18, 6)) as quantity,
    price,
    gross_amount,
    cast(fee as decimal(18, 2)) as fee,
    net_amount,
    currency,
    trade_date,
    executed_at,
    updated_at,
    counterparty_portfolio_id,
    source
from transactions
where source_position = 1
