"""The gold-build command: pin, build, test, publish what passed, hold what did not."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from finks_lake.catalog import open_for_commits
from finks_lake.errors import PlatformError, UsageError
from finks_lake.home import Home
from finks_lake.pins import Pins, new_run_id, pin, release_superseded, unpin

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

    from finks_lake.verdicts import Build

PROJECT = Path(__file__).resolve().parents[1]
CODE_FOLDERS = ("models", "macros", "tests", "finks_lake")
RUN_ID = re.compile(r"\d{8}t\d{6}-[0-9a-f]{8}")
CODE_FILES = ("*.sql", "*.yml", "*.py")


@dataclass
class Held:
    """A model that stays unpublished, with the test that says why."""

    name: str
    test: str
    failures: int | None
    sql: str


@dataclass
class Report:
    """What a build did."""

    run_id: str
    pins: dict[str, int | None]
    dbt_invocation_id: str = ""
    code_version: str = ""
    models: list[dict] = field(default_factory=list)
    published: list[dict] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    tests: dict[str, dict[str, str]] = field(default_factory=dict)
    released: list[str] = field(default_factory=list)
    build_file: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict:
        return asdict(self)


def run(options: argparse.Namespace) -> int:
    """Runs the command; exit code 1 when a test held a model."""
    home = Home.of(options.home)
    with only_build(home):
        home.report_file.unlink(missing_ok=True)
        report = build(home, options.select, quiet=options.quiet, run_id=_checked(options.run_id))
        home.report_file.write_text(json.dumps(report.document()), encoding="utf-8")
    if options.json:
        print(json.dumps(report.document(), indent=2))
    else:
        _print(report)
    return 1 if report.held else 0


def build(home: Home, select: str | None = None, quiet: bool = True, run_id: str | None = None) -> Report:
    """Builds Gold once from pinned Silver snapshots."""
    started = time.monotonic()
    catalog = open_for_commits(home)
    try:
        pins = pin(catalog, silver_tables(), run_id or new_run_id(datetime.now(timezone.utc)))
        report = Report(pins.run_id, pins.snapshots, code_version=code_version())
        keep_pins = False
        try:
            pins.write(home.pins_file)
            report.seconds["pin"] = _since(started)
            outcome = _run_dbt(home, select, report, quiet)
            _publish(home, catalog, pins, outcome, report)
            keep_pins = bool(report.held) or any(p["status"] == "published" for p in report.published)
        finally:
            if not keep_pins:
                unpin(catalog, pins)
        report.released = release_superseded(catalog, pins.snapshots, _runs_in_use(catalog) | {pins.run_id}, _now())
        report.seconds["total"] = _since(started)
        return report
    finally:
        catalog.close()


@contextlib.contextmanager
def only_build(home: Home) -> Iterator[None]:
    """One build per home at a time: they share the private file and the target folder."""
    home.dbt.mkdir(parents=True, exist_ok=True)
    with (home.dbt / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PlatformError(f"another Gold build is running in {home.root}; wait for it") from None
        yield


def silver_tables() -> list[str]:
    """The tables behind the project's Silver sources."""
    sources = yaml.safe_load((PROJECT / "models" / "staging" / "_silver.yml").read_text(encoding="utf-8"))["sources"]
    return [f"{source['name']}.{table['name']}_versions" for source in sources for table in source["tables"]]


def code_version() -> str:
    """A fingerprint of all that decides what Gold holds: models, macros, tests and this package."""
    digest = hashlib.sha256()
    files = [PROJECT / "dbt_project.yml"]
    for folder in CODE_FOLDERS:
        files += [file for pattern in CODE_FILES for file in (PROJECT / folder).rglob(pattern)]
    for file in sorted(files):
        digest.update(str(file.relative_to(PROJECT)).encode())
        digest.update(file.read_bytes())
    return f"dbt-{digest.hexdigest()[:16]}"


def _run_dbt(home: Home, select: str | None, report: Report, quiet: bool) -> Build:
    from finks_lake.verdicts import run_dbt

    started = time.monotonic()
    home.build_file.parent.mkdir(parents=True, exist_ok=True)
    for leftover in home.build_file.parent.glob("build.duckdb*"):
        leftover.unlink()
    outcome = run_dbt(PROJECT, home, select, quiet)
    report.dbt_invocation_id = outcome.invocation_id
    for model in outcome.models:
        report.tests.update(outcome.tests_of(model))
    report.seconds["build"] = _since(started)
    if not outcome.models:
        raise UsageError(f"--select {select!r} matches no model")
    return outcome


