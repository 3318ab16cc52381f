"""Every public function of the store: this module finds them, calls one and tells what it gave and changed."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import nudges.store
from nudges.store.engine import Database
from nudges.store.tables import Row
from tests.store.function_values import OWN, VALUES
from tests.store.rows import HERE, THERE

Function = Callable[..., Any]
# Modules and single functions that are about the database, about a process, or about all workspaces by their task.
NOT_OF_ONE = {
    "engine": "runs what it is given",
    "fetching": "runs what it is given",
    "once": "makes what it is given",
    "carrying": "between two whole databases",
    "homes": "which server this is",
    "processes": "about processes",
    "oauth_states": "before there is a workspace",
    "work_due": "names the workspaces that have work, for the queue",
    "additions": "adds rows that were made elsewhere",
    "drawing": "asks what segment_sql built for one workspace, which has tests of its own",
    "fact_conditions": "builds a condition and reads nothing",
    "people.those": "asks what it is given",
    "campaigns.content_hash_of": "reads nothing",
    "foreseeing.next_campaign_id": "a number that is free everywhere",
    "instance.instance": "the database",
    "instance.create_instance": "the database",
    "instance.advance_epoch": "the database",
    "instance.move_home": "the database",
    "instance.workspaces": "all of them",
    "instance.ended_before": "all of them",
    "installations.live": "all of them",
    "rollups.differences": "a check of the whole",
    "rollups.is_watched": "the database",
    "rollups.tidy": "all of them",
}


def public() -> Iterator[tuple[str, Function]]:
    """Give every public function of the store whose first parameter is a session."""
    for found in pkgutil.iter_modules(nudges.store.__path__):
        if found.name in ("tables", "migrations"):
            continue
        module = importlib.import_module(f"nudges.store.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and next(iter(inspect.signature(function).parameters), "") == "session":
                yield f"{found.name}.{name}", function


ALL = dict(public())
OF_ONE = {
    name: function
    for name, function in ALL.items()
    if name not in NOT_OF_ONE and name.partition(".")[0] not in NOT_OF_ONE
}


def arguments(
    name: str, function: Function, session: Session, mine: str, ids_of: str
) -> tuple[list[Any], dict[str, Any]]:
    """Return what to call a function with: workspaces are `mine`, every other id is of `ids_of`."""
    placed: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        own = OWN.get(name, {})
        if parameter.name not in own and parameter.default is not inspect.Parameter.empty:
            continue
        assert parameter.name in own or parameter.name in VALUES, f"{name}: say in VALUES what `{parameter.name}` is"
        given = own.get(parameter.name, VALUES.get(parameter.name))
        value = given(session, mine if parameter.name == "workspace_id" else ids_of) if callable(given) else given
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            placed += value
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            named |= value
        elif parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            placed.append(value)
    return placed, named


class _Undone(Exception):
    """Ends a transaction without a trace, so that one database serves all tests."""


Rows = dict[str, list[dict[str, Any]]]


def outcome(
    db: Database, name: str, function: Function, mine: str = HERE, ids_of: str = HERE
) -> tuple[str, Rows, Rows]:
    """Call it and undo it; return what it gives, as plain as can be, and the rows of both workspaces after it."""
    found: list[tuple[str, Rows, Rows]] = []
    with suppress(_Undone), db.begin() as session:
        placed, named = arguments(name, function, session, mine, ids_of)
        given = function(session, *placed, **named)
        plain = repr(sorted(given, key=repr) if isinstance(given, set | frozenset) else _plain(given))
        session.flush()
        here, there = rows(session, HERE, THERE)
        found.append((plain, here, there))
        raise _Undone
    return found[0]


def rows(session: Session, *workspace_ids: str) -> tuple[Rows, ...]:
    """Return everything that belongs to each of these workspaces, as it stands in this transaction."""
    every = {
        table.name: [dict(row) for row in session.execute(select(table)).mappings()]
        for table in Row.metadata.sorted_tables
    }
    return tuple(_of(workspace_id, every) for workspace_id in workspace_ids)


def _of(workspace_id: str, every: Rows) -> Rows:
    ids = {row["campaign_id"] for row in every["campaigns"] if row["workspace_id"] == workspace_id}
    return {
        name: [
            row for row in found if row.get("workspace_id", workspace_id) == workspace_id
            and ("workspace_id" in row or row.get("campaign_id") in ids)
        ]
        for name, found in every.items()
    }  # fmt: skip


def _plain(given: Any) -> Any:
    return list(given) if hasattr(given, "__next__") else given
