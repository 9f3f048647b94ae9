"""The newest versions of keys, told by the marks of sealed files wherever they can be."""

from __future__ import annotations

import itertools
import random
from datetime import date, datetime, timezone
from decimal import Decimal

import duckdb
import pytest
from silver_lake import INGESTED, SilverLake, bar, transaction

from finks_lake.newest import newest_relation
from finks_lake.query import connect
from finks_lake.relations import newest_versions, snapshot_relation

DAY, NEXT_MONTH = date(2024, 1, 2), date(2024, 2, 1)
SHOWN = {"bars": "_source, symbol, trading_day, close", "transactions": "_source, transaction_id, net_amount"}
SQL = "select close from silver.bars where symbol = 'AAPL' order by trading_day"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    with connect() as opened:
        yield opened


def newest(connection, lake: SilverLake, entity: str) -> tuple[list[tuple], str]:
    """The rows of the view, and its SQL."""
    table = lake.table(f"silver.{entity}_versions")
    relation = newest_relation(table, table.metadata.current_snapshot_id, entity)
    assert "_superseded" not in relation.columns
    return sorted(connection.execute(f"select {SHOWN[entity]} from ({relation.sql})").fetchall()), relation.sql


def plain(connection, lake: SilverLake, entity: str, key: list[str]) -> list[tuple]:
    """The same by looking at every version."""
    table = lake.table(f"silver.{entity}_versions")
    relation = newest_versions(snapshot_relation(table, table.metadata.current_snapshot_id), key)
    return sorted(connection.execute(f"select {SHOWN[entity]} from ({relation.sql})").fetchall())


def test_sealed_periods_are_read_by_their_marks_alone(connection, lake: SilverLake) -> None:
    lake.append("bars", [bar("AAPL", DAY, "10.5"), bar("AAPL", NEXT_MONTH, "12")])
    lake.append("bars", [bar("AAPL", DAY, "11.25")])
    lake.seal("bars", DAY)
    lake.seal("bars", NEXT_MONTH)

    rows, sql = newest(connection, lake, "bars")

    assert [row[3] for row in rows] == [Decimal("11.25"), Decimal("12")]
    assert "row_number" not in sql


def test_late_row_makes_its_period_alone_be_looked_at(connection, lake: SilverLake) -> None:
    lake.append("bars", [bar("AAPL", DAY, "10.5"), bar("AAPL", NEXT_MONTH, "12")])
    lake.seal("bars", DAY)
    lake.seal("bars", NEXT_MONTH)
    lake.append("bars", [bar("AAPL", DAY, "11.25"), bar("MSFT", DAY, "20")])

    rows, sql = newest(connection, lake, "bars")

    assert [(row[1], row[3]) for row in rows] == [
        ("AAPL", Decimal("11.25")),
        ("AAPL", Decimal("12")),
        ("MSFT", Decimal("20")),
    ]
    looked_at = sql[sql.index("union all") :]
    assert "month=01" in looked_at and "month=02" not in looked_at


def test_version_that_moved_to_another_period_is_newest_whatever_is_sealed(connection, lake: SilverLake) -> None:
    moved = datetime(2024, 2, 3, tzinfo=timezone.utc)
    first = [transaction(name, "deposit", DAY, net=net) for name, net in (("T1", "1"), ("T2", "2"))]
    lake.append("transactions", first)
    lake.seal("transactions", DAY)
    lake.append("transactions", [transaction("T1", "deposit", NEXT_MONTH, net="3", updated_at=moved)])
    expected = [("fmp", "T1", Decimal("3.00")), ("fmp", "T2", Decimal("2.00"))]

    assert newest(connection, lake, "transactions")[0] == expected
    lake.seal("transactions", NEXT_MONTH)
    assert newest(connection, lake, "transactions")[0] == expected
    lake.seal("transactions", DAY, again=True)
    assert newest(connection, lake, "transactions")[0] == expected


def test_as_of_sees_versions_that_were_superseded_later(lake: SilverLake, finks) -> None:
    lake.append("bars", [bar("AAPL", DAY, "10.5", _ingest_time=INGESTED)])
    lake.append("bars", [bar("AAPL", DAY, "11.25", _ingest_time=INGESTED.replace(hour=14))])
    lake.seal("bars", DAY)

    assert '"11.250000"' in finks("query", "--json", SQL).stdout
    assert '"10.500000"' in finks("query", "--json", "--as-of", "2024-01-01T13:00:00Z", SQL).stdout
    versions = "select count(*) as n from silver.bars_versions"
    assert '"n": 2' in finks("query", "--json", versions).stdout


@pytest.mark.parametrize("entity", ["bars", "transactions"])
def test_any_mixture_of_seals_and_late_rows_shows_what_looking_at_all_versions_shows(
    connection, lake: SilverLake, entity: str
) -> None:
    chance = random.Random(17)
    key = {"bars": ["symbol", "trading_day"], "transactions": ["transaction_id"]}[entity]
    seconds = itertools.count()
    for step in range(12):
        rows = []
        for _ in range(chance.randint(1, 5)):
            day = chance.choice([DAY, NEXT_MONTH, date(2024, 3, 1)])
            at = INGESTED.replace(minute=chance.randint(0, 59), second=next(seconds) % 60)
            name, value = f"K{chance.randint(0, 4)}", str(chance.randint(1, 99))
            if entity == "bars":
                rows.append(bar(name, day, value, _ingest_time=at))
            else:
                rows.append(transaction(name, "deposit", day, net=value, updated_at=at))
        lake.append(entity, rows, source=chance.choice(["fmp", "files"]))
        if step % 3 == 2:
            lake.seal(entity, chance.choice([DAY, NEXT_MONTH, date(2024, 3, 1)]), again=True)

        assert newest(connection, lake, entity)[0] == plain(connection, lake, entity, key)
