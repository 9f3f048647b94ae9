"""The query command: SQL on the lake's tables, read-only.

Only the tables that the SQL mentions are opened. Once their views exist, DuckDB's access to files
and to its own configuration is closed but for the very files of those views.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import duckdb

from finks_lake.catalog import read_table, table_locations
from finks_lake.contracts import has_personal_data, key_of
from finks_lake.errors import PlatformError, UsageError
from finks_lake.home import Home
from finks_lake.rendering import render
from finks_lake.store import open_store

if TYPE_CHECKING:
    from pyiceberg.table import Table

    from finks_lake.relations import Landings, Relation

SCHEMAS = ("silver", "quarantine", "accounting", "bronze", "gold", "staging")
VERSIONS = "_versions"
STAGED_QUARANTINE = "_quarantine"
ACCOUNTING = "accounting.partitions"
LEDGER = "bronze.files"
DRIFT = "accounting.drift"
RESTRICTED = ("payload",)
# What comes beside the payload may repeat personal data: a key, a header that is no header.
RESTRICTED_WITH_PERSONAL_DATA = ("payload", "key", "attributes")
ARRIVAL_COLUMN = {"silver": "_ingest_time", "quarantine": "quarantined_at", "bronze": "committed_at"}
ASKS_WHAT_THERE_IS = re.compile(
    r"\binformation_schema\b|\bduckdb_(tables|views|columns)\b|^\s*show\b|\bshow\s+(all\s+)?tables\b", re.IGNORECASE
)
READ_ONLY = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


@dataclass(frozen=True)
class Request:
    """What a query may see: the instant it looks back to and whether payloads are shown."""

    as_of: datetime | None = None
    reveal: bool = False


def run(options: argparse.Namespace) -> int:
    """Runs the query command; a wrong query is exit code 2 with DuckDB's message."""
    home = Home.of(options.home)
    request = Request(parse_instant(options.as_of), options.reveal)
    with connect() as connection:
        open_store(connection, home)
        try:
            statement = only_statement(connection, options.sql)
            if options.held:
                attach_held(connection, home, options.held)
            else:
                create_views(connection, home, request, statement.query)
            lock_down(connection)
            connection.execute(statement)
            count = render(connection, options.format, options.output)
        except duckdb.CatalogException as error:
            raise UsageError(f"{error}\n\nThe lake has: {', '.join(_known(home))}") from error
        except duckdb.Error as error:
            raise UsageError(str(error)) from error
    if options.format == "table" and not options.quiet:
        print(f"({count} row{'' if count == 1 else 's'})", file=sys.stderr)
    return 0


def connect() -> duckdb.DuckDBPyConnection:
    """A private in-memory database that speaks UTC and loads nothing from elsewhere."""
    connection = duckdb.connect(
        ":memory:",
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
    )
    connection.execute("set timezone = 'UTC'")
    return connection


def parse_instant(text: str | None) -> datetime | None:
    """An ISO-8601 instant; without an offset it is UTC."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text))
    except ValueError:
        raise UsageError(f"--as-of {text!r} is not an instant; write e.g. 2026-01-05T17:00:00Z") from None
    return instant.replace(tzinfo=timezone.utc) if instant.tzinfo is None else instant.astimezone(timezone.utc)


def only_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The one reading statement of the text."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError(f"expected one SQL statement, got {len(statements)}")
    if statements[0].type not in READ_ONLY:
        raise UsageError(f"queries only read; {statements[0].type.name} is not allowed")
    return statements[0]


def create_views(connection: duckdb.DuckDBPyConnection, home: Home, request: Request, sql: str) -> None:
    """Creates the relations that the SQL mentions; all of them when it asks what there is."""
    locations = table_locations(home)
    available = dict(relation_names(locations))
    wanted = [name for name in mentioned(connection, sql, available) if name in available]
    if request.reveal:
        _record_reveal(home, sql, [name for name in wanted if restricted(name)])
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    landings = _landings(home, locations) if request.as_of and ACCOUNTING in locations else None
    allowed: list[str] = []
    for name in wanted:
        table = read_table(home, available[name], locations[available[name]])
        allowed += create_relation(connection, name, table, request, landings)
    if allowed:
        connection.execute("set allowed_paths = ?", [allowed])


def relation_names(locations: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every relation that can be asked for, with the table behind it."""
    for table in sorted(locations):
        schema, _, name = table.partition(".")
        if schema not in SCHEMAS:
            continue
        yield table, table
        if table == ACCOUNTING:
            yield DRIFT, table
        if schema == "silver" and name.endswith(VERSIONS):
            yield table.removesuffix(VERSIONS), table


def mentioned(connection: duckdb.DuckDBPyConnection, sql: str, available: dict[str, str]) -> list[str]:
    """The relations that the SQL reads, in lower case as the lake names them."""
    names = {name.split(" AS ")[0].replace('"', "").lower() for name in connection.get_table_names(sql, qualified=True)}
    asks_what_there_is = ASKS_WHAT_THERE_IS.search(sql)
    return sorted(available) if asks_what_there_is else sorted(names)


