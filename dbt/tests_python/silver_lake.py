"""A small lake as the Java jobs write it: catalog, layout, lineage columns; rows by builder."""

from __future__ import annotations

import hashlib
import itertools
import json
import uuid
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyiceberg import types as t
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.io.pyarrow import _dataframe_to_data_files
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.transforms import IdentityTransform

from finks_lake.relations import VERSION_ORDER

TEXT, LONG, INSTANT = t.StringType(), t.LongType(), t.TimestamptzType()
CONTRACTS = Path(__file__).resolve().parents[2] / "schemas" / "avro"
AVRO = {"string": TEXT, "long": LONG, "int": t.IntegerType(), "date": t.DateType(), "timestamp-micros": INSTANT}

LINEAGE = {
    **dict.fromkeys(("_source", "_run_id", "_batch_id"), TEXT),
    "_sequence": LONG,
    "_ingest_time": INSTANT,
    "_version": LONG,
    **dict.fromkeys(("_stream_id", "_topic"), TEXT),
    "_partition": t.IntegerType(),
    "_offset": LONG,
    "_element": t.IntegerType(),
    "_content_hash": t.BinaryType(),
    "_warnings": TEXT,
}
QUARANTINE = {
    **{name: kind for name, kind in LINEAGE.items() if name not in ("_version", "_content_hash", "_warnings")},
    "key": TEXT,
    "content_type": TEXT,
    "payload": t.BinaryType(),
    "reason": TEXT,
    "quarantined_at": INSTANT,
}
ACCOUNTING = {
    **dict.fromkeys(("entity", "source", "stream_id", "topic"), TEXT),
    "partition": t.IntegerType(),
    **dict.fromkeys(("range_start", "range_end"), LONG),
    "kind": TEXT,
    "writer_id": TEXT,
    "committed_at": INSTANT,
}
LEDGER = {
    **dict.fromkeys(("path", "topic", "stream_id"), TEXT),
    "partition": t.IntegerType(),
    **dict.fromkeys(("range_start", "range_end"), LONG),
    "committed_at": INSTANT,
}
LEVELS = ("year", "month", "day")
PERIODS = {"bars": LEVELS[:2], "bars_intraday": LEVELS, "quotes": LEVELS, "transactions": LEVELS[:2]}
KEYS = {
    "bars": ("symbol", "trading_day"),
    "bars_intraday": ("symbol", "interval_minutes", "bar_start"),
    "quotes": ("symbol", "event_time"),
    "transactions": ("transaction_id",),
}
EVENT_COLUMNS = {
    "bars": "trading_day",
    "bars_intraday": "bar_start",
    "quotes": "event_time",
    "transactions": "trade_date",
}
SORT_ORDER_ID = 15
INGESTED = datetime(2024, 1, 1, 12, tzinfo=timezone.utc)


