"""Opens the store that the lake's files are in, for pyiceberg and for DuckDB, if it is no folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from finks_lake.home import Home

# What Iceberg's Java and Python call the same thing.
PYTHON_NAMES = {"client.region": "s3.region"}


def file_properties(home: Home) -> dict[str, str]:
    """The properties by which pyiceberg reads and writes the lake's files; none for a folder."""
    return {PYTHON_NAMES.get(name, name): value for name, value in home.place.files.items()}


def open_store(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Lets a connection read `s3://` locations of the home's lake.

    DuckDB reads through Arrow's client, since its own extension for S3 cannot be had from a package
    registry of DuckDB's makers. What may be read is still `allowed_paths`.
    """
    files = file_properties(home)
    if not files:
        return
    from fsspec.implementations.arrow import ArrowFSWrapper
    from pyarrow.fs import S3FileSystem

    class ObjectStore(ArrowFSWrapper):
        protocol = "s3"

    connection.register_filesystem(
        ObjectStore(
            S3FileSystem(
                endpoint_override=files.get("s3.endpoint"),
                access_key=files.get("s3.access-key-id"),
                secret_key=files.get("s3.secret-access-key"),
                region=files.get("s3.region"),
            )
        )
    )
