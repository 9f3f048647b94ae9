"""Turns a snapshot of an Iceberg table into SQL that DuckDB reads.

The files come from the snapshot's manifests, never from a directory listing: a listing also holds
files of aborted, replaced and future commits. Columns are matched by field id, so tables that were
evolved (renamed, added, widened columns) read right and no file is opened to unite schemas.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse

from pyiceberg import types as iceberg

from finks_lake.errors import PlatformError

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

VERSION_ORDER = ("_version", "_batch_id", "_sequence", "_content_hash")

# How the writers of a rebuild's ranges are named.
REBUILT_BY = "rebuild-"

_PRIMITIVES = {
    iceberg.BooleanType: "boolean",
    iceberg.IntegerType: "integer",
    iceberg.LongType: "bigint",
    iceberg.FloatType: "float",
    iceberg.DoubleType: "double",
    iceberg.DateType: "date",
    iceberg.TimeType: "time",
    iceberg.TimestampType: "timestamp",
    iceberg.TimestamptzType: "timestamptz",
    iceberg.StringType: "varchar",
    iceberg.BinaryType: "blob",
    iceberg.FixedType: "blob",
    iceberg.UUIDType: "uuid",
}


@dataclass(frozen=True)
class Relation:
    """A select over one snapshot, with the files that it reads and its column names."""

    sql: str
    files: tuple[str, ...]
    columns: tuple[str, ...]


def duckdb_type(kind: iceberg.IcebergType) -> str:
    """The DuckDB name of an Iceberg type."""
    if isinstance(kind, iceberg.DecimalType):
        return f"decimal({kind.precision},{kind.scale})"
    if isinstance(kind, iceberg.ListType):
        return f"{duckdb_type(kind.element_type)}[]"
    if isinstance(kind, iceberg.MapType):
        return f"map({duckdb_type(kind.key_type)}, {duckdb_type(kind.value_type)})"
    if isinstance(kind, iceberg.StructType):
        return "struct(" + ", ".join(f"{identifier(f.name)} {duckdb_type(f.field_type)}" for f in kind.fields) + ")"
    try:
        return _PRIMITIVES[type(kind)]
    except KeyError:
        raise PlatformError(f"the column type {kind} is not one that Silver or Gold uses") from None


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted SQL string."""
    return "'" + text.replace("'", "''") + "'"


def local_path(location: str) -> str:
    """The path that DuckDB opens for a location that Iceberg wrote (`file:/x`, `file:///x`, `/x`)."""
    parsed = urlparse(location)
    if parsed.scheme == "file":
        return unquote(parsed.path) if "%" in location else parsed.path
    return location


def snapshot_relation(table: Table, snapshot_id: int | None) -> Relation:
    """Selects every column of a snapshot; no snapshot or no file gives a typed empty relation."""
    return files_relation(table, data_files(table, snapshot_id))


def data_files(table: Table, snapshot_id: int | None) -> list[DataFile]:
    """The files of a snapshot, by path; none for no snapshot."""
    if snapshot_id is None:
        return []
    files = []
    for task in table.scan(snapshot_id=snapshot_id).plan_files():
        if task.delete_files:
            raise PlatformError(
                f"{'.'.join(table.name())} has delete files; the lake only appends and replaces, "
                "so another writer has touched this table"
            )
        files.append(task.file)
    return sorted(files, key=lambda file: file.file_path)


def files_relation(table: Table, files: Iterable[DataFile]) -> Relation:
    """Selects every column of some files of a table; no file gives a typed empty relation.

    The columns are the table's current ones, for older snapshots too: a schema changes without a
    snapshot, and field ids carry the new names to the old files.
    """
    schema = table.schema()
    columns = tuple(field.name for field in schema.fields)
    locations = [local_path(file.file_path) for file in files]
    if not locations:
        empty = ", ".join(f"cast(null as {duckdb_type(f.field_type)}) as {identifier(f.name)}" for f in schema.fields)
        return Relation(f"select {empty} where false", (), columns)
    by_id = ", ".join(
        f"{f.field_id}: {{name: {literal(f.name)}, type: {literal(duckdb_type(f.field_type))}, default_value: null}}"
        for f in schema.fields
    )
    paths = ", ".join(literal(path) for path in locations)
    sql = (
        f"select {', '.join(identifier(name) for name in columns)} "
        f"from read_parquet([{paths}], hive_partitioning = false, schema = map {{{by_id}}})"
    )
    return Relation(sql, tuple(locations), columns)


def newest_versions(versions: Relation, key: Sequence[str]) -> Relation:
    """Keeps the newest version per (source, key)."""
    partition = ", ".join(identifier(column) for column in ("_source", *key))
    order = ", ".join(f"{identifier(column)} desc" for column in VERSION_ORDER)
    sql = f"select * from ({versions.sql}) qualify row_number() over (partition by {partition} order by {order}) = 1"
    return Relation(sql, versions.files, versions.columns)


@dataclass(frozen=True)
class Landings:
    """What tells when rows of Silver landed: the accounted ranges, and Bronze's ledger if there is one."""

    ranges: Relation
    ledger: Relation | None


def landed_by(versions: Relation, landings: Landings, entity: str, known_at: str) -> Relation:
    """Leaves out the rows of Silver that were committed after an instant (ISO-8601 in UTC).

    A partition's commits are its ranges, which follow each other, so an offset parts what had landed
    from what had not. Ranges without an instant are older than the column that tells it; partitions
    without ranges were filled by something that does not account, and are taken as they are.

    A rebuild commits everything anew; when its rows had come in is told by Bronze's ledger, or by
    their ingest time alone where the ledger does not know their partition.
    """
    ranges, ledger = landings.ranges, landings.ledger
    if "committed_at" not in ranges.columns:
        return versions
    instant = f"timestamptz {literal(known_at)}"
    rebuilt = f"writer_id like '{REBUILT_BY}%'"
    received = (
        f"select stream_id, partition, max(range_end) filter (where committed_at <= {instant}) as received "
        f"from ({ledger.sql}) group by all"
        if ledger
        else "select null::varchar as stream_id, null::integer as partition, null::bigint as received where false"
    )
    sql = f"""
        select v.* from ({versions.sql}) v left join (
            select
                stream_id,
                partition,
                max(range_end) filter (
                    where not {rebuilt} and (committed_at is null or committed_at <= {instant})
                ) as landed,
                max(range_end) filter (where {rebuilt}) as rebuilt
            from ({ranges.sql}) where entity = {literal(entity)} group by all
        ) r on v._stream_id = r.stream_id and v._partition = r.partition
        left join ({received}) b on v._stream_id = b.stream_id and v._partition = b.partition
        where r.stream_id is null
            or v._offset < r.landed
            or (v._offset < r.rebuilt and (b.stream_id is null or v._offset < b.received))
    """
    files = (*versions.files, *ranges.files, *(ledger.files if ledger else ()))
    return Relation(sql, files, versions.columns)


def known_by(versions: Relation, known_at: str | None, column: str = "_ingest_time") -> Relation:
    """Leaves out the rows that came in after an instant (ISO-8601 in UTC)."""
    if known_at is None:
        return versions
    sql = f"select * from ({versions.sql}) where {identifier(column)} <= timestamptz {literal(known_at)}"
    return Relation(sql, versions.files, versions.columns)
