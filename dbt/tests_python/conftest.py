from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from silver_lake import SilverLake

from finks_lake.__main__ import main

DBT = Path(__file__).resolve().parents[1]
os.environ.pop("FINKS_CONTRACTS", None)
os.environ["FINKS_ROOT"] = str(DBT.parent)


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def lake(tmp_path: Path) -> SilverLake:
    return SilverLake(tmp_path / "home")


@pytest.fixture
def finks(lake: SilverLake, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Runs a command of the package in this process."""

    def run(command: str, *arguments: str) -> Outcome:
        capsys.readouterr()
        try:
            code = main([command, "--home", str(lake.root), *arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return run


@pytest.fixture
def finks_process(lake: SilverLake) -> Callable[..., subprocess.CompletedProcess[str]]:
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
