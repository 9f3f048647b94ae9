"""The newest version of every key of a Silver table, as cheaply as its seals allow.

Files that carry the sealed order have a mark per row in `_superseded`: true, a newer version lies in the same period;
false, it is the newest of its key, and no other period had the key when this one was sealed; null, other periods may
have versions of it. All other files have no marks. A key has at most one false, so a row with false is the newest of
its key unless a row without a mark has the same key: only these keys are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from finks_lake.contracts import key_holds_period, key_of
from finks_lake.relations import Relation, data_files, files_relation, identifier, newest_versions

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

SUPERSEDED = "_superseded"


@dataclass
class Marked:
    """The files of a snapshot by what their marks are worth."""

    sure: list[DataFile] = field(default_factory=list)
    """Every row has a mark."""
    mixed: list[DataFile] = field(default_factory=list)
    """Some rows have a mark."""
    unmarked: list[DataFile] = field(default_factory=list)


def newest_relation(table: Table, snapshot_id: int | None, entity: str) -> Relation:
    """Selects the newest version per (source, key) of a snapshot, without the mark."""
    key = key_of(entity)
    files = data_files(table, snapshot_id)
    marked = _by_marks(table, files)
    if not marked.sure and not marked.mixed:
        return without_mark(newest_versions(files_relation(table, files), key))
    if key_holds_period(entity):
        return _by_period(table, files, marked, key)
    return _by_key(table, marked, key)


def _by_marks(table: Table, files: Iterable[DataFile]) -> Marked:
    marked = Marked()
    names = {column.name: column.field_id for column in table.schema().fields}
    mark = names.get(SUPERSEDED)
    for file in files:
        if mark is None or not file.sort_order_id:
            marked.unmarked.append(file)
        elif (file.null_value_counts or {}).get(mark) == 0:
            marked.sure.append(file)
        else:
            marked.mixed.append(file)
    return marked


def _by_period(table: Table, files: Sequence[DataFile], marked: Marked, key: Sequence[str]) -> Relation:
    """A key has one period: a period of which every row has a mark needs nothing else."""
    open_periods = {_period(file) for file in (*marked.mixed, *marked.unmarked)}
    sealed = [file for file in files if _period(file) not in open_periods]
    looked_at = [file for file in files if _period(file) in open_periods]
    relation = _where(files_relation(table, sealed), f"not {SUPERSEDED}")
    if looked_at:
        relation = _both(relation, newest_versions(files_relation(table, looked_at), key))
    return without_mark(relation)


def _by_key(table: Table, marked: Marked, key: Sequence[str]) -> Relation:
    marks = [*marked.sure, *marked.mixed]
    sure = _where(files_relation(table, marks), f"{SUPERSEDED} = false")
    if not marked.mixed and not marked.unmarked:
        return without_mark(sure)
    unsure = _both(
        files_relation(table, marked.unmarked),
        _where(files_relation(table, marked.mixed), f"{SUPERSEDED} is null"),
    )
    columns = [identifier(column) for column in ("_source", *key)]
    same_key = " and ".join(f"s.{column} is not distinct from u.{column}" for column in columns)
    keys = f"(select distinct {', '.join(columns)} from unsure) u"
    same = f"select s.* from sure s semi join {keys} on {same_key}"
    candidates = Relation(f"select * from unsure union all by name {same}", (), sure.columns)
    sql = (
        f"with unsure as materialized ({unsure.sql}), sure as ({sure.sql}) "
        f"select s.* from sure s anti join {keys} on {same_key} "
        f"union all by name ({newest_versions(candidates, key).sql})"
    )
    return without_mark(Relation(sql, tuple(sorted({*sure.files, *unsure.files})), sure.columns))


def _period(file: DataFile) -> tuple:
    return tuple(file.partition[index] for index in range(len(file.partition)))


def _where(relation: Relation, condition: str) -> Relation:
    return Relation(f"select * from ({relation.sql}) where {condition}", relation.files, relation.columns)


def _both(one: Relation, other: Relation) -> Relation:
    sql = f"({one.sql}) union all by name ({other.sql})"
    return Relation(sql, tuple(sorted({*one.files, *other.files})), one.columns)


def without_mark(relation: Relation) -> Relation:
    """Leaves the mark out: it tells what was superseded when a period was sealed, not at an instant."""
    if SUPERSEDED not in relation.columns:
        return relation
    columns = tuple(column for column in relation.columns if column != SUPERSEDED)
    return Relation(f"select * exclude ({SUPERSEDED}) from ({relation.sql})", relation.files, columns)
