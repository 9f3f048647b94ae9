"""The command line: `python -m finks_lake query | gold-build`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback

from finks_lake.errors import FinksError


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; the exit code is 0 done, 1 a gate said no, 2 usage, 3 platform."""
    options = _parser().parse_args(arguments)
    # Ending the process undoes what an interrupt would: pins of a broken build are removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return options.run(options)
    except FinksError as error:
        print(f"finks: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("finks: interrupted", file=sys.stderr)
        return 3
    except Exception as error:
        traceback.print_exc()
        print(f"finks: unexpected {type(error).__name__}: {error}", file=sys.stderr)
        return 3


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="finks_lake", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    query = commands.add_parser("query", help="SQL on the lake's tables at their current snapshots")
    query.add_argument("sql", metavar="SQL", help="one SELECT (or DESCRIBE, SHOW, SUMMARIZE, EXPLAIN)")
    query.add_argument("--home", required=True, metavar="DIR")
    query.add_argument("--as-of", metavar="INSTANT", help="what was known then, e.g. 2026-01-05T17:00:00Z")
    query.add_argument("--format", choices=("table", "csv", "json", "parquet"), default="table")
    query.add_argument("--json", action="store_const", const="json", dest="format", help="same as --format json")
    query.add_argument("--output", metavar="FILE", help="writes there instead of to stdout")
    query.add_argument("--reveal", action="store_true", help="shows quarantined payloads; is recorded in the home")
    query.add_argument("--held", metavar="RUN", help="asks the build file of a held Gold build instead")
    query.add_argument("--quiet", action="store_true")
    query.set_defaults(run=_query)

    build = commands.add_parser("gold-build", help="pins Silver, builds, tests and publishes Gold")
    build.add_argument("--home", required=True, metavar="DIR")
    build.add_argument("--select", metavar="SELECTION", help="models in dbt's selection syntax; parents come along")
    build.add_argument(
        "--run-id", metavar="ID", help="the build's id, e.g. 20260105t170000-1a2b3c4d (default: a new one)"
    )
    build.add_argument("--json", action="store_true")
    build.add_argument("--quiet", action="store_true")
    build.set_defaults(run=_gold_build)
    return parser


def _query(options: argparse.Namespace) -> int:
    from finks_lake.query import run

    return run(options)


def _gold_build(options: argparse.Namespace) -> int:
    from finks_lake.gold import run

    return run(options)


if __name__ == "__main__":
    sys.exit(main())
