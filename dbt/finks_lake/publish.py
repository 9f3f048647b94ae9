"""Publishes a built model as an Iceberg table: all rows replaced in one snapshot, or nothing."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyiceberg import types as iceberg
from pyiceberg.exceptions import NamespaceAlreadyExistsError, NoSuchTableError
from pyiceberg.io.pyarrow import _dataframe_to_data_files
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform

from finks_lake.errors import PlatformError
from finks_lake.pins import committing

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import Table

PERIOD_LEVELS = ("year", "month")
FIRST_PARTITION_FIELD_ID = 1000
CONTENT = "finks.content"
CODE = "finks.code-version"
PINS = "finks.pins"
RUN = "finks.gold-run"
TESTS = "finks.tests"
BEHIND = "finks.behind"
INPUTS = "finks.inputs"
DAY = "finks.day"
INVOCATION = "finks.dbt-invocation-id"


@dataclass(frozen=True)
class Dataset:
    """Where a Gold model goes, as its `meta.gold` says."""

    name: str
    domain: str
    version: int
    day: str
    sort: tuple[str, ...]

    @staticmethod
    def of(model: str, meta: dict[str, Any]) -> Dataset:
        unknown = set(meta) - {"domain", "dataset", "version", "day", "sort"}
        if unknown:
            raise PlatformError(f"model {model}: unknown keys in meta.gold: {', '.join(sorted(unknown))}")
        return Dataset(meta["dataset"], meta["domain"], int(meta["version"]), meta["day"], tuple(meta["sort"]))

    @property
    def table(self) -> str:
        return f"gold.{self.name}"

    def location(self, lake: str) -> str:
        return f"{lake}/gold/domain={self.domain}/dataset={self.name}/version={self.version}"

    @property
    def layout(self) -> dict[str, str]:
        """Properties under which files come to lie at `<location>/year=YYYY/month=MM/`."""
        return {
            "format-version": "2",
            "write.object-storage.enabled": "false",
            "write.py-location-provider.impl": "pyiceberg.table.locations.SimpleLocationProvider",
            "write.parquet.compression-codec": "zstd",
            "write.parquet.compression-level": "1",
            "write.metadata.delete-after-commit.enabled": "true",
            "write.metadata.previous-versions-max": "50",
        }


def publish(
    catalog: Catalog, lake: str, dataset: Dataset, rows: pa.Table, docs: dict[str, str], summary: dict[str, str]
) -> tuple[str, int]:
    """Commits the rows unless the current snapshot holds them, built by the same code on the same pins.

    Returns `published` or `unchanged` with the snapshot id. The data files are written before the
    commit and outlive a lost race: each attempt plans only the replacement anew.
    """
    table = _table(catalog, lake, dataset, rows.schema, docs)
    recorded = built_by(table)
    if all(recorded.get(key) == summary[key] for key in (CONTENT, CODE, PINS)):
        return "unchanged", table.current_snapshot().snapshot_id
    evolved = _evolved(table, rows.schema)
    files = list(_dataframe_to_data_files(evolved.metadata, rows, table.io, uuid.uuid4()))
    committing(lambda: _replace(catalog.load_table(dataset.table), files, summary))
    return "published", catalog.load_table(dataset.table).current_snapshot().snapshot_id


def built_by(table: Table) -> dict[str, str]:
    """What the newest Gold build recorded in its snapshot; maintenance may have committed since."""
    snapshot = table.current_snapshot()
    while snapshot is not None:
        if snapshot.summary is not None and RUN in snapshot.summary.additional_properties:
            return snapshot.summary.additional_properties
        parent = snapshot.parent_snapshot_id
        snapshot = None if parent is None else table.snapshot_by_id(parent)
    return {}


def with_period(rows: pa.Table, day: str) -> pa.Table:
    """Adds the partition levels of a date column as text."""
    import pyarrow.compute as compute

    for level, form in zip(PERIOD_LEVELS, ("%Y", "%m"), strict=True):
        rows = rows.append_column(level, compute.strftime(rows.column(day), format=form))
    return rows


def _replace(table: Table, files: list, summary: dict[str, str]) -> None:
    """One snapshot that removes every file there is and adds the new ones."""
    present = [task.file for task in table.scan().plan_files()]
    with table.transaction() as change:
        producer = change.update_snapshot(snapshot_properties=summary)
        with producer.overwrite() if present else producer.fast_append() as snapshot:
            for file in present:
                snapshot.delete_data_file(file)
            for file in files:
                snapshot.append_data_file(file)


def _table(catalog: Catalog, lake: str, dataset: Dataset, columns: pa.Schema, docs: dict[str, str]) -> Table:
    try:
        return catalog.load_table(dataset.table)
    except NoSuchTableError:
        pass
    with contextlib.suppress(NamespaceAlreadyExistsError):
        catalog.create_namespace("gold")
    fields = [
        iceberg.NestedField(number, column.name, _iceberg_type(column), required=False, doc=docs.get(column.name))
        for number, column in enumerate(columns, start=1)
    ]
    schema = Schema(*fields)
    spec = PartitionSpec(
        *[
            PartitionField(
                schema.find_field(level).field_id, FIRST_PARTITION_FIELD_ID + index, IdentityTransform(), level
            )
            for index, level in enumerate(PERIOD_LEVELS)
        ]
    )
    location = dataset.location(lake)
    return catalog.create_table(
        dataset.table,
        schema,
        location=location,
        partition_spec=spec,
        properties={**dataset.layout, "write.data.path": location},
    )


def _evolved(table: Table, columns: pa.Schema) -> Table:
    """Adds columns that the model has gained; a changed type or a lost column needs a new version."""
    existing = {field.name: field.field_type for field in table.schema().fields}
    lost = set(existing) - set(columns.names)
    changed = {c.name for c in columns if c.name in existing and existing[c.name] != _iceberg_type(c)}
    if lost or changed:
        raise PlatformError(
            f"{'.'.join(table.name())}: columns {', '.join(sorted(lost | changed))} were removed or changed type; "
            "readers rely on them: raise the dataset's version in meta.gold"
        )
    gained = [column for column in columns if column.name not in existing]
    if not gained:
        return table
    with table.update_schema() as update:
        for column in gained:
            update.add_column(column.name, _iceberg_type(column))
    return table.refresh()


def _iceberg_type(column: pa.Field) -> iceberg.IcebergType:
    kind = column.type
    if pa.types.is_decimal(kind):
        return iceberg.DecimalType(kind.precision, kind.scale)
    if pa.types.is_timestamp(kind):
        return iceberg.TimestamptzType() if kind.tz else iceberg.TimestampType()
    known = {
        pa.string(): iceberg.StringType(),
        pa.int64(): iceberg.LongType(),
        pa.int32(): iceberg.IntegerType(),
        pa.date32(): iceberg.DateType(),
        pa.bool_(): iceberg.BooleanType(),
        pa.float64(): iceberg.DoubleType(),
    }
    if kind not in known:
        raise PlatformError(f"column {column.name}: Gold has no type for {kind}")
    return known[kind]
