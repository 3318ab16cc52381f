"""What people lack to use a tool: this module lists needs through the gate, and writes down what is decided about them.

A need is told of at the end of a period only, in a band that stays. Whoever may not hear of a kind in the whole company
finds no such need; groups stand beside it only where an open flag of theirs may be shown anyway.
"""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Scope
from nudges.domain.barriers.needs import LONGEST_WHY, Choice, NeedVerdict, NeedView
from nudges.services.barriers.flag_gate import look_at_needs, scope_of, shown_scope, visible_flags, visible_needs
from nudges.services.core import Core
from nudges.store import audit
from nudges.store import needs as stored

CSV_COLUMNS = ("number", "tool", "kind", "people", "since", "last_heard", "where", "decision", "decided_on")
DECIDED = "decided about a need"


def needs(core: Core, viewer_id: str) -> tuple[NeedView, ...]:
    """Return the needs this person may hear of, undecided ones first; the look is written to the audit."""
    with core.db.begin() as session:
        return views(session, core, viewer_id, look_at_needs(session, core, viewer_id))


def views(session: Session, core: Core, viewer_id: str, found: Iterable[stored.StoredNeed]) -> tuple[NeedView, ...]:
    """Return needs as they may be shown to this person, with the groups of which an open flag says the same."""
    where: dict[str, list[Scope]] = {}
    for flag in visible_flags(session, core, viewer_id):
        where.setdefault(flag.kind, []).append(Scope(scope_of(flag).type, shown_scope(flag)))
    shown = [NeedView(**{**one.__dict__, "where": tuple(where.get(one.kind, ()))}) for one in found]
    return tuple(sorted(shown, key=lambda one: (bool(one.decision), one.number)))


def decide(core: Core, actor_id: str, number: int, decision: str, why: str) -> NeedVerdict:
    """Write down what was decided about a need and why, in the place of what was before."""
    if decision not in set(Choice):
        return NeedVerdict.NO_SUCH
    if not why.strip():
        return NeedVerdict.NO_WHY
    with core.db.begin() as session:
        if number not in {one.number for one in visible_needs(session, core, actor_id)}:
            return NeedVerdict.GONE
        now, said = core.clock(), why.strip()[:LONGEST_WHY]
        stored.decide(session, core.workspace_id, number, decision=decision, why=said, actor_id=actor_id, now=now)
        audit.record(session, core.workspace_id, actor_id=actor_id, action=DECIDED, subject=str(number), now=now)
    return NeedVerdict.DONE


def as_csv(found: Iterable[NeedView]) -> str:
    """Return needs for a spreadsheet: no name and no words of anybody are in it, those who decided included."""
    told = io.StringIO()
    writer = csv.DictWriter(told, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "where": "; ".join(row["where"])} for row in rows(found))
    return told.getvalue()


def as_json(found: Iterable[NeedView]) -> str:
    """Return the same for machines."""
    return json.dumps(rows(found), indent=2, ensure_ascii=False) + "\n"


def rows(found: Iterable[NeedView]) -> list[dict[str, Any]]:
    """Return needs as others may have them."""
    return [
        {
            "number": one.number,
            "tool": one.tool,
            "kind": one.kind,
            "people": one.band,
            "since": one.opened_at.date().isoformat(),
            "last_heard": one.heard_at.date().isoformat(),
            "where": [f"{scope.type.value} {scope.scope_id}" for scope in one.where],
            "decision": one.decision,
            "decided_on": one.decided_at.date().isoformat() if one.decided_at else "",
        }
        for one in sorted(found, key=lambda one: one.number)
    ]
