"""`accounting.drift` out of `accounting.partitions`."""

from __future__ import annotations

import duckdb

from finks_lake.drift import COLUMNS, drift_relation
from finks_lake.relations import Relation

ACCOUNTING = """
    select 'trades' as entity, 'desk' as source, 'id' as stream_id, 'desk.trades.raw.v1' as topic, 0 as partition,
           0::bigint as range_start, 10::bigint as range_end, 'live' as kind, 3::bigint as drifted,
           [{'kind': 'unknown', 'field': 'venue', 'records': 3::bigint},
            {'kind': 'type', 'field': '/price', 'records': 1::bigint}] as drift
    union all
    select 'trades', 'desk', 'id', 'desk.trades.raw.v1', 0, 10, 20, 'live', null, null
"""


def test_each_field_of_a_range_is_a_row() -> None:
    relation = drift_relation(Relation(ACCOUNTING, (), ("entity", "kind", "drifted", "drift")))

    rows = duckdb.sql(f"select field, kind, records, range_end from ({relation.sql}) order by field").fetchall()

    assert rows == [("/price", "type", 1, 10), ("venue", "unknown", 3, 10)]
    assert tuple(duckdb.sql(relation.sql).columns) == COLUMNS


def test_an_accounting_of_before_has_none() -> None:
    relation = drift_relation(Relation("select 1 as entity", (), ("entity",)))

    assert duckdb.sql(relation.sql).fetchall() == []
    assert tuple(duckdb.sql(relation.sql).columns) == COLUMNS
