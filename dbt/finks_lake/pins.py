"""Pins: Iceberg tags that hold the Silver snapshots of a Gold build.

A tag `gold_<run>` belongs to the Gold build of that run; its age limit lets snapshot expiry drop it
should no later build come to do so. Tags of other owners are never touched.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from pyiceberg.exceptions import CommitFailedException, NoSuchTableError

from finks_lake.errors import PlatformError

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot

OWNER = "gold"
RUN_TIME = "%Y%m%dt%H%M%S"
AGE_LIMIT = timedelta(days=30)
SUPERSEDED_AFTER = timedelta(days=1)
COMMIT_ATTEMPTS = 20
OFFSETS = "finks.offsets"


@dataclass(frozen=True)
class Pins:
    """The tables of one run with the snapshot that it reads; a table without a commit has none."""

    run_id: str
    snapshots: dict[str, int | None]

    @property
    def tag(self) -> str:
        return f"{OWNER}_{self.run_id}"

    def write(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"owner": OWNER, **asdict(self)}, indent=2), encoding="utf-8")

    @staticmethod
    def read(file: Path) -> Pins:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return Pins(stored["run_id"], stored["snapshots"])


def new_run_id(now: datetime) -> str:
    """A run id that sorts by time."""
    return f"{now.astimezone(timezone.utc):{RUN_TIME}}-{uuid4().hex[:8]}"


def pin(catalog: Catalog, names: Iterable[str], run_id: str) -> Pins:
    """Tags the current snapshot of each table; the tags hold before anything is read."""
    pins = Pins(run_id, {})
    try:
        for name in names:
            pins.snapshots[name] = _pin_table(catalog, name, pins.tag)
    except BaseException:
        unpin(catalog, pins)
        raise
    return pins


def unpin(catalog: Catalog, pins: Pins) -> None:
    """Removes the tags of one run."""
    for name in pins.snapshots:
        _remove_tags(catalog, name, lambda tag: tag == pins.tag)


def release_superseded(catalog: Catalog, names: Iterable[str], in_use: set[str], now: datetime) -> list[str]:
    """Removes the tags of older builds that no current Gold snapshot was built on.

    A superseded build keeps its tags for a day, so that what read the former Gold can still be traced.
    """

    def superseded(tag: str) -> bool:
        owner, _, run_id = tag.partition("_")
        if owner != OWNER or run_id in in_use:
            return False
        try:
            started = datetime.strptime(run_id.split("-")[0], RUN_TIME).replace(tzinfo=timezone.utc)
        except ValueError:
            return False
        return now - started > SUPERSEDED_AFTER

    return sorted({tag for name in names for tag in _remove_tags(catalog, name, superseded)})


def committing(action: Callable[[], object]) -> None:
    """Repeats a metadata change that lost against a live commit; it is planned anew each time."""
    for attempt in range(1, COMMIT_ATTEMPTS + 1):
        try:
            action()
            return
        except CommitFailedException as error:
            if attempt == COMMIT_ATTEMPTS:
                raise PlatformError(f"gave up after {attempt} conflicting commits: {error}") from error
            time.sleep(random.uniform(0.02, 0.1) * min(attempt, 10))


def _pin_table(catalog: Catalog, name: str, tag: str) -> int | None:
    pinned: list[int | None] = [None]

    def attempt() -> None:
        table = _load(catalog, name)
        snapshot = _newest_content(table)
        if snapshot is not None:
            table.manage_snapshots().create_tag(snapshot.snapshot_id, tag, _age_limit(snapshot)).commit()
            pinned[0] = snapshot.snapshot_id

    committing(attempt)
    return pinned[0]


def _age_limit(snapshot: Snapshot) -> int:
    """Milliseconds: a tag is as old as its snapshot, which may be old when it is tagged."""
    age = time.time() * 1000 - snapshot.timestamp_ms
    return int(max(age, 0) + AGE_LIMIT.total_seconds() * 1000)


def _newest_content(table: Table) -> Snapshot | None:
    """The current snapshot, or the one behind it that it equals: an idle job commits signs of life without a file."""
    snapshot = table.current_snapshot()
    while snapshot is not None and snapshot.summary is not None:
        properties = snapshot.summary.additional_properties
        parent = None if snapshot.parent_snapshot_id is None else table.snapshot_by_id(snapshot.parent_snapshot_id)
        if OFFSETS not in properties or "added-data-files" in properties or parent is None:
            break
        snapshot = parent
    return snapshot


def _remove_tags(catalog: Catalog, name: str, chosen: Callable[[str], bool]) -> list[str]:
    removed: list[str] = []

    def attempt() -> None:
        table = _load(catalog, name)
        removed[:] = [ref for ref in table.refs() if chosen(ref)]
        if removed:
            change = table.manage_snapshots()
            for tag in removed:
                change = change.remove_tag(tag)
            change.commit()

    committing(attempt)
    return removed


def _load(catalog: Catalog, name: str) -> Table:
    try:
        return catalog.load_table(name)
    except NoSuchTableError:
        raise PlatformError(
            f"the lake has no table {name}: start the stack once (./finks up), it creates the tables; if it runs, its "
            "contracts are older than these models: take them in with ./finks contracts apply"
        ) from None
