"""All that is stored about one person: this module is the table of its parts, each read for their eyes alone.

Whatever table holds somebody has its part here; tests/services/test_data_map.py walks the tables and asks for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.recall.recall import Met
from nudges.services.barriers import flag_gate
from nudges.services.barriers.periods import closes_at
from nudges.services.core import Core
from nudges.services.stories.story_look import stories_of
from nudges.store import (
    audit,
    campaigns,
    evidence,
    flag_history,
    flags,
    forgotten,
    groups,
    needs,
    people,
    recall,
    reports,
    responses,
    saved,
    usage,
    votes,
    workshops,
)

Records = list[dict[str, Any]]
_READABLE = {"nudge_key": "nudge", "status": "state", "reason": "reason", "due_at": "due", "sent_at": "sent"}
_OF_MEMBER = {"segment": "as", "is_held_out": "spared", "entered_at": "since", "left_at": "until"}
_OF_VOTE = {"playbook": "playbook", "voted_at": "at", "ended_at": "until"}
_OF_PLACE = {"team": "team", "department": "department", "place": "place"}


@dataclass(frozen=True)
class Asked:
    """Who asks, by their id and by the hash under which some of it is kept."""

    session: Session
    core: Core
    person_id: str
    hashed: str

    @property
    def workspace_id(self) -> str:
        """Return where they are."""
        return self.core.workspace_id

    @cached_property
    def campaign_names(self) -> Mapping[int, str]:
        """Return the names of the campaigns, which say more than their numbers."""
        return {one.campaign_id: one.name for one in campaigns.campaigns(self.session, self.workspace_id)}

    @cached_property
    def deliveries(self) -> Records:
        """Return the rows of all that was planned for them or sent."""
        return reports.rows_of_person(self.session, self.workspace_id, self.person_id)


def read_parts(asked: Asked) -> dict[str, Any]:
    """Return every part, ready for JSON; one that holds nothing is empty."""
    return {name: read(asked) for name, read in PARTS.items()}


def _person(asked: Asked) -> dict[str, Any]:
    person = people.person(asked.session, asked.workspace_id, asked.person_id)
    if person is None:
        return {}
    return _filled(person.__dict__) | {"kind": person.kind.value, "attributes": dict(person.attributes)}


def _wishes(asked: Asked) -> dict[str, Any]:
    return _filled(people.preference(asked.session, asked.workspace_id, asked.person_id).__dict__)


def _nudges(asked: Asked) -> Records:
    return [_filled(row, **_READABLE) for row in asked.deliveries]


def _responses(asked: Asked) -> Records:
    return responses.responses_of(asked.session, asked.workspace_id, asked.person_id)


def _typed(asked: Asked) -> Records:
    found = responses.texts_of(asked.session, asked.workspace_id, asked.hashed)
    return [{"at": at, "where": source, "text": text} for at, source, text in found]


def _reported(asked: Asked) -> Records:
    found = evidence.reports_of_person(asked.session, asked.workspace_id, asked.hashed)
    closed = flags.last_closed(asked.session, asked.workspace_id)
    return [_report(asked, one, is_open=one.period > closed) for one in found]


def _report(asked: Asked, one: evidence.OwnReport, *, is_open: bool) -> dict[str, Any]:
    """Return what a person said, what it weighs (1 is their own tap), and until when they may take it back."""
    said = {"kind": one.kind, **_filled({"playbook": one.playbook, "week": one.week}), "period": one.period}
    until = {"take_back_until": closes_at(asked.session, asked.core, one.period)} if is_open else {}
    return said | {"weight": one.weight} | until


def _asked_back(asked: Asked) -> Records:
    found = evidence.asked(asked.session, asked.workspace_id, asked.hashed)
    return [_filled({"at": found.asked_at, "kind": found.kind, "playbook": found.playbook})] if found else []


def _meant_for(asked: Asked) -> Records:
    found = campaigns.memberships_of(asked.session, asked.workspace_id, asked.person_id)
    return [{"campaign": name, **_filled(member.__dict__, **_OF_MEMBER)} for name, member in found]


def _stood_in(asked: Asked) -> Records:
    found = flags.memberships_of_person(asked.session, asked.workspace_id, asked.hashed)
    return [{"period": period, **_filled(where.__dict__, **_OF_PLACE)} for period, where in found]


def _saved(asked: Asked) -> Records:
    found = saved.saved_by(asked.session, asked.workspace_id, asked.person_id)
    return [{"campaign": asked.campaign_names.get(one, ""), "nudge": key, "at": at} for one, key, at in found]


def _voted(asked: Asked) -> Records:
    found = votes.votes_of(asked.session, asked.workspace_id, asked.person_id)
    return [{"quarter": quarter, **_filled(one.__dict__, **_OF_VOTE)} for quarter, one in found]


def _questions(asked: Asked) -> Records:
    found = recall.met_by(asked.session, asked.workspace_id, asked.person_id)
    return [{"campaign": asked.campaign_names.get(one.campaign_id, ""), **_question(one)} for one in found]


def _question(met: Met) -> dict[str, Any]:
    """Return a question the person has met: when it comes back, and what their memory of it is reckoned from."""
    card = {name: value for name, value in met.card.__dict__.items() if name not in ("due_at", "answered_at")}
    back = {} if met.ended else {"back_from": met.card.due_at, "looked_at_again": met.look_at}
    times = {"met": met.met_at, "answered": met.card.answered_at, **back}
    asked = {"times_asked": met.occurrence, "rests_because": met.ended}
    return {"question": met.nudge_key, **_filled({**times, **asked, **card})}


def _workshops(asked: Asked) -> Records:
    found = workshops.seats_of(asked.session, asked.workspace_id, asked.person_id)
    return [
        {"campaign": asked.campaign_names.get(one.place.campaign_id, "")}
        | _filled(one.place.__dict__, nudge_key="nudge", session="held")
        | {"seat": one.state.value, "at": one.asked_at}
        | _filled({"you_said": one.presence.own, "the_host_said": one.presence.host, "counts": one.presence.word})
        for one in found
    ]


def _stories(asked: Asked) -> Records:
    return stories_of(asked.session, asked.core, asked.person_id)


def _in_groups(asked: Asked) -> Records:
    return [{"group": one} for one in groups.groups_of(asked.session, asked.workspace_id, asked.person_id)]


def _used(asked: Asked) -> Records:
    found = usage.usage_of(asked.session, asked.workspace_id, asked.person_id)
    return [{"week": one.week_on, "tool": one.tool, "days": one.active_days} for one in found]


def _owner_of(asked: Asked) -> Records:
    return [{"flag": one} for one in flags.owned_by(asked.session, asked.workspace_id, asked.person_id)]


def _did_with_flags(asked: Asked) -> Records:
    """Return what they did with flags or were given; never about what anybody reported."""
    found = flag_history.done_by(asked.session, asked.workspace_id, asked.person_id)
    return [_filled({"flag": one.flag_id, "what": one.what, "detail": one.detail, "at": one.at}) for one in found]


def _decided_on_needs(asked: Asked) -> Records:
    found = needs.decided_by(asked.session, asked.workspace_id, asked.person_id)
    return [{"need": one.number, "decision": one.decision, "why": one.why, "at": one.decided_at} for one in found]


def _looked_at(asked: Asked) -> Records:
    found = audit.lines_of(asked.session, asked.workspace_id, asked.person_id)
    return [{"at": at, "what": action, "about": subject} for at, action, subject in found]


def _groups_looked_at(asked: Asked) -> Records:
    """Return who looked at what is known of groups, where the person stands in one; at which is not written down."""
    if not _stood_in(asked):
        return []
    return [{"on": on, "who": who, "what": what} for on, who, what in flag_gate.looks(asked.session, asked.core)]


def _forgotten(asked: Asked) -> dict[str, Any]:
    at = forgotten.at(asked.session, asked.workspace_id, asked.hashed)
    return {"at": at} if at else {}


def _kept_with_nudges(asked: Asked) -> Records:
    return [_filled({name: row[name] for name in row if name not in _READABLE}) for row in asked.deliveries]


def _filled(values: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Return what holds something, under these names where some are given."""
    chosen = names or {name: name for name in values}
    return {shown: values[name] for name, shown in chosen.items() if values[name]}


# In the order in which people read it; each has its title in bot/texts under `my_data`.
PARTS: Mapping[str, Callable[[Asked], Any]] = {
    "person": _person,
    "wishes": _wishes,
    "nudges": _nudges,
    "responses": _responses,
    "typed": _typed,
    "reported": _reported,
    "asked_back": _asked_back,
    "meant_for": _meant_for,
    "stood_in": _stood_in,
    "saved": _saved,
    "voted": _voted,
    "questions": _questions,
    "workshops": _workshops,
    "stories": _stories,
    "in_groups": _in_groups,
    "used": _used,
    "owner_of": _owner_of,
    "flags": _did_with_flags,
    "needs": _decided_on_needs,
    "looked_at": _looked_at,
    "groups_looked_at": _groups_looked_at,
    "forgotten": _forgotten,
    "kept_with_nudges": _kept_with_nudges,
}
