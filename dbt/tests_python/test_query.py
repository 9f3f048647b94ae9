"""The query command as users and scripts call it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pyarrow.parquet as parquet
import pytest
from silver_lake import INGESTED, SilverLake, bar, transaction, weekdays

from finks_lake.errors import PlatformError
from finks_lake.home import Home
from finks_lake.query import Request, create_views, parse_instant
from finks_lake.query import connect as connect_query

DAYS = weekdays(date(2024, 1, 2), 3)


@pytest.fixture(autouse=True)
def bars(lake: SilverLake) -> None:
    lake.append("bars", [bar("AAPL", day, "10.5", _ingest_time=INGESTED) for day in DAYS])
    lake.append("bars", [bar("AAPL", DAYS[0], "11.25", _ingest_time=INGESTED + timedelta(hours=1))])


def rows(process) -> list[dict]:
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)["rows"]


def test_json_has_numbers_for_counts_text_for_decimals_and_utc_times(finks_process) -> None:
    answer = rows(
        finks_process(
            "query",
            "--json",
            "select count(*) as n, sum(volume) as volume, max(close) as close, max(trading_day) as day, "
            "max(_ingest_time) as at, null as nothing, [1.5::decimal(3,1)] as list from silver.bars_versions",
        )
    )

    assert answer == [
        {
            "n": 4,
            "volume": 4000,
            "close": "11.250000",
            "day": "2024-01-04",
            "at": "2024-01-01T13:00:00Z",
            "nothing": None,
            "list": ["1.5"],
        }
    ]


def test_the_view_shows_the_newest_version_and_as_of_what_was_known(finks) -> None:
    sql = "select close from silver.bars where symbol = 'AAPL' order by trading_day"

    assert [row["close"] for row in rows(finks("query", "--json", sql))] == ["11.250000", "10.500000", "10.500000"]
    known = rows(finks("query", "--json", "--as-of", "2024-01-01T12:30:00Z", sql))
    assert [row["close"] for row in known] == ["10.500000"] * 3
    assert rows(finks("query", "--json", "--as-of", "2023-12-31", sql)) == []


def test_as_of_shows_what_was_landed_by_then_and_not_only_ingested(lake: SilverLake, finks) -> None:
    late = bar("LATE", DAYS[0], "7", _ingest_time=INGESTED)
    first = next(lake.offsets) + 1
    lake.append("bars", [late])
    lake.account("bars", 0, first, INGESTED + timedelta(minutes=1))
    lake.account("bars", first, first + 1, INGESTED + timedelta(days=7))
    sql = "select close from silver.bars where symbol = 'LATE'"

    assert [row["close"] for row in rows(finks("query", "--json", sql))] == ["7.000000"]
    assert rows(finks("query", "--json", "--as-of", "2024-01-08T11:59:59Z", sql)) == []
    assert len(rows(finks("query", "--json", "--as-of", "2024-01-08T12:00:00Z", sql))) == 1
    others = "select count(*) as n from silver.bars_versions where symbol = 'AAPL'"
    assert rows(finks("query", "--json", "--as-of", "2024-01-02T00:00:00Z", others)) == [{"n": 4}]
    assert rows(finks("query", "--json", "--as-of", "2024-01-01T12:00:30Z", others)) == [{"n": 0}]


def test_ranges_from_before_landing_was_recorded_count_as_landed(lake: SilverLake, finks) -> None:
    lake.account("bars", 0, 1000, None)

    sql = "select count(*) as n from silver.bars_versions"
    assert rows(finks("query", "--json", "--as-of", "2024-01-01T12:30:00Z", sql)) == [{"n": 3}]


def test_as_of_looks_behind_a_rebuild_by_what_bronze_held_then(lake: SilverLake, finks) -> None:
    first = next(lake.offsets) + 1
    lake.append("bars", [bar("LATE", DAYS[0], "7", _ingest_time=INGESTED)])
    rebuilt = INGESTED + timedelta(days=30)
    lake.account("bars", 0, first + 1, rebuilt, writer_id="rebuild-1-1")
    sql = "select symbol from silver.bars_versions"
    unknown_to_bronze = rows(finks("query", "--json", "--as-of", "2024-01-02T00:00:00Z", sql))
    lake.keep_raw("bars", 0, first, INGESTED + timedelta(minutes=1))
    lake.keep_raw("bars", first, first + 1, INGESTED + timedelta(days=7))

    def known(instant: str) -> list[str]:
        return sorted({row["symbol"] for row in rows(finks("query", "--json", "--as-of", instant, sql))})

    assert {row["symbol"] for row in unknown_to_bronze} == {"AAPL", "LATE"}, "by ingest time alone"
    assert known("2024-01-01T12:00:30Z") == []
    assert known("2024-01-02T00:00:00Z") == ["AAPL"]
    assert known("2024-01-08T12:00:00Z") == ["AAPL", "LATE"]


def test_as_of_answers_with_the_correction_that_was_known(lake: SilverLake, finks) -> None:
    booked = transaction("T-1", "buy", DAYS[0], quantity="10", price="5", _ingest_time=INGESTED)
    corrected = {**booked, "quantity": Decimal("12"), "updated_at": booked["updated_at"] + timedelta(days=2)}
    between = {**booked, "quantity": Decimal("11"), "updated_at": booked["updated_at"] + timedelta(days=1)}
    lake.append("transactions", [booked])
    lake.append("transactions", [{**corrected, "_ingest_time": INGESTED + timedelta(days=2)}])
    lake.append("transactions", [{**between, "_ingest_time": INGESTED + timedelta(days=3)}])

    def known(instant: str) -> list[str]:
        sql = "select quantity from silver.transactions"
        return [row["quantity"] for row in rows(finks("query", "--json", "--as-of", instant, sql))]

    assert known("2024-01-01T11:59:59Z") == []
    assert known("2024-01-02T00:00:00Z") == ["10.000000"]
    assert known("2024-01-03T12:00:00Z") == ["12.000000"]
    assert known("2024-02-01T00:00:00Z") == ["12.000000"], "an older correction that comes late changes nothing"
    versions = "select count(*) as n from silver.transactions_versions"
    assert rows(finks("query", "--json", "--as-of", "2024-01-03T12:00:00Z", versions)) == [{"n": 2}]


def test_versions_of_one_instant_are_ordered_by_batch_sequence_and_hash(lake: SilverLake) -> None:
    same = {"_ingest_time": INGESTED + timedelta(days=1)}
    lake.append("bars", [bar("TIE", DAYS[0], "1", **same), bar("TIE", DAYS[0], "2", **same)])
    with connect_query() as connection:
        sql = "select close from silver.bars where symbol = 'TIE'"
        create_views(connection, Home.of(lake.root), Request(), sql)
        assert connection.execute(sql).fetchall() == [(Decimal("2.000000"),)]


def test_csv_and_table_and_parquet_hold_the_same_rows(finks, tmp_path) -> None:
    sql = "select symbol, trading_day, close from silver.bars order by trading_day"
    as_csv = list(csv.DictReader(io.StringIO(finks("query", "--format", "csv", sql).stdout)))
    table = finks("query", sql)
    file = tmp_path / "bars.parquet"
    assert finks("query", "--format", "parquet", "--output", str(file), sql).returncode == 0

    assert [row["close"] for row in as_csv] == ["11.250000", "10.500000", "10.500000"]
    assert table.stdout.splitlines()[2].split() == ["AAPL", "2024-01-02", "11.250000"]
    assert table.stderr == "(3 rows)\n"
    assert [str(value) for value in parquet.read_table(file).column("close").to_pylist()] == [
        row["close"] for row in as_csv
    ]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from", "syntax error"),
        ("select nope from silver.bars", "nope"),
        ("select * from silver.nope", "silver.bars_versions"),
        ("select 1; select 2", "one SQL statement"),
        ("copy silver.bars to 'x.csv'", "queries only read"),
        ("select * from read_csv('/etc/hostname')", "disabled"),
        ("select * from glob('/*')", "disabled"),
        ("set enable_external_access = true", "queries only read"),
    ],
)
def test_what_a_query_may_not_do_is_a_usage_error(finks, sql: str, message: str) -> None:
    process = finks("query", sql)

    assert process.returncode == 2
    assert message in process.stderr
    assert "Traceback" not in process.stderr


def test_payloads_are_hidden_until_revealed_and_that_is_recorded(finks, lake: SilverLake) -> None:
    lake.quarantine("bars", "check-failed", b"secret")

    hidden = rows(finks("query", "--json", "select * from quarantine.bars"))
    log = lake.root / "audit" / "reveals.ndjson"
    log_before = log.exists()
    shown = rows(finks("query", "--json", "--reveal", "select payload from quarantine.bars"))

    assert [row["reason"] for row in hidden] == ["check-failed"]
    assert "payload" not in hidden[0]
    assert not log_before
    assert shown == [{"payload": b"secret".hex()}]
    recorded = json.loads(log.read_text())
    assert recorded["tables"] == ["quarantine.bars"]
    assert recorded["user"] and recorded["at"]
    assert log.stat().st_mode & 0o777 == 0o600


def test_what_stands_beside_a_payload_is_hidden_where_the_contract_has_personal_data(finks, lake: SilverLake) -> None:
    lake.quarantine("bars", "check-failed", b"secret")
    lake.quarantine("transactions", "check-failed", b"secret")

    bars = rows(finks("query", "--json", "select * from quarantine.bars"))
    transactions = rows(finks("query", "--json", "select * from quarantine.transactions"))

    assert "key" in bars[0]
    assert "key" not in transactions[0]
    assert "key" in rows(finks("query", "--json", "--reveal", "select * from quarantine.transactions"))[0]


def test_show_lists_what_the_lake_has(finks) -> None:
    names = {(row["schema"], row["name"]) for row in rows(finks("query", "--json", "show all tables"))}

    assert {("silver", "bars"), ("silver", "bars_versions"), ("quarantine", "quotes")} <= names


def test_a_table_without_rows_is_empty_and_typed(finks) -> None:
    assert rows(finks("query", "--json", "select count(*) as n, max(price) + 1.5 as p from silver.quotes")) == [
        {"n": 0, "p": None}
    ]


def test_a_renamed_and_an_added_column_read_old_files_right(lake: SilverLake, finks) -> None:
    from pyiceberg.types import StringType

    table = lake.table("silver.bars_versions")
    with table.update_schema() as update:
        update.rename_column("close", "last_price")
        update.add_column("venue", StringType())

    assert rows(finks("query", "--json", "select distinct last_price, venue from silver.bars order by 1 limit 1")) == [
        {"last_price": "10.500000", "venue": None}
    ]


def test_an_instant_needs_no_zone_and_is_utc() -> None:
    expected = datetime(2026, 1, 5, 17, tzinfo=timezone.utc)

    assert parse_instant("2026-01-05T17:00:00Z") == expected
    assert parse_instant("2026-01-05T12:00:00-05:00") == expected
    assert parse_instant("2026-01-05T17:00:00") == expected


def test_a_home_that_is_not_there_is_a_platform_error(finks, lake: SilverLake) -> None:
    lake.catalog.close()
    (lake.root / "catalog" / "finks.db").unlink()

    process = finks("query", "select 1")

    assert process.returncode == 3
    assert "has no catalog" in process.stderr
    with pytest.raises(PlatformError, match="no home"):
        Home.of(lake.root / "nowhere")
