"""Statements past the library: this module runs on SQLite what was built once, without the layers above the driver.

The library takes ten times as long round a small statement as SQLite for the statement itself. What it knows of one is
kept here instead: its text, how values are bound and how columns are read. Wherever more is asked of it, it is asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Connection, Delete, Dialect, Executable, Insert, Select, Update
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TupleType

MOST_LISTED = 64  # values in a list; each length is a text of its own to the driver
_MARK = "__[POSTCOMPILE_"  # where the library puts the values of a list
_Process = Callable[[Any], Any] | None


class QuickResult(IteratorResult[*tuple[Any, ...]]):
    """The rows of a statement, and how many it changed."""

    def __init__(self, columns: SimpleResultMetaData, rows: list[Any], rowcount: int) -> None:
        super().__init__(columns, iter(rows))
        self.rowcount = rowcount


@dataclass(frozen=True, slots=True)
class _Place:
    """One value of a statement: whose it is, how it is bound, and what it always is where it is not given."""

    name: str
    process: _Process
    list_mark: str  # what stands in the text for a list; empty for a single value
    always: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What the library knows of a statement for values of these names."""

    text: str
    places: tuple[_Place, ...]
    columns: SimpleResultMetaData


_known: WeakKeyDictionary[Executable, dict[tuple[str, ...], _Known | None]] = WeakKeyDictionary()


def driver_of(connection: Connection) -> Any:
    """Return the driver's own connection, or None where the library must be asked."""
    said = connection.dispatch
    if connection.dialect.name != "sqlite" or said.before_cursor_execute or said.after_cursor_execute:
        return None  # who wants to hear of statements hears of all
    return connection.connection.dbapi_connection


def run_quickly(driver: Any, dialect: Dialect, statement: Executable, values: Mapping[str, Any]) -> QuickResult | None:
    """Return what the statement gave; None, and nothing was run, where the library must be asked."""
    known = _known_of(statement, dialect, tuple(values))
    filled = None if known is None else _filled(known, values)
    if known is None or filled is None:
        return None
    cursor = driver.execute(*filled)
    return QuickResult(known.columns, cursor.fetchall(), cursor.rowcount)


def run_many_quickly(
    driver: Any, dialect: Dialect, statement: Executable, rows: Sequence[Mapping[str, Any]]
) -> int | None:
    """Run it for each of these values, which have the same names; return how many rows changed, or None as above."""
    known = _known_of(statement, dialect, tuple(rows[0]))
    if known is None or any(place.list_mark for place in known.places):
        return None
    bound = [filled[1] for values in rows if (filled := _filled(known, values)) is not None]
    return int(driver.executemany(known.text, bound).rowcount)


def _known_of(statement: Executable, dialect: Dialect, names: tuple[str, ...]) -> _Known | None:
    by_names = _known.get(statement)
    if by_names is None:
        by_names = _known.setdefault(statement, {})
    if names not in by_names:
        by_names[names] = _understood(statement, dialect, names)
    return by_names[names]


def _filled(known: _Known, values: Mapping[str, Any]) -> tuple[str, list[Any]] | None:
    """Return the text and what is bound in it; None for a list that the library must take apart."""
    text, bound = known.text, list[Any]()
    for place in known.places:
        if place.always is not None:
            bound += place.always
            continue
        value, process = values[place.name], place.process
        if not place.list_mark:
            bound.append(value if process is None else process(value))
            continue
        if type(value) not in (list, tuple) or not 0 < len(value) <= MOST_LISTED:
            return None
        text = text.replace(place.list_mark, _marks(len(value)))
        bound += value if process is None else map(process, value)
    return text, bound


def _understood(statement: Executable, dialect: Dialect, names: tuple[str, ...]) -> _Known | None:
    """Return what is to be known, or None for what only the library can do."""
    if not isinstance(statement, Select | Insert | Update | Delete):
        return None
    compiled = statement.compile(dialect=dialect, column_keys=sorted(names))
    if not isinstance(compiled, SQLCompiler) or compiled.insert_prefetch or compiled.update_prefetch:
        return None
    asked = compiled.positiontup or []
    binds = {name: compiled.binds[name] for name in asked}
    if not all(_is_plain(one, is_given=name in names) for name, one in binds.items()):
        return None
    places = {name: _place(name, one, dialect, is_given=name in names) for name, one in binds.items()}
    text = compiled.string
    for place in places.values():
        if place.always is not None and place.list_mark:
            text = text.replace(place.list_mark, _marks(len(place.always)))
    has_more = text.count(_MARK) > sum(text.count(one.list_mark) for one in places.values() if one.list_mark)
    return None if has_more else _Known(text, tuple(places[name] for name in asked), _columns(statement, dialect))


def _is_plain(bind: BindParameter[Any], *, is_given: bool) -> bool:
    if bind.callable is not None or isinstance(bind.type, TupleType):
        return False
    return is_given or not (bind.required or (bind.expanding and not bind.value))


def _place(name: str, bind: BindParameter[Any], dialect: Dialect, *, is_given: bool) -> _Place:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    mark = f"{_MARK}{name}]" if bind.expanding else ""
    if is_given:
        return _Place(name, process, mark, None)
    values: Iterable[Any] = (bind.value or ()) if bind.expanding else [bind.value]
    return _Place(name, process, mark, tuple(process(one) if process else one for one in values))


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _columns(statement: Select[Any] | Insert | Update | Delete, dialect: Dialect) -> SimpleResultMetaData:
    """Return the names of the columns that come back, and how what the driver gives for each is read."""
    columns = statement.exported_columns.items()
    reading = [column.type.dialect_impl(dialect).result_processor(dialect, None) for _, column in columns]
    return SimpleResultMetaData([str(name) for name, _ in columns], _processors=reading if any(reading) else None)