def create_relation(
    connection: duckdb.DuckDBPyConnection, name: str, table: Table, request: Request, landings: Landings | None
) -> tuple[str, ...]:
    """Creates one view (or, where columns are restricted, a copy without them); returns its files."""
    from finks_lake.drift import drift_relation
    from finks_lake.newest import newest_relation, without_mark
    from finks_lake.relations import identifier, known_by, snapshot_relation

    schema, _, relation_name = name.partition(".")
    arrival = ARRIVAL_COLUMN.get(schema)
    known_at = request.as_of.isoformat() if request.as_of and arrival else None
    snapshot = _snapshot(table, name, request, by_commit_time=arrival is None)
    if schema == "silver" and not known_at and not relation_name.endswith(VERSIONS):
        relation = newest_relation(table, snapshot, relation_name)
    else:
        relation = snapshot_relation(table, snapshot)
    if known_at:
        relation = known_by(relation, known_at, arrival)
        if schema == "silver":
            relation = _landed(without_mark(relation), relation_name, known_at, landings)
    if name == DRIFT:
        relation = drift_relation(relation)
    target = f"{schema}.{identifier(relation_name)}"
    hidden = [] if request.reveal else [c for c in restricted(name) if c in relation.columns]
    if hidden:
        # A copy, not a view: a view would need its files readable, and with them what is restricted.
        columns = ", ".join(identifier(column) for column in hidden)
        connection.execute(f"create table {target} as select * exclude ({columns}) from ({relation.sql})")
        return ()
    connection.execute(f"create view {target} as {relation.sql}")
    return relation.files


def restricted(name: str) -> tuple[str, ...]:
    """The columns of a relation that are shown to those only who say that they want to see them."""
    schema, _, entity = name.partition(".")
    if schema == "staging" and entity.endswith(STAGED_QUARANTINE):
        # Which entity it is of stands in no name, so the strictest rule holds.
        return RESTRICTED_WITH_PERSONAL_DATA
    if schema != "quarantine":
        return ()
    return RESTRICTED_WITH_PERSONAL_DATA if has_personal_data(entity) else RESTRICTED


def _landings(home: Home, locations: dict[str, str]) -> Landings:
    """What tells when rows of Silver landed."""
    from finks_lake.relations import Landings, snapshot_relation

    def newest(name: str) -> Relation:
        table = read_table(home, name, locations[name])
        return snapshot_relation(table, table.metadata.current_snapshot_id)

    return Landings(newest(ACCOUNTING), newest(LEDGER) if LEDGER in locations else None)


def _landed(versions: Relation, name: str, known_at: str, landings: Landings | None) -> Relation:
    """The versions that had landed by an instant; of each key the newest, unless all are asked for."""
    from finks_lake.relations import landed_by, newest_versions

    entity = name.removesuffix(VERSIONS)
    if landings is not None:
        versions = landed_by(versions, landings, entity, known_at)
    return newest_versions(versions, key_of(entity)) if entity == name else versions


def attach_held(connection: duckdb.DuckDBPyConnection, home: Home, run_id: str) -> None:
    """Opens the build file of a held Gold build under the name that its compiled SQL uses."""
    held = home.held_builds / f"{run_id}.duckdb"
    if not re.fullmatch(r"[0-9a-z-]+", run_id) or not held.is_file():
        known = ", ".join(sorted(file.stem for file in home.held_builds.glob("*.duckdb"))) or "none"
        raise UsageError(f"there is no held build {run_id!r}; held builds: {known}")
    connection.execute("set allowed_directories = ?", [[f"{home.place.root}/silver/"]])
    connection.execute(f"attach '{held}' as build (read_only)")
    connection.execute("use build")


def lock_down(connection: duckdb.DuckDBPyConnection) -> None:
    """Closes files, network and settings to what the user's SQL does next."""
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _known(home: Home) -> list[str]:
    return sorted(name for name, _ in relation_names(table_locations(home)))


def _snapshot(table: Table, name: str, request: Request, by_commit_time: bool) -> int | None:
    current = table.metadata.current_snapshot_id
    if request.as_of is None or not by_commit_time or current is None:
        return current
    wanted = int(request.as_of.timestamp() * 1000)
    known = [entry for entry in table.metadata.snapshot_log if entry.timestamp_ms <= wanted]
    live = {snapshot.snapshot_id for snapshot in table.metadata.snapshots}
    if not known:
        first = min(entry.timestamp_ms for entry in table.metadata.snapshot_log)
        raise UsageError(
            f"{name} has no snapshot as of {request.as_of.isoformat()}; its history begins at "
            f"{datetime.fromtimestamp(first / 1000, timezone.utc).isoformat()}"
        )
    newest = max(known, key=lambda entry: entry.timestamp_ms).snapshot_id
    if newest not in live:
        raise UsageError(f"the snapshot of {name} as of {request.as_of.isoformat()} has been expired")
    return newest


def _record_reveal(home: Home, sql: str, tables: list[str]) -> None:
    """Writes down who looked at payloads, before they are shown."""
    entry = {
        "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "user": getpass.getuser(),
        "tables": tables,
        "sql": sql,
    }
    try:
        home.reveal_log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(home.reveal_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, (json.dumps(entry) + "\n").encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise PlatformError(f"payloads are not shown, because {home.reveal_log} cannot be written: {error}") from error
