"""Which type stands where in a file: this module follows the types of playbooks along keys and lists, for `fmt`."""

from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from nudges.domain.editing.key_order import keys_in_order
from nudges.domain.files.nudge_shapes import KINDS
from nudges.domain.playbooks.playbook import AfterNudge, FixedDay, Part

Shape = Any  # an annotation, or None where nothing is known
_WHEN = tuple(dict.fromkeys([*keys_in_order(FixedDay)[:2], *keys_in_order(AfterNudge), *keys_in_order(FixedDay)]))


def model_of(shape: Shape, keys: Sequence[str]) -> type[Part] | None:
    """Return the type of a block with these keys, or None when it is no part of ours."""
    for candidate in _members(shape):
        if candidate in KINDS.values():
            kind = next((word for word in KINDS if word in keys), "tip")
            return KINDS[kind]
        if isinstance(candidate, type) and issubclass(candidate, Part):
            return candidate
    return None


def order_of(shape: Shape, keys: Sequence[str]) -> list[str]:
    """Return the keys in the order in which they are written; those nobody knows stay behind the known ones."""
    model = model_of(shape, keys)
    if model is None:
        return list(keys)
    known = _WHEN if model in (FixedDay, AfterNudge) else keys_in_order(model)
    return sorted(keys, key=lambda key: known.index(key) if key in known else len(known))


def under(shape: Shape, keys: Sequence[str], key: str) -> Shape:
    """Return what stands under a key of a block."""
    model = model_of(shape, keys)
    if model is AfterNudge or model is FixedDay:
        model = AfterNudge if key in AfterNudge.fields_by_key() else FixedDay
    if model is not None:
        field = model.fields_by_key().get(key)
        return field.annotation if field else None
    mapping = next((one for one in _members(shape) if get_origin(one) is Mapping), None)
    return get_args(mapping)[1] if mapping else None


def item_of(shape: Shape) -> Shape:
    """Return what stands in a list."""
    listed = next((one for one in _members(shape) if get_origin(one) is tuple), None)
    return get_args(listed)[0] if listed else None


def is_switch(shape: Shape) -> bool:
    """Return whether `yes` and `no` mean true and false here."""
    return bool in _members(shape)


def _members(shape: Shape) -> tuple[Any, ...]:
    origin: Any = get_origin(shape)
    if origin is Annotated:
        return _members(get_args(shape)[0])
    if origin in (Union, UnionType):
        return tuple(member for part in get_args(shape) for member in _members(part))
    return (shape,)
