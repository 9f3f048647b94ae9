"""What the contract files say about an entity's key."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from finks_lake.errors import PlatformError
from finks_lake.home import checkout


def contracts_folder() -> Path:
    """The folder of contracts: FINKS_CONTRACTS, or schemas/avro of the checkout."""
    configured = os.environ.get("FINKS_CONTRACTS")
    return Path(configured) if configured else checkout() / "schemas" / "avro"


def key_of(entity: str) -> list[str]:
    """The key columns of an entity, in the contract's order."""
    return list(_property(entity, "key"))


def key_holds_period(entity: str) -> bool:
    """Whether all versions of a key lie in one period, since the event time, as it came, is part of the key."""
    event_time = _property(entity, "event-time")
    fields = {field["name"]: field for field in _contract(entity)["fields"]}
    return event_time in key_of(entity) and "finks.pii" not in fields[event_time]


def has_personal_data(entity: str) -> bool:
    """Whether any field of an entity is tagged as personal data; true for one without a contract."""
    if not _file(entity).exists():
        return True
    return any("PII" in field.get("confluent:tags", ()) for field in _contract(entity).get("fields", ()))


def _property(entity: str, name: str) -> Any:
    contract = _contract(entity)
    finks = contract.get("finks")
    value = finks.get(name) if isinstance(finks, dict) else contract.get(f"finks.{name}")
    if not value:
        raise PlatformError(f"{_file(entity)}: the record has no property finks.{name}")
    return value


def _file(entity: str) -> Path:
    return contracts_folder() / f"{entity}.avsc"


def _contract(entity: str) -> dict[str, Any]:
    file = _file(entity)
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PlatformError(f"entity {entity} has a table but no contract at {file}") from None
    except json.JSONDecodeError as error:
        raise PlatformError(f"{file}:{error.lineno}: not JSON: {error.msg}") from None