class SilverLake:
    """A home with a catalog and the Silver tables; every append is one commit."""

    def __init__(self, root: Path):
        self.root = root
        (root / "catalog").mkdir(parents=True)
        uri = f"sqlite:///{root}/catalog/finks.db?timeout=60"
        SqlCatalog("finks", uri=uri).close()
        self.catalog = SqlCatalog("finks", uri=uri, init_catalog_tables="false")
        self.offsets = itertools.count()
        for namespace in ("bronze", "silver", "quarantine", "accounting", "marks", "gold"):
            self.catalog.create_namespace(namespace)
        for entity, levels in PERIODS.items():
            fields = contract_fields(entity)
            self._create(f"silver.{entity}_versions", f"{root}/lake/silver/entity={entity}", fields, LINEAGE, levels)
            refused = f"{root}/lake/quarantine/entity={entity}"
            self._create(f"quarantine.{entity}", refused, [], QUARANTINE, LEVELS)

        self._create("accounting.partitions", f"{root}/lake/accounting/partitions", [], ACCOUNTING, ())
        self._create("bronze.files", f"{root}/lake/bronze/_ledger", [], LEDGER, ())

    def table(self, name: str) -> Table:
        return self.catalog.load_table(name)

    def append(self, entity: str, rows: list[dict[str, Any]], source: str = "fmp") -> int:
        """Commits rows; lineage that a row does not give is made up. Returns the snapshot id."""
        complete = [self._with_lineage(entity, row, source) for row in rows]
        return self._commit(f"silver.{entity}_versions", complete)

    def seal(self, entity: str, day: date, again: bool = False) -> None:
        """Replaces the period of a day by one sealed file, marked as the seal does."""
        table = self.table(f"silver.{entity}_versions")
        period = tuple(f"{day:{form}}" for form in ("%Y", "%m", "%d")[: len(PERIODS[entity])])
        tasks = [task.file for task in table.scan().plan_files()]
        files = [file for file in tasks if tuple(file.partition[i] for i in range(len(period))) == period]
        if not files or (not again and all(file.sort_order_id for file in files)):
            return
        everything = table.scan().to_arrow().to_pylist()
        rows = [row for row in everything if tuple(row[level] for level in PERIODS[entity]) == period]
        key = ("_source", *KEYS[entity])
        elsewhere = {tuple(row[k] for k in key) for row in everything if row not in rows}
        for row in rows:
            same = [other for other in rows if all(other[k] == row[k] for k in key)]
            newest = max(same, key=lambda other: tuple(other[column] for column in VERSION_ORDER))
            moved = tuple(row[k] for k in key) in elsewhere
            row["_superseded"] = True if row is not newest else None if moved else False
        sealed = list(
            _dataframe_to_data_files(
                table.metadata, pa.Table.from_pylist(rows, schema=table.schema().as_arrow()), table.io, uuid.uuid4()
            )
        )
        with table.transaction() as change, change.update_snapshot().overwrite() as snapshot:
            for file in files:
                snapshot.delete_data_file(file)
            for file in sealed:
                file[SORT_ORDER_ID] = 1
                snapshot.append_data_file(file)

    def quarantine(self, entity: str, reason: str, payload: bytes) -> None:
        row = {
            **self._with_lineage(entity, {EVENT_COLUMNS[entity]: INGESTED}, "fmp"),
            **{"year": f"{INGESTED:%Y}", "month": f"{INGESTED:%m}", "day": f"{INGESTED:%d}"},
            "reason": reason,
            "payload": payload,
            "content_type": "application/json",
            "quarantined_at": INGESTED,
        }
        names = [field.name for field in self.table(f"quarantine.{entity}").schema().fields]
        self._commit(f"quarantine.{entity}", [{name: row.get(name) for name in names}])

    def account(
        self, entity: str, start: int, end: int, committed_at: datetime | None, writer_id: str = "writer-1"
    ) -> None:
        """Accounts for a range of the offsets that rows got."""
        row = {
            "entity": entity,
            "source": "fmp",
            "stream_id": "stream-1",
            "topic": f"fmp.{entity}.raw.v1",
            "partition": 0,
            "range_start": start,
            "range_end": end,
            "kind": "live",
            "writer_id": writer_id,
            "committed_at": committed_at,
        }
        self._commit("accounting.partitions", [row])

    def keep_raw(self, entity: str, start: int, end: int, committed_at: datetime) -> None:
        """Enters an object with a range of the offsets into the ledger of Bronze."""
        row = {
            "path": f"{start}.json",
            "topic": f"fmp.{entity}.raw.v1",
            "stream_id": "stream-1",
            "partition": 0,
            "range_start": start,
            "range_end": end,
            "committed_at": committed_at,
        }
        self._commit("bronze.files", [row])

    def _commit(self, name: str, rows: list[dict[str, Any]]) -> int:
        table = self.table(name)
        table.append(pa.Table.from_pylist(rows, schema=table.schema().as_arrow()))
        return table.current_snapshot().snapshot_id

    def _create(self, name: str, location: str, fields: list, lineage: dict, levels: tuple[str, ...]) -> None:
        added = enumerate({**lineage, **dict.fromkeys(levels, TEXT)}.items(), start=1001)
        columns = [t.NestedField(number, column, kind, required=False) for number, (column, kind) in added]
        if lineage is LINEAGE:
            columns.append(t.NestedField(1021, "_superseded", t.BooleanType(), required=False))
        schema = Schema(*fields, *columns)
        spec = PartitionSpec(
            *[
                PartitionField(schema.find_field(level).field_id, 2000 + index, IdentityTransform(), level)
                for index, level in enumerate(levels)
            ]
        )
        self.catalog.create_table(
            name,
            schema,
            location=location,
            partition_spec=spec,
            properties={"format-version": "2", "write.data.path": location},
        )

    def _with_lineage(self, entity: str, row: dict[str, Any], source: str) -> dict[str, Any]:
        offset = next(self.offsets)
        ingested = row.get("_ingest_time", INGESTED + timedelta(seconds=offset))
        version = row.get("updated_at") or ingested
        event = row[EVENT_COLUMNS[entity]]
        complete = {
            **row,
            "_source": source,
            "_run_id": "run-1",
            "_batch_id": "batch-1",
            "_sequence": offset,
            "_ingest_time": ingested,
            "_version": int(version.timestamp() * 1_000_000),
            "_stream_id": "stream-1",
            "_topic": f"{source}.{entity}.raw.v1",
            "_partition": 0,
            "_offset": offset,
            "_element": 0,
            "_content_hash": hashlib.sha256(repr(sorted(row.items(), key=str)).encode()).digest()[:16],
        }
        levels = {"year": f"{event:%Y}", "month": f"{event:%m}", "day": f"{event:%d}"}
        return {**complete, **{level: levels[level] for level in PERIODS[entity]}}


