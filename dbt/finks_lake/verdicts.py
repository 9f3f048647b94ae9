"""Runs dbt in this process and reads its verdicts: which models were built, which tests object."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.invocation import get_invocation_id

from finks_lake.errors import PlatformError, UsageError
from finks_lake.home import Home

PASSED = ("success", "pass", "warn", "no-op")


@dataclass(frozen=True)
class Model:
    """A model of this build; `gold` says where it is published, if it is."""

    unique_id: str
    name: str
    schema: str
    status: str
    gold: dict[str, Any] | None
    docs: dict[str, str]
    ancestors: frozenset[str]
    behind: list[dict[str, Any]]

    @property
    def inputs(self) -> list[str]:
        """The Silver tables that the model is made of."""
        sources = [node.split(".") for node in self.ancestors if node.startswith("source.")]
        return sorted(f"{source[-2]}.{source[-1]}_versions" for source in sources)


@dataclass(frozen=True)
class Objection:
    """A test, or a model itself, that failed: `failures` is null for an error."""

    name: str
    subjects: frozenset[str]
    failures: int | None
    sql: str


@dataclass(frozen=True)
class Verdict:
    """What a test said of the models that it looks at."""

    name: str
    subjects: frozenset[str]
    status: str


@dataclass(frozen=True)
class Build:
    """What one dbt build came to."""

    invocation_id: str
    models: list[Model]
    failed: list[Objection]
    verdicts: list[Verdict] = field(default_factory=list)

    def tests_of(self, model: Model) -> dict[str, dict[str, str]]:
        """Verdicts on a model and its ancestors, by model and test; a test of several stands with the last by name."""
        family = model.ancestors | {model.unique_id}
        tests: dict[str, dict[str, str]] = {}
        for verdict in self.verdicts:
            subjects = {subject for subject in verdict.subjects if not subject.startswith("source.")}
            if subjects and subjects <= family:
                subject = model.unique_id if model.unique_id in subjects else max(subjects)
                tests.setdefault(subject.split(".")[-1], {})[verdict.name] = verdict.status
        return tests

    def objections(self, model: Model) -> list[Objection]:
        """The failed tests of a model and its ancestors; a failed ancestor objects too."""
        family = model.ancestors | {model.unique_id}
        objections = [objection for objection in self.failed if objection.subjects <= family]
        if not objections and model.status != "success":
            return [Objection(f"{model.name} was {model.status}", frozenset(family), None, "-- not built")]
        return objections

    def failures_outside_gold(self, held: Iterable[Any]) -> list[tuple[str, Objection]]:
        """Failures that held no Gold model still fail the build."""
        named = {entry.test for entry in held}
        return [(min(o.subjects, default="?").split(".")[-1], o) for o in self.failed if o.name not in named]

    @contextlib.contextmanager
    def open(self, build_file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """The build file, read-only, once dbt has let go of it."""
        with duckdb.connect(str(build_file), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            yield connection


def run_dbt(project: Path, home: Home, select: str | None, quiet: bool) -> Build:
    """Builds and tests; dbt's own output goes to stderr."""
    arguments = [
        "build",
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(home.dbt / "target"), "--log-path", str(home.dbt / "logs")),
        "--no-version-check",
        "--no-use-colors",
        # Unit tests judge the code, not the data: they run with the project's tests.
        *("--exclude-resource-type", "unit_test"),
    ]
    if select:
        with_parents = [part if part.startswith("+") else f"+{part}" for part in select.split()]
        arguments += ["--select", *with_parents, "--indirect-selection", "buildable"]
    os.environ["FINKS_HOME"] = str(home.root)
    with contextlib.redirect_stdout(sys.stderr):
        outcome = dbtRunner().invoke(["--quiet", *arguments] if quiet else arguments)
    DuckDBConnectionManager.close_all_connections()
    if outcome.result is None:
        raise _why_it_did_not_start(outcome.exception, select)
    return _read(outcome.result)


def _why_it_did_not_start(cause: BaseException | None, select: str | None) -> Exception:
    if select and cause is not None and "select" in str(cause).lower():
        return UsageError(f"--select {select!r}: {cause}")
    return PlatformError(f"dbt could not build: {type(cause).__name__}: {cause}")


def _read(result: Any) -> Build:
    parents = {
        entry.node.unique_id: set(entry.node.depends_on.nodes)
        for entry in result.results
        if hasattr(entry.node, "depends_on")
    }
    models, failed, verdicts = [], [], []
    for entry in result.results:
        node = entry.node
        status = str(entry.status)
        if node.resource_type == "model":
            models.append(
                Model(
                    node.unique_id,
                    node.name,
                    node.schema,
                    status,
                    node.config.meta.get("gold"),
                    {name: " ".join(column.description.split()) for name, column in node.columns.items()},
                    frozenset(_ancestors(node.unique_id, parents)),
                    node.config.meta.get("behind") or [],
                )
            )
        if node.resource_type == "test":
            verdicts.append(Verdict(node.name, frozenset(_subjects(node)), status))
        if status not in PASSED and status != "skipped":
            failed.append(_objection(node, entry))
    return Build(get_invocation_id(), models, failed, verdicts)


def _objection(node: Any, entry: Any) -> Objection:
    subjects = {node.unique_id} if node.resource_type == "model" else _subjects(node)
    failures = entry.failures if str(entry.status) == "fail" else None
    sql = getattr(node, "compiled_code", None) if failures is not None else None
    sql = sql or "\n".join(f"-- {line}" for line in str(entry.message).splitlines())
    return Objection(node.name, frozenset(subjects), failures, sql)


def _subjects(test: Any) -> set[str]:
    attached = getattr(test, "attached_node", None)
    return {attached} if attached else set(test.depends_on.nodes)


def _ancestors(node: str, parents: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [node]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found
