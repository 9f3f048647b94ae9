"""Where the lake lies, and how its store is opened."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from finks_lake.home import Home
from finks_lake.store import file_properties, open_store

FILES = {
    "s3.endpoint": "http://127.0.0.1:1",
    "s3.access-key-id": "who",
    "s3.secret-access-key": "what",
    "client.region": "us-east-1",
}


def test_a_home_without_a_word_about_it_has_its_lake_in_its_own_folder(tmp_path: Path) -> None:
    home = Home(tmp_path)

    assert home.place.root == str(tmp_path / "lake")
    assert file_properties(home) == {}
    with duckdb.connect(":memory:") as connection:
        open_store(connection, home)
        assert connection.list_filesystems() == []


def test_a_lake_behind_an_s3_api_is_opened_as_the_home_says(tmp_path: Path) -> None:
    (tmp_path / "lake.json").write_text(json.dumps({"root": "s3://finks/lake", "files": FILES, "plugins": "/p"}))
    home = Home(tmp_path)

    assert home.place.root == "s3://finks/lake"
    assert file_properties(home)["s3.region"] == "us-east-1"
    with duckdb.connect(":memory:") as connection:
        open_store(connection, home)
        assert connection.list_filesystems() == ["s3"]
