"""Reads the SQLite catalog that the Java jobs write; opens it for commits when asked to.

Reading goes straight to the catalog's two columns that matter, because loading an ORM would take
longer than most queries do.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from finks_lake.errors import PlatformError
from finks_lake.home import CATALOG_NAME, Home
from finks_lake.store import file_properties

if TYPE_CHECKING:
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.table import Table

BUSY_TIMEOUT_SECONDS = 60
READ_ATTEMPTS = 5


def table_locations(home: Home) -> dict[str, str]:
    """Every table of the catalog with the location of its current metadata file."""
    uri = f"{home.catalog_file.as_uri()}?mode=rw"
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_SECONDS)
        try:
            rows = connection.execute(
                "select table_namespace, table_name, metadata_location from iceberg_tables where catalog_name = ?",
                (CATALOG_NAME,),
            ).fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise PlatformError(f"the catalog {home.catalog_file} cannot be read: {error}") from error
    return {f"{namespace}.{name}": location for namespace, name, location in rows if location}


def read_table(home: Home, name: str, location: str | None = None) -> Table:
    """A table's current metadata, for reading only; `location` is where the caller has seen it last.

    Live commits delete old metadata files, so one that has gone means: look up the newer one.
    """
    from pyiceberg.table import StaticTable

    for attempt in range(READ_ATTEMPTS):
        if location is None:
            location = table_locations(home).get(name)
        if location is None:
            raise PlatformError(f"the lake has no table {name}; start the stack once, it creates the tables")
        try:
            return StaticTable.from_metadata(location, file_properties(home))
        except (OSError, ValueError) as error:
            if attempt == READ_ATTEMPTS - 1:
                raise PlatformError(f"the metadata of {name} cannot be read: {location}: {error}") from error
            location = None
    raise AssertionError("unreachable")


def open_for_commits(home: Home) -> SqlCatalog:
    """The catalog for tags and Gold commits.

    The tables of the catalog are never created here: an initialising client keeps a read open on
    SQLite and then fails its own commits as soon as another process writes.
    """
    from pyiceberg.catalog.sql import SqlCatalog

    return SqlCatalog(
        CATALOG_NAME,
        uri=f"sqlite:///{home.catalog_file}?timeout={BUSY_TIMEOUT_SECONDS}",
        init_catalog_tables="false",
        **file_properties(home),
    )
