"""Writes a result as a table, CSV, JSON or Parquet.

JSON: counts are numbers, decimals strings, times ISO-8601 in UTC, binary hexadecimal.
"""

from __future__ import annotations

import csv
import itertools
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import duckdb

from finks_lake.errors import UsageError

BATCH_ROWS = 10_000
WIDTH_SAMPLE_ROWS = 1_000
NUMERIC = ("INT", "DECIMAL", "DOUBLE", "FLOAT")


def render(result: duckdb.DuckDBPyConnection, form: str, output: str | None) -> int:
    """Writes the pending result of a connection; returns the number of rows."""
    if form == "parquet":
        return _parquet(result, output)
    writer: Callable[[duckdb.DuckDBPyConnection, TextIO], int] = {"table": _table, "csv": _csv, "json": _json}[form]
    with _text(output) as stream:
        return writer(result, stream)


def json_value(value: Any) -> Any:
    """A value as JSON carries it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    if isinstance(value, dict):
        return {str(json_value(key)): json_value(item) for key, item in value.items()}
    return text_value(value)


def text_value(value: Any) -> str:
    """A value as plain text; null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        instant = value.astimezone(timezone.utc) if value.tzinfo else value
        return instant.isoformat().replace("+00:00", "Z")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(json_value(value), ensure_ascii=False)
    if isinstance(value, (timedelta, UUID)):
        return str(value)
    return str(value)


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := result.fetchmany(BATCH_ROWS):
        yield from batch


def _names(result: duckdb.DuckDBPyConnection) -> list[str]:
    return [column[0] for column in result.description or []]


def _json(result: duckdb.DuckDBPyConnection, stream: TextIO) -> int:
    columns = [{"name": column[0], "type": str(column[1])} for column in result.description or []]
    names = [column["name"] for column in columns]
    stream.write('{"columns": ' + json.dumps(columns) + ', "rows": [')
    count = 0
    for row in _rows(result):
        document = {name: json_value(value) for name, value in zip(names, row, strict=True)}
        stream.write(("," if count else "") + "\n" + json.dumps(document, ensure_ascii=False))
        count += 1
    stream.write("\n]}\n" if count else "]}\n")
    return count


def _csv(result: duckdb.DuckDBPyConnection, stream: TextIO) -> int:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_names(result))
    count = 0
    for row in _rows(result):
        writer.writerow([text_value(value) for value in row])
        count += 1
    return count


def _table(result: duckdb.DuckDBPyConnection, stream: TextIO) -> int:
    """Aligns columns by the first rows; a longer cell further down only shifts its own line."""
    names = _names(result)
    right = [any(kind in str(column[1]).upper() for kind in NUMERIC) for column in result.description or []]
    rows = _rows(result)
    sample = [[_cell(value) for value in row] for row in itertools.islice(rows, WIDTH_SAMPLE_ROWS)]
    widths = [max([len(name), *(len(row[index]) for row in sample)]) for index, name in enumerate(names)]

    def line(cells: list[str]) -> str:
        padded = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True)]
        return "  ".join(padded).rstrip() + "\n"

    stream.write(line(names))
    stream.write("  ".join("-" * width for width in widths) + "\n")
    count = 0
    for cells in sample:
        stream.write(line(cells))
        count += 1
    for row in rows:
        stream.write(line([_cell(value) for value in row]))
        count += 1
    return count


def _cell(value: Any) -> str:
    return "null" if value is None else text_value(value).replace("\n", "\\n")


def _parquet(result: duckdb.DuckDBPyConnection, output: str | None) -> int:
    if output is None and sys.stdout.isatty():
        raise UsageError("Parquet is binary: name a file with --output, or redirect stdout")
    import pyarrow.parquet as parquet

    count = 0
    with (
        _binary(output) as target,
        result.to_arrow_reader(BATCH_ROWS) as batches,
        parquet.ParquetWriter(target, batches.schema, compression="zstd") as writer,
    ):
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


@contextmanager
def _text(output: str | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    with _replacing(output) as path, path.open("w", encoding="utf-8", newline="") as stream:
        yield stream


@contextmanager
def _binary(output: str | None) -> Iterator[Any]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    with _replacing(output) as path:
        yield str(path)


@contextmanager
def _replacing(output: str) -> Iterator[Path]:
    """A file beside the target that takes its place only when everything was written."""
    target = Path(output).expanduser().resolve()
    if not target.parent.is_dir():
        raise UsageError(f"--output {output}: there is no folder {target.parent}")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    path = Path(name)
    try:
        yield path
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)
