"""Where things lie in a home directory."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from finks_lake.errors import PlatformError

CATALOG_NAME = "finks"


@dataclass(frozen=True)
class LakePlace:
    """Where the lake lies, and Iceberg's properties for its store; none if it is a folder."""

    root: str
    files: dict[str, str]


@dataclass(frozen=True)
class Home:
    """A home directory of the local stack; paths only, nothing is created here."""

    root: Path

    @staticmethod
    def of(path: str | os.PathLike[str]) -> Home:
        """Opens an existing home; a home without a catalog is a platform error."""
        root = Path(path).expanduser().resolve()
        home = Home(root)
        if not root.is_dir():
            raise PlatformError(f"there is no home at {root}; start one with: ./finks up --home {root}")
        if not home.catalog_file.is_file():
            raise PlatformError(
                f"the home {root} has no catalog ({home.catalog_file.relative_to(root)}); "
                f"start the stack once with: ./finks up --home {root}"
            )
        return home

    @property
    def catalog_file(self) -> Path:
        return self.root / "catalog" / "finks.db"

    @property
    def place(self) -> LakePlace:
        """What `lake.json` says, which the stack writes, or the home's own folder."""
        try:
            said = json.loads((self.root / "lake.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return LakePlace(str(self.root / "lake"), {})
        return LakePlace(said["root"], said["files"])

    @property
    def dbt(self) -> Path:
        return self.root / "dbt"

    @property
    def pins_file(self) -> Path:
        """The pins of the running (or last) build, for the dbt plugin."""
        return self.dbt / "pins.json"

    @property
    def build_file(self) -> Path:
        """The private DuckDB file of the running (or last) build."""
        return self.dbt / "build" / "build.duckdb"

    @property
    def report_file(self) -> Path:
        """What the last build that ran to its end did, as `--json` prints it."""
        return self.dbt / "report.json"

    @property
    def held_builds(self) -> Path:
        """Build files of held models, so that failing rows can be looked at."""
        return self.dbt / "held"

    @property
    def reveal_log(self) -> Path:
        """Who looked at refused payloads, when, and at which: lines of JSON, only ever appended to."""
        return self.root / "audit" / "reveals.ndjson"


def checkout() -> Path:
    """The project's root: FINKS_ROOT, or the folder that this package lies in."""
    configured = os.environ.get("FINKS_ROOT")
    return Path(configured).resolve() if configured else Path(__file__).resolve().parents[2]