def _publish(home: Home, catalog: Catalog, pins: Pins, outcome: Build, report: Report) -> None:
    from finks_lake.relations import identifier

    started = time.monotonic()
    with outcome.open(home.build_file) as connection:
        for model in outcome.models:
            rows = None
            if model.status == "success":
                relation = f"{identifier(model.schema)}.{identifier(model.name)}"
                rows = connection.execute(f"select count(*) from {relation}").fetchone()[0]
            report.models.append({"name": model.name, "status": model.status, "rows": rows})
        for model in outcome.models:
            if model.gold is None:
                continue
            objections = outcome.objections(model)
            report.held += [Held(model.name, o.name, o.failures, o.sql) for o in objections]
            if not objections:
                report.published.append(_publish_model(connection, catalog, pins, report, outcome, model))
        failures = outcome.failures_outside_gold(report.held)
        report.held += [Held(name, o.name, o.failures, o.sql) for name, o in failures]
    report.seconds["publish"] = _since(started)
    if report.held:
        report.build_file = str(_keep_build(home, report.run_id))


def _publish_model(connection, catalog: Catalog, pins: Pins, report: Report, outcome: Build, model) -> dict:
    from finks_lake import publish as iceberg
    from finks_lake.relations import identifier

    dataset = iceberg.Dataset.of(model.name, model.gold)
    order = ", ".join(identifier(column) for column in dataset.sort)
    relation = f"{identifier(model.schema)}.{identifier(model.name)}"
    rows = connection.execute(f"select * from {relation} order by {order}").to_arrow_table()
    # Rows differ by their tested key, so equal ones cannot cancel each other out.
    content = connection.execute(
        f"select format('{{}}-{{:x}}', count(*), coalesce(bit_xor(md5_number(cast(one_row as varchar))), 0)) "
        f"from {relation} as one_row"
    ).fetchone()[0]
    summary = {
        iceberg.RUN: pins.run_id,
        iceberg.INVOCATION: report.dbt_invocation_id,
        iceberg.CODE: report.code_version,
        iceberg.PINS: _compact(pins.snapshots),
        iceberg.CONTENT: content,
        iceberg.TESTS: _compact(outcome.tests_of(model)),
        iceberg.INPUTS: _compact(model.inputs),
        iceberg.DAY: dataset.day,
    }
    if model.behind:
        summary[iceberg.BEHIND] = _compact(_with_precedence(model.behind))
    status, snapshot_id = iceberg.publish(
        catalog, _lake_of(catalog, pins), dataset, iceberg.with_period(rows, dataset.day), model.docs, summary
    )
    return {"name": dataset.table, "status": status, "rows": rows.num_rows, "snapshot_id": snapshot_id}


def _with_precedence(behind: list[dict]) -> list[dict]:
    """What a model says of the rows behind it, with the order in which the staging models prefer sources."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    precedence = project["vars"]["source_precedence"]
    return [{**step, "precedence": precedence.get(step["table"], [])} for step in behind]


def _lake_of(catalog: Catalog, pins: Pins) -> str:
    """The lake's root as the Silver tables write it, so that every reader finds Gold the same way."""
    location = catalog.load_table(next(iter(pins.snapshots))).location()
    return location.rstrip("/").rsplit("/", 2)[0]


def _runs_in_use(catalog: Catalog) -> set[str]:
    from finks_lake.publish import RUN, built_by

    return {built_by(catalog.load_table(name)).get(RUN, "") for name in catalog.list_tables("gold")}


def _keep_build(home: Home, run_id: str) -> Path:
    """Keeps the private file of a held build, and only the newest one: it is as large as the build."""
    shutil.rmtree(home.held_builds, ignore_errors=True)
    home.held_builds.mkdir(parents=True)
    kept = home.held_builds / f"{run_id}.duckdb"
    os.replace(home.build_file, kept)
    return kept


def _print(report: Report) -> None:
    for model in report.models:
        rows = "" if model["rows"] is None else f"{model['rows']:>12,} rows"
        print(f"{model['status']:<10} {model['name']:<28}{rows}")
    for published in report.published:
        print(f"{published['status']:<10} {published['name']} at snapshot {published['snapshot_id']}")
    for held in report.held:
        failures = "an error" if held.failures is None else f"{held.failures} failing row{'s' * (held.failures != 1)}"
        print(f"\nheld       {held.name}: test {held.test} found {failures}; what was published before stays")
        print(f'           see them: ./finks query --held {report.run_id} "<this SQL>"\n{held.sql.strip()}')
    print(f"run {report.run_id}, {report.seconds['total']:.1f} s", file=sys.stderr)


def _checked(run_id: str | None) -> str | None:
    if run_id is not None and not RUN_ID.fullmatch(run_id):
        raise UsageError(f"--run-id {run_id!r} is none; one looks like 20260105t170000-1a2b3c4d")
    return run_id


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)


def _now() -> datetime:
    return datetime.now(timezone.utc)
