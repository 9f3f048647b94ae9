"""Errors by whose fault they are; each carries the exit code of the command line."""

from __future__ import annotations


class FinksError(Exception):
    """An expected failure: the message says what, where, and what to do."""

    exit_code = 3


class UsageError(FinksError):
    """The caller asked for something that cannot be: exit code 2."""

    exit_code = 2


class PlatformError(FinksError):
    """The home, the catalog or a table is not as it must be: exit code 3."""

    exit_code = 3