def contract_fields(entity: str) -> list[t.NestedField]:
    """The Iceberg fields that a contract promises."""
    contract = json.loads((CONTRACTS / f"{entity}.avsc").read_text(encoding="utf-8"))
    return [t.NestedField(f["finks.id"], f["name"], _iceberg(f["type"]), required=False) for f in contract["fields"]]


def _iceberg(kind: Any) -> t.IcebergType:
    if isinstance(kind, list):
        kind = next(branch for branch in kind if branch != "null")
    if isinstance(kind, str):
        return AVRO[kind]
    if kind["logicalType"] == "decimal":
        return t.DecimalType(kind["precision"], kind["scale"])
    return AVRO[kind["logicalType"]]


def bar(symbol: str, day: date, close: str, **columns: Any) -> dict[str, Any]:
    price = Decimal(close)
    prices = dict.fromkeys(("open", "high", "low", "close"), price)
    return {"symbol": symbol, "trading_day": day, **prices, "volume": 1000, "currency": "USD", **columns}


def transaction(transaction_id: str, kind: str, day: date, **columns: Any) -> dict[str, Any]:
    """A booked transaction; buys and sells get their amounts from quantity, price and fee."""
    quantity, price = columns.pop("quantity", None), columns.pop("price", None)
    fee = Decimal(columns.pop("fee", "0"))
    gross = net = None
    if quantity is not None:
        quantity = Decimal(quantity)
    if price is not None:
        price = Decimal(price)
    if kind in ("buy", "sell"):
        gross = (abs(quantity) * price).quantize(Decimal("0.01"))
        net = -(gross + fee) if kind == "buy" else gross - fee
    net = Decimal(columns.pop("net", net if net is not None else "0"))
    executed = datetime(day.year, day.month, day.day, 15, tzinfo=timezone.utc)
    return {
        "transaction_id": transaction_id,
        "portfolio_id": "P1",
        "client_id": "C1",
        "type": kind,
        "status": "booked",
        "quantity": quantity,
        "price": price,
        "gross_amount": gross,
        "fee": fee,
        "net_amount": net,
        "currency": "USD",
        "trade_date": day,
        "executed_at": executed,
        "updated_at": executed,
        **columns,
    }


def weekdays(first: date, count: int) -> list[date]:
    days = (first + timedelta(days=step) for step in itertools.count())
    return list(itertools.islice((day for day in days if day.weekday() < 5), count))
