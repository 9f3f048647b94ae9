"""Gold builds over small lakes: content, pins, gate, publishing."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from portfolio_model import random_history, summaries
from silver_lake import SilverLake, bar, transaction, weekdays

from finks_lake import gold, pins, publish, verdicts
from finks_lake.errors import PlatformError, UsageError
from finks_lake.home import Home

SUMMARY = "gold.daily_portfolio_summary"
SESSIONS = "gold.intraday_sessions"
DAYS = weekdays(date(2024, 1, 2), 8)


def fill(lake: SilverLake) -> None:
    """One portfolio that buys on the second day and sells half on the sixth."""
    lake.append("bars", [bar("AAPL", day, str(100 + index)) for index, day in enumerate(DAYS)])
    lake.append(
        "transactions",
        [
            transaction("t1", "deposit", DAYS[0], net="10000"),
            transaction("t2", "buy", DAYS[1], symbol="AAPL", quantity="10", price="101", fee="5"),
            transaction("t3", "sell", DAYS[5], symbol="AAPL", quantity="-5", price="105", fee="5"),
        ],
        "mongodb",
    )


def build(lake: SilverLake, select: str | None = None) -> gold.Report:
    return gold.build(Home.of(lake.root), select)


def published(report: gold.Report) -> dict:
    """What became of the summary."""
    return next(entry for entry in report.published if entry["name"] == SUMMARY)


def published_rows(lake: SilverLake, columns: tuple[str, ...]) -> dict[date, tuple]:
    rows = lake.table(SUMMARY).scan().to_arrow().to_pylist()
    return {row["trading_day"]: tuple(row[column] for column in columns) for row in rows}


def tags(lake: SilverLake, name: str = "silver.bars_versions") -> set[str]:
    return {ref for ref in lake.table(name).refs() if ref != "main"}


@pytest.mark.parametrize(("seed", "sealed"), [(1, False), (2, True)])
def test_every_row_is_what_the_rules_computed_by_hand_give(lake: SilverLake, seed: int, sealed: bool) -> None:
    bars, transactions = random_history(random.Random(seed), weekdays(date(2024, 1, 2), 30), list("ABCDEF"))
    lake.append("bars", bars)
    half = len(transactions) // 2
    lake.append("transactions", transactions[:half], "mongodb")
    if sealed:
        lake.seal("bars", date(2024, 1, 2))
        lake.seal("transactions", date(2024, 1, 2))
    lake.append("transactions", transactions[half:], "mongodb")
    if sealed:
        lake.seal("transactions", date(2024, 2, 1))

    report = build(lake)

    assert report.held == []
    expected = {(row["portfolio_id"], row["trading_day"]): row for row in summaries(bars, transactions)}
    columns = list(next(iter(expected.values())))
    actual = lake.table(SUMMARY).scan().to_arrow().select(columns).to_pylist()
    assert len(actual) == len(expected)
    for row in actual:
        assert row == expected[row["portfolio_id"], row["trading_day"]]
    known = [row for row in expected.values() if row["market_value"] is not None]
    assert len(known) > 40, "too few known prices to prove anything"


def test_publishes_partitioned_files_and_records_what_they_were_built_from(lake: SilverLake) -> None:
    fill(lake)
    checkout = set(gold.PROJECT.iterdir())

    report = build(lake)

    table = lake.table(SUMMARY)
    root = f"{lake.root}/lake/gold/domain=portfolio/dataset=daily_portfolio_summary/version=1"
    paths = [task.file.file_path for task in table.scan().plan_files()]
    assert len(paths) == 1
    assert paths[0].startswith(f"{root}/year=2024/month=01/")
    assert paths[0].endswith(".parquet")
    summary = table.current_snapshot().summary.additional_properties
    assert json.loads(summary["finks.pins"]) == report.pins
    assert report.pins["silver.bars_versions"] == lake.table("silver.bars_versions").current_snapshot().snapshot_id
    assert summary["finks.dbt-invocation-id"] == report.dbt_invocation_id != ""
    assert summary["finks.gold-run"] == report.run_id
    assert summary["finks.code-version"] == gold.code_version()
    assert table.schema().find_field("daily_return").doc.startswith("market_value /")
    assert {entry["name"]: entry["rows"] for entry in report.models}["daily_portfolio_summary"] == len(DAYS)
    assert set(gold.PROJECT.iterdir()) == checkout, "dbt wrote into the checkout"


def test_the_same_pins_publish_nothing_new_and_new_rows_replace_all_in_one_snapshot(lake: SilverLake, finks) -> None:
    fill(lake)
    first = build(lake)
    again = build(lake)
    lake.table(SUMMARY).append(lake.table(SUMMARY).schema().as_arrow().empty_table())
    after_maintenance = build(lake)
    lake.append("transactions", [transaction("t4", "dividend", DAYS[6], symbol="AAPL", net="12")], "mongodb")
    third = build(lake)

    assert [published(report)["status"] for report in (first, again)] == ["published", "unchanged"]
    assert {entry["status"] for entry in again.published} == {"unchanged"}
    assert published(again)["snapshot_id"] == published(first)["snapshot_id"]
    assert published(after_maintenance)["status"] == "unchanged"
    assert published(third)["status"] == "published"
    snapshots = [s for s in lake.table(SUMMARY).snapshots() if publish.RUN in s.summary.additional_properties]
    assert [snapshot.snapshot_id for snapshot in snapshots] == [
        published(first)["snapshot_id"],
        published(third)["snapshot_id"],
    ]
    assert lake.table(SUMMARY).scan().to_arrow().num_rows == len(DAYS)
    assert tags(lake) == {f"gold_{first.run_id}", f"gold_{third.run_id}"}, "a build that publishes nothing keeps no pin"
    asked = ("query", "--format", "csv", "select sum(income) from gold.daily_portfolio_summary")
    before_third = datetime.fromtimestamp(snapshots[1].timestamp_ms / 1000 - 0.001, timezone.utc).isoformat()
    assert finks(*asked).stdout.split()[1] == "12.00"
    assert finks(*asked, "--as-of", before_third).stdout.split()[1] == "0.00"
    too_early = finks(*asked, "--as-of", "2020-01-01")
    assert (too_early.returncode, "its history begins at" in too_early.stderr) == (2, True)


def test_rows_that_come_after_the_pin_do_not_appear(lake: SilverLake, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(lake)
    run_dbt = verdicts.run_dbt

    def late_rows_come_first(*arguments):
        lake.append("transactions", [transaction("late", "deposit", DAYS[0], net="777")], "mongodb")
        return run_dbt(*arguments)

    monkeypatch.setattr(verdicts, "run_dbt", late_rows_come_first)

    report = build(lake)

    assert published_rows(lake, ("cash",))[DAYS[0]] == (Decimal("10000.00"),)
    current = lake.table("silver.transactions_versions").current_snapshot().snapshot_id
    assert report.pins["silver.transactions_versions"] != current


def test_a_correction_changes_the_days_from_its_own_on(lake: SilverLake) -> None:
    fill(lake)
    build(lake)
    before = published_rows(lake, ("cash", "market_value"))
    bought = transaction("t2", "buy", DAYS[1], symbol="AAPL", quantity="20", price="101", fee="5")
    sold = transaction("t3", "sell", DAYS[5], symbol="AAPL", quantity="-5", price="105", fee="5", status="cancelled")
    later = timedelta(days=3)
    corrections = [{**row, "updated_at": row["updated_at"] + later} for row in (bought, sold)]
    lake.append("transactions", corrections, "mongodb")

    build(lake)

    after = published_rows(lake, ("cash", "market_value"))
    assert after[DAYS[0]] == before[DAYS[0]]
    assert all(after[day] != before[day] for day in DAYS[1:])
    assert after[DAYS[-1]] == (Decimal("7975.00"), Decimal("7975.00") + 20 * 107)


def test_a_failed_test_holds_the_model_and_names_the_rows(lake: SilverLake, finks, finks_process) -> None:
    fill(lake)
    build(lake)
    before = lake.table(SUMMARY).current_snapshot().snapshot_id
    lake.append("transactions", [transaction("bad", "gift", DAYS[2], net="5")], "mongodb")

    process = finks_process("gold-build", "--json")

    assert process.returncode == 1, process.stderr
    report = json.loads(process.stdout)
    assert SUMMARY not in {entry["name"] for entry in report["published"]}
    held = report["held"][0]
    assert held["name"] == "daily_portfolio_summary"
    assert held["test"].startswith("accepted_values_stg_transactions_transaction_type")
    assert held["failures"] == 1
    assert {entry["name"]: entry["status"] for entry in report["models"]}["daily_portfolio_summary"] == "skipped"
    assert lake.table(SUMMARY).current_snapshot().snapshot_id == before
    shown = finks("query", "--held", report["run_id"], "--json", held["sql"])
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["rows"] == [{"value_field": "gift", "n_records": 1}]


def test_a_failed_test_of_the_model_itself_holds_it(lake: SilverLake) -> None:
    fill(lake)
    lake.append("bars", [bar("EURO", DAYS[0], "5", currency="EUR")])
    lake.append(
        "transactions",
        [transaction("t9", "buy", DAYS[0], symbol="EURO", quantity="1", price="5")],
        "mongodb",
    )

    report = build(lake)

    assert [(entry.name, entry.test, entry.failures) for entry in report.held] == [
        ("daily_portfolio_summary", "portfolios_have_one_client_and_currency", 1)
    ]
    assert SUMMARY.split(".")[1] not in {name for _, name in lake.catalog.list_tables("gold")}


def test_select_builds_parents_and_an_unknown_selection_is_a_usage_error(lake: SilverLake) -> None:
    fill(lake)

    report = build(lake, "stg_transactions")

    assert [entry["name"] for entry in report.models] == ["stg_transactions"]
    assert report.published == []
    assert tags(lake) == set()
    with pytest.raises(UsageError, match="matches no model"):
        build(lake, "no_such_model")


def test_an_empty_lake_gives_an_empty_gold_table(lake: SilverLake) -> None:
    report = build(lake)

    assert report.pins["silver.bars_versions"] is None
    assert {entry["name"]: entry["rows"] for entry in report.published} == {SUMMARY: 0, SESSIONS: 0}
    assert lake.table(SUMMARY).scan().to_arrow().num_rows == 0


def test_minutes_become_sessions_of_the_exchanges_days(lake: SilverLake) -> None:
    fill(lake)
    prices = {"open": Decimal(10), "high": Decimal(10), "low": Decimal(9)}
    minute = {"symbol": "AAPL", "interval_minutes": 1, **prices, "volume": 3, "currency": "USD"}
    start = datetime(2024, 1, 2, 14, 30, tzinfo=timezone.utc)
    lake.append(
        "bars_intraday",
        [{**minute, "bar_start": start + timedelta(minutes=at), "close": Decimal(10) - at % 2} for at in range(4)],
    )
    lake.append("bars_intraday", [{**minute, "bar_start": start, "close": Decimal(1), "low": Decimal(1)}], "files")

    build(lake)

    session = lake.table(SESSIONS).scan().to_arrow().to_pylist()
    assert [(row["trading_day"], row["open"], row["low"], row["close"], row["volume"]) for row in session] == [
        (date(2024, 1, 2), Decimal(10), Decimal(9), Decimal(9), 12)
    ]


def test_old_pins_go_when_superseded_and_only_those_of_gold(lake: SilverLake) -> None:
    fill(lake)
    table = lake.table("silver.bars_versions")
    snapshot = table.current_snapshot().snapshot_id
    in_use, old, recent = "20240101t000000-a", "20240101t000000-b", "20240110t000000-c"
    for tag in (f"gold_{in_use}", f"gold_{old}", f"gold_{recent}", "gold_by-hand", "replay_20240101t000000-d"):
        table.manage_snapshots().create_tag(snapshot, tag).commit()

    now = datetime(2024, 1, 10, 12, tzinfo=timezone.utc)
    released = pins.release_superseded(lake.catalog, ["silver.bars_versions"], {in_use}, now)

    assert released == [f"gold_{old}"]
    assert tags(lake) == {f"gold_{in_use}", f"gold_{recent}", "gold_by-hand", "replay_20240101t000000-d"}


def test_a_pin_survives_commits_that_win_the_race(lake: SilverLake, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(lake)
    load, races = pins._load, iter(range(2))

    def load_then_lose(catalog, name):
        table = load(catalog, name)
        if next(races, None) is not None:
            lake.append("bars", [bar("MSFT", DAYS[0], "50")])
        return table

    monkeypatch.setattr(pins, "_load", load_then_lose)

    pinned = pins.pin(lake.catalog, ["silver.bars_versions"], "run")

    refs = lake.table("silver.bars_versions").refs()
    assert refs["gold_run"].snapshot_id == pinned.snapshots["silver.bars_versions"]
    since_the_snapshot = refs["gold_run"].max_ref_age_ms - pins.AGE_LIMIT.total_seconds() * 1000
    assert 0 <= since_the_snapshot < 60_000


def test_a_second_build_beside_a_running_one_is_refused(lake: SilverLake) -> None:
    home = Home.of(lake.root)
    with gold.only_build(home), pytest.raises(PlatformError, match="another Gold build"), gold.only_build(home):
        pass


def test_snapshot_says_its_tests_its_inputs_and_what_stands_behind_a_row(lake: SilverLake) -> None:
    fill(lake)

    report = gold.build(Home.of(lake.root), run_id="20240115t000000-0000000a")

    summary = lake.table(SUMMARY).current_snapshot().summary.additional_properties
    assert summary[publish.RUN] == report.run_id == "20240115t000000-0000000a"
    assert json.loads(summary[publish.INPUTS]) == ["silver.bars_versions", "silver.transactions_versions"]
    assert summary[publish.DAY] == "trading_day"
    tests = json.loads(summary[publish.TESTS])
    assert set(tests["daily_portfolio_summary"].values()) == {"pass"}
    assert "stg_fmp_quotes" not in tests
    assert report.tests["stg_fmp_quotes"]
    behind = json.loads(summary[publish.BEHIND])
    assert [(step["table"], step["precedence"]) for step in behind] == [
        ("transactions", ["mongodb", "files"]),
        ("bars", ["fmp", "files"]),
    ]


def test_run_id_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="20260105t170000-1a2b3c4d"):
        gold._checked("../../elsewhere")
