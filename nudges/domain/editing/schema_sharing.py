"""What a schema says many times, said once: this module moves repeated pieces behind references.

Beside a reference only a description and examples stay, which draft 7 allows itself to overlook.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
WORTH_SHARING = 150  # characters; a shorter piece reads better where it stands
_WORDS = ("description", "examples")
# Below these stand names or values and not schemas.
_NOT_SCHEMAS = frozenset(("enum", "const", "examples", "required", "type"))


def share_repeats(schema: Schema) -> Schema:
    """Return the same schema with its repeated pieces under `definitions`."""
    counts = Counter(_key(piece) for piece in _pieces(schema) if _is_long(piece))
    repeated = [key for key, count in counts.items() if count > 1]
    names = {key: f"piece-{number}" for number, key in enumerate(repeated, start=1)}
    pieces = {name: _shared(json.loads(key), names, is_own=True) for key, name in names.items()}
    whole = _shared(schema, names, is_own=True)
    definitions = {**whole.get("definitions", {}), **pieces}
    return {**whole, **({"definitions": definitions} if definitions else {})}


def _pieces(value: Any, *, is_bag: bool = False) -> Iterator[Schema]:
    """Give the schemas; a bag of properties is none, though a property may be called `if`."""
    if isinstance(value, list):
        for item in value:
            yield from _pieces(item)
    elif isinstance(value, dict):
        if not is_bag:
            yield value
        for key, inner in value.items():
            if is_bag or key not in _NOT_SCHEMAS:
                yield from _pieces(inner, is_bag=key == "properties" and not is_bag)


def _is_long(piece: Schema) -> bool:
    return any(key in piece for key in ("type", "if", "pattern", "enum")) and len(_key(piece)) > WORTH_SHARING


def _key(piece: Schema) -> str:
    return json.dumps({key: value for key, value in piece.items() if key not in _WORDS})


def _shared(value: Any, names: dict[str, str], *, is_own: bool = False) -> Any:
    if isinstance(value, list):
        return [_shared(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    name = None if is_own else names.get(_key(value))
    if name is not None:
        words = {key: value[key] for key in _WORDS if key in value}
        return {**words, "$ref": f"#/definitions/{name}"}
    return {key: inner if key in _NOT_SCHEMAS else _shared(inner, names) for key, inner in value.items()}
