"""Where sources drifted from their bindings: one row per range and field, out of the accounting."""

from __future__ import annotations

from finks_lake.relations import Relation

COLUMNS = (
    "entity",
    "source",
    "stream_id",
    "topic",
    "partition",
    "range_start",
    "range_end",
    "kind",
    "field",
    "records",
)


def drift_relation(accounting: Relation) -> Relation:
    """Selects `accounting.drift` from `accounting.partitions`; kind is unknown, type or vanished."""
    if "drift" not in accounting.columns:
        kinds = ("varchar",) * 4 + ("integer", "bigint", "bigint") + ("varchar",) * 2 + ("bigint",)
        empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in zip(COLUMNS, kinds, strict=True))
        return Relation(f"select {empty} where false", (), COLUMNS)
    sql = (
        f"select {', '.join(COLUMNS[:7])}, field.kind as kind, field.field as field, field.records as records "
        f"from (select * exclude (kind, drift), unnest(drift) as field from ({accounting.sql}) where drifted > 0)"
    )
    return Relation(sql, accounting.files, COLUMNS)
