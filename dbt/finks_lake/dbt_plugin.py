"""The dbt-duckdb plugin: makes the pinned Silver snapshots readable as `silver.*` in the build file."""

from __future__ import annotations

from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from finks_lake.catalog import read_table
from finks_lake.errors import PlatformError
from finks_lake.home import Home
from finks_lake.newest import newest_relation
from finks_lake.pins import Pins
from finks_lake.relations import identifier, snapshot_relation
from finks_lake.store import open_store

VERSIONS = "_versions"


class Plugin(BasePlugin):
    """Creates the views once per opened build file.

    The pins come from a file of the home rather than from the profile, because dbt parses the whole
    project anew whenever the profile changes.
    """

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self.home = plugin_config.get("home")
        if not self.home:
            raise PlatformError("the plugin finks_lake.dbt_plugin needs the key home in profiles.yml")

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        home = Home.of(self.home)
        open_store(conn, home)
        if home.pins_file.is_file():
            create_silver_views(conn, home, Pins.read(home.pins_file))


def create_silver_views(connection: DuckDBPyConnection, home: Home, pins: Pins) -> None:
    """Creates `silver.<e>_versions` and `silver.<e>` over the pinned snapshots."""
    connection.execute("create schema if not exists silver")
    for name, snapshot_id in pins.snapshots.items():
        entity = name.removeprefix("silver.").removesuffix(VERSIONS)
        table = read_table(home, name)
        versions = snapshot_relation(table, snapshot_id)
        newest = newest_relation(table, snapshot_id, entity)
        for view, relation in ((entity + VERSIONS, versions), (entity, newest)):
            connection.execute(f"create or replace view silver.{identifier(view)} as {relation.sql}")
