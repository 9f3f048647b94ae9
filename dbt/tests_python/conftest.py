from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from silver_lake import SilverLake

DBT = Path(__file__).resolve().parents[1]
os.environ.pop("FINKS_CONTRACTS", None)
os.environ["FINKS_ROOT"] = str(DBT.parent)


@pytest.fixture
def lake(tmp_path: Path) -> SilverLake:
    return SilverLake(tmp_path / "home")


@pytest.fixture
def finks(lake: SilverLake) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command of the package as the launcher does, in a process of its own."""

    def run(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "finks_lake", command, "--home", str(lake.root), *arguments],
            env={**os.environ, "PYTHONPATH": str(DBT)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
