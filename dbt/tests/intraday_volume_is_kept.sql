-- What the sessions add up to is what the minutes are.
with minutes as (
    select sum(volume) as volume
    from {{ ref('stg_intraday_bars') }}
    where interval_minutes = 1
),

sessions as (
    select sum(volume) as volume
    from {{ ref('intraday_sessions') }}
)

select
    minutes.volume as minutes_volume,
    sessions.volume as sessions_volume
from minutes
cross join sessions
where coalesce(minutes.volume, 0) <> coalesce(sessions.volume, 0)
