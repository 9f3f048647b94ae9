"""Checks of the dbt project itself: unit tests, style, completeness."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from silver_lake import SilverLake, bar

from finks_lake import gold
from finks_lake.home import Home

PROJECT = gold.PROJECT
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SilverLake:
    """A built lake: dbt's unit tests take the types of their rows from built relations."""
    lake = SilverLake(tmp_path_factory.mktemp("project") / "home")
    lake.append("bars", [bar("AAPL", date(2024, 1, 2), "1")])
    gold.build(Home.of(lake.root))
    return lake


def run(lake: SilverLake, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=PROJECT,
        env={
            **os.environ,
            "FINKS_HOME": str(lake.root),
            "PYTHONPATH": str(PROJECT),
            "DBT_TARGET_PATH": f"{lake.root}/dbt/target",
            "DBT_LOG_PATH": f"{lake.root}/dbt/logs",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_dbt_unit_tests_pass(built: SilverLake) -> None:
    process = run(
        built,
        *(str(BIN / "dbt"), "test", "--select", "test_type:unit", "--profiles-dir", "."),
        "--no-version-check",
    )

    files = (PROJECT / "models").rglob("*_unit_tests.yml")
    written = sum(len(yaml.safe_load(file.read_text(encoding="utf-8"))["unit_tests"]) for file in files)
    assert process.returncode == 0, process.stdout
    assert f"PASS={written} WARN=0 ERROR=0 SKIP=0" in process.stdout


def test_sql_is_in_style(built: SilverLake) -> None:
    process = run(built, str(BIN / "sqlfluff"), "lint", "--disable-progress-bar", "models", "tests")

    assert process.returncode == 0, process.stdout + process.stderr


def test_yaml_is_in_style(built: SilverLake) -> None:
    process = run(built, str(BIN / "yamllint"), "--strict", "dbt_project.yml", "profiles.yml", "models")

    assert process.returncode == 0, process.stdout


@pytest.mark.parametrize("command", [("check",), ("format", "--check")])
def test_python_is_in_style(built: SilverLake, command: tuple[str, ...]) -> None:
    process = run(built, str(BIN / "ruff"), *command, "--no-cache", ".")

    assert process.returncode == 0, process.stdout + process.stderr


@pytest.mark.parametrize("sql", sorted((PROJECT / "models").rglob("*.sql")), ids=lambda file: file.stem)
def test_every_model_says_its_grain_and_types_and_tests_its_key(sql: Path) -> None:
    (model,) = yaml.safe_load(sql.with_suffix(".yml").read_text(encoding="utf-8"))["models"]

    assert model["name"] == sql.stem
    assert model["description"].startswith("One row per ")
    assert all(column.get("description") and column.get("data_type") for column in model["columns"])
    key_tests = [test for test in model.get("data_tests", []) if "unique_combination_of_columns" in test]
    unique = [column for column in model["columns"] if "unique" in column.get("data_tests", [])]
    assert key_tests or unique
