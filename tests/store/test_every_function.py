"""Every public function of the store with two workspaces alike: none reads or changes a row of the other.

A function that takes an id alone is given the ids of its own workspace; one that takes a workspace and an id is given
the other's id too, and then finds nothing and changes nothing. A new function is called as the others are; a parameter
that no function has had yet needs its value in VALUES, and one that belongs to no workspace its reason in NOT_OF_ONE.
"""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

import nudges.store
from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.barriers.needs import Need
from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.people.facts import NOTHING_WANTED
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.publication import Publication
from nudges.domain.recall.recall import Met, answered
from nudges.domain.stories.stories import Consent, Story, StoryState
from nudges.store import (
    approvals,
    campaigns,
    deliveries,
    flags,
    groups,
    installations,
    message_works,
    past,
    publications,
    recall,
    stories,
    usage,
)
from nudges.store import versions as texts
from nudges.store.approvals import Approval, ApprovalKind, ApprovalReason, Decision
from nudges.store.campaigns import CampaignStatus, Member
from nudges.store.engine import Database
from nudges.store.evidence import Asked
from nudges.store.facts import Scene
from nudges.store.flags import Membership, StoredFlag
from nudges.store.groups import GroupReading
from nudges.store.installations import Installed, SealedTokens
from nudges.store.listed_people import directory_values
from nudges.store.message_works import ChangeState, Work, WorkKind
from nudges.store.needs import PostState
from nudges.store.sent_marks import Mark
from nudges.store.tables import CampaignRow, DeliveryRow, Row
from nudges.store.undecided import Question
from nudges.store.usage import Usage
from nudges.store.workshops import Place
from tests.builders import a_person, a_planned
from tests.places import PLACES, new_database
from tests.store.rows import HERE, NOON, THERE, a_campaign, a_new
from tests.store.test_tenants import ANA, HASH, LATER, fill

Function = Callable[..., Any]
EARLIER = NOON - timedelta(days=30)
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


def fill_more(session: Session, workspace_id: str) -> None:
    """Store what the other matrix does not need: approvals, orders, groups, usage, texts, counts, an installation."""
    fill(session, workspace_id)
    campaign_id = _campaign(session, workspace_id)
    approvals.ask(session, workspace_id, _approval(campaign_id))
    work_id = message_works.add(session, workspace_id, _work(campaign_id))
    message_works.add_changes(session, work_id, [f"{workspace_id}-sent"], NOON)
    groups.replace(session, workspace_id, {"S1": GroupReading(frozenset({ANA}))}, NOON)
    usage.take_over(session, workspace_id, [Usage(ANA, date(2027, 1, 4), 3, "")])
    texts.add(session, campaign_id, text="text", company_text="", text_hash="", written_by=ANA, now=NOON)
    past.add(session, campaign_id, [past.people(past.REACHED, 7)])
    installations.save(session, _installed(workspace_id), SealedTokens(f"sealed-{workspace_id}", "r", LATER))
    campaigns.stop_nudge(session, campaign_id, "planned", slack_code="x", now=NOON)
    recall.keep(session, workspace_id, _met(campaign_id))
    stories.add(session, workspace_id, _story(workspace_id))
    publications.fix_limits(session, workspace_id, 0, Limits())
    publications.keep(session, workspace_id, Publication(0, (), (Scope(ScopeType.TEAM, "T"),)))


def _story(workspace_id: str, **changes: Any) -> Story:
    day = date(2027, 1, 4)
    told = Story(f"{workspace_id}-story", HASH, f"words of {workspace_id}", Consent.INSIDE, StoryState.SHARED, day, day)
    return replace(told, author_id=ANA, decided_by=ANA, shared_on=day, **changes)


def _met(campaign_id: int, nudge_key: str = "sent") -> Met:
    card = answered(None, is_right=True, now=NOON)
    return Met(ANA, campaign_id, nudge_key, card, NOON, look_at=NOON, occurrence=2)


def _campaign(session: Session, workspace_id: str) -> int:
    return campaigns.campaigns(session, workspace_id)[0].campaign_id


def _approval(campaign_id: int) -> Approval:
    return Approval(0, campaign_id, ApprovalKind.PUBLISH, 1, "hash", ApprovalReason.PILOT, ANA, NOON)


def _work(campaign_id: int) -> Work:
    return Work(0, campaign_id, "sent", WorkKind.CORRECT, 1, ANA, NOON)


def _installed(workspace_id: str) -> Installed:
    return Installed(workspace_id, workspace_id, "", False, "A", "U", "", ANA, NOON)


def _delivery(session: Session, workspace_id: str) -> Any:
    return deliveries.find(session, workspace_id, f"{workspace_id}-sending")


def _open(session: Session, workspace_id: str) -> int:
    return approvals.open_ones(session, workspace_id)[0].approval_id


def _order(session: Session, workspace_id: str) -> int:
    return message_works.works(session, workspace_id)[0].work_id


CHANGED = json.dumps([{**directory_values(a_person(ANA, first_name="Changed")), "lot": 1}])
# What a parameter of this name is given; it may depend on the workspace. A function may have its own below.
VALUES: dict[str, Any] = {
    "workspace_id": lambda s, w: w,
    "campaign_id": _campaign,
    "campaign_ids": lambda s, w: [_campaign(s, w)],
    "campaign": lambda s, w: campaigns.campaigns(s, w)[0],
    "approval_id": _open,
    "work_id": _order,
    "story_id": lambda s, w: f"{w}-story",
    "author_hash": HASH, "today": date(2030, 1, 1), "shared_until": date(2030, 1, 1),
    "flag_id": lambda s, w: flags.flags(s, w)[0].flag_id,
    "delivery": _delivery,
    "deliveries": lambda s, w: [_delivery(s, w)],
    "delivery_id": lambda s, w: f"{w}-sent",
    "delivery_ids": lambda s, w: [f"{w}-sent", f"{w}-ben"],
    "change": lambda s, w: message_works.due(s, w, LATER, 5)[0],
    "seen": lambda s, w: installations.tokens(s, w),
    "asked": lambda s, w: Question(w, _campaign(s, w), "new-nudge", NOON),
    "scene": lambda s, w: Scene(w, LATER, campaigns.by_id(s, w, _campaign(s, w)).company_text and None),  # type: ignore[union-attr]
    "fresh": SealedTokens("new", "new", LATER),
    "tokens": SealedTokens("new", "new", LATER),
    "person_id": ANA, "person_ids": [ANA], "actor_id": ANA, "hashed": HASH, "by": ANA, "old_id": ANA, "new_id": "U0NEW",
    "published_by": ANA, "written_by": ANA, "approved_by": ANA, "first": "U0", "last": "V", "manager_id": ANA,
    "now": LATER, "before": LATER, "since": EARLIER, "after": EARLIER, "read_at": LATER, "ready_at": LATER,
    "events_before": LATER, "texts_before": LATER, "claimed_before": None, "sent_until": LATER, "lapsed": LATER,
    "week_on": date(2026, 1, 1), "starts_on": date(2027, 2, 1), "rest_starts_on": date(2027, 2, 1),
    "settle": timedelta(0), "gap": timedelta(0), "horizon": timedelta(days=900),
    "action": "look", "name": "find-an-expert", "playbook": "find-an-expert", "rules": "x", "text": "t", "code": "x",
    "company_text": "c", "text_hash": "h", "notice_key": "k", "text_key": "t", "event_id": "Ev1", "source": "dm",
    "slack_code": "x", "channel_id": "D", "message_ts": "2", "why": "", "subject": "", "tool": "", "word": "came",
    "nudge_key": "sent", "nudge_keys": ["sent", "planned"], "kept": [], "besides": "", "before_period": 9, "period": 0,
    "version": 2, "audience": 1, "limit": 50, "most": 50, "counts": True, "is_piloting": False, "quarter": 8108,
    "place": lambda s, w: Place(_campaign(s, w), "sent", ""), "seats": 3, "until": LATER, "fresh_until": LATER,
    "begin": EARLIER, "end": LATER, "monday": date(2026, 12, 28), "week": 7, "before_week": 9,
    "reasons": [SkipReason.PAUSED], "before_quarter": 8108,
    "statuses": [], "where": [], "states": [], "values": {}, "members": [Membership("other", "T", "D", "P")],
    "decision": Decision.APPROVED, "reason": "x", "state": ChangeState.DONE,
    "wanted": [Member(ANA, "all", False, NOON)], "known": None, "only": (),
    "rows": [Usage(ANA, date(2027, 1, 11), 2, "")], "people": [a_person(ANA, team="New")], "learnt": {"rate": 1.0},
    "found": {"S2": GroupReading(frozenset({ANA}))}, "planned": a_planned(LATER), "old": "T", "new": "X",
}  # fmt: skip
OWN: dict[str, dict[str, Any]] = {
    "deliveries.waiting_in_parts": {"size": 10},
    "listed_people.changes": {"listed": [a_person(ANA)], "missing": lambda s, w: list},
    "listed_people.take_over": {"changed": [CHANGED]},
    "approvals.ask": {"new": lambda s, w: _approval(_campaign(s, w))},
    "campaigns.change_status": {"old": CampaignStatus.LIVE, "new": CampaignStatus.PAUSED},
    "campaigns.create": {"new": a_campaign("another")},
    "deliveries.enqueue": {"new": lambda s, w: [a_new(f"{w}-new", campaign_id=_campaign(s, w), person_id=ANA)]},
    "deliveries.mark_skipped": {"reason": SkipReason.STOPPED},
    "deliveries.skip_person": {"reason": SkipReason.STOPPED},
    "deliveries.skip_waiting": {"reason": SkipReason.STOPPED},
    "evidence.add_report": {"kind": "lacks_skill", "weight": 1.0, "week": 2},
    "evidence.ask": {"new": Asked("ask-new", "no_time", "", None, NOON)},
    "evidence.take_back": {"kind": "no_time", "after_period": -1},
    "evidence.drop_guess": {"kind": "no_time"},
    "evidence.forget_ask": {"kind": "no_time"},
    "evidence.prune": {"asked_before": LATER},
    "evidence.settle_ask": {"ask_id": "ask-of-ana"},
    "responses.erase_text": {"reply_id": 1},
    "flags.change_state": {"old": "open", "new": "resolved"},
    "flag_history.note": {"what": "opened"},
    "flag_history.history": {"flag_ids": lambda s, w: [flags.flags(s, w)[0].flag_id]},
    "flag_history.prune": {"settled": ["dismissed"]},
    "flag_lives.change": {"old": lambda s, w: flags.flags(s, w)[0]},
    "flags.close_period": {"period": 3},
    "flags.freeze_membership": {"period": 3},
    "publications.keep": {"publication": Publication(3, (), (Scope(ScopeType.TEAM, "T"),))},
    "publications.fix_limits": {"period": 3, "limits": Limits()},
    "flags.open_flag": {"new": StoredFlag(0, "team", "U", "no_time", "early", "5-9", "open", ANA, (), 0, NOON)},
    "installations.save": {"new": lambda s, w: _installed(w)},
    "message_works.add": {"new": lambda s, w: _work(_campaign(s, w))},
    "forgotten.mark_cleared": {"those": lambda s, w: [(w, HASH)]},
    "weekly_counts.add_usage": {"counts": []},
    "weekly_counts.keep": {"counts": []},
    "needs.hear": {"found": [Need(BarrierKind.LACKS_SKILL, "Canvas", "5-9")]},
    "needs.decide": {"number": 1, "decision": "adopt"},
    "needs.keep_post": {"state": PostState("told", 1, LATER, NOON)},
    "past.add": {"counts": [past.people(past.REACHED, 2)]},
    "wishes.change_preference": {"changes": {"stopped_at": None}},
    "wishes.change_preferences": {"changes": {ANA: {"stopped_at": None}}},
    "sent_marks.mark_all_sent": {"marks": lambda s, w: [Mark(_delivery(s, w), "D", "1.1", LATER)]},
    "recall.keep_all": {"several": lambda s, w: [_met(_campaign(s, w), "planned")]},
    "recall.keep": {"met": lambda s, w: _met(_campaign(s, w), "planned")},
    "recall.people_due": {"after": ""},
    "reports.count_where": {"statuses": [DeliveryStatus.SENT, DeliveryStatus.SENDING]},
    "responses.add": {"kind": ResponseKind.TRY_IT},
    "responses.has": {"kind": ResponseKind.TRY_IT},
    "rollups.kinds": {"wanted": ["delivery"]},
    "rollups.messages_before": {"statuses": ["sent", "planned"]},
    "weekly_counts.weeks_without_usage": {"since": 0},
    "rollups.nudges": {"statuses": ["sent", "planned"], "since": None},
    "stories.add": {"new": lambda s, w: _story(w, story_id=f"{w}-new")},
    "stories.change": {"old": lambda s, w: _story(w), "new": lambda s, w: _story(w, words="other words")},
    "undecided.undecided": {"after": ""},
    "usage.prune": {"before": date(2030, 1, 1)},
    "facts.behaviours": {"wanted": NOTHING_WANTED},
}
# They give a number that the database draws, which depends on how many rows came before.
NUMBERED = ("approvals.ask", "campaigns.create", "flags.open_flag", "message_works.add", "responses.keep_text")
# Made in a way of their own by those who build them, and tried there with two workspaces.
ELSEWHERE = {
    "foreseeing.got": "tests/services/test_forecast_equals.py",
    "deliveries.enqueue_all": "tests/services/test_swapped_ids.py",
    "facts.behaviours": "tests/store/test_segment_sql.py",
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
        found.append((plain, rows(session, HERE), rows(session, THERE)))
        raise _Undone
    return found[0]


def rows(session: Session, workspace_id: str) -> Rows:
    """Return everything that belongs to a workspace, as it stands in this transaction."""
    mine = select(col(CampaignRow.campaign_id)).where(col(CampaignRow.workspace_id) == workspace_id)
    ids = set(session.execute(mine).scalars())
    found: Rows = {}
    for table in Row.metadata.sorted_tables:
        every = [dict(row) for row in session.execute(select(table)).mappings()]
        found[table.name] = [
            row for row in every if row.get("workspace_id", workspace_id) == workspace_id
            and ("workspace_id" in row or row.get("campaign_id") in ids)
        ]  # fmt: skip
    return found


def _plain(given: Any) -> Any:
    return list(given) if hasattr(given, "__next__") else given


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with one workspace."""
    yield from _filled(tmp_path_factory.mktemp("alone") / "store.db", HERE)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The same with another one in it; ids of the first are the same in both databases."""
    yield from _filled(tmp_path_factory.mktemp("both") / "store.db", HERE, THERE)


def _filled(path: Path, *workspaces: str) -> Iterator[Database]:
    database = new_database(path)
    for workspace_id in workspaces:
        with database.begin() as session:
            fill_more(session, workspace_id)
    yield database
    database.close()
    PLACES.leave(path)


def before(db: Database) -> tuple[Rows, Rows]:
    """Return the rows of both workspaces as they were stored."""
    with db.reading() as session:
        return rows(session, HERE), rows(session, THERE)


@pytest.mark.parametrize("name", sorted(set(OF_ONE) - set(ELSEWHERE)))
def test_no_row_of_the_other_is_read_or_changed(name: str, alone: Database, both: Database) -> None:
    given, here, there = outcome(both, name, OF_ONE[name])
    given_alone, here_alone, _ = outcome(alone, name, OF_ONE[name])
    assert given == given_alone or name in NUMBERED, "reads rows of the other"
    assert there == before(both)[1], "changes rows of the other"
    assert _comparable(here) == _comparable(here_alone), "writes what it read of the other"


IDS = {"story_id", "campaign_id", "approval_id", "work_id", "flag_id", "delivery_id", "delivery_ids"}
# They keep an id as it is given; their services ask first whose it is (tests/services/test_swapped_ids.py).
KEPT = {"saved.add"}
BOTH = sorted(
    name
    for name, function in OF_ONE.items()
    if name not in ELSEWHERE
    and name not in KEPT
    and "workspace_id" in inspect.signature(function).parameters
    and any(one in IDS and kind.default is kind.empty for one, kind in inspect.signature(function).parameters.items())
)


@pytest.mark.parametrize("name", BOTH)
def test_with_an_id_of_the_other_nothing_is_found_and_nothing_changed(name: str, both: Database) -> None:
    given, *after = outcome(both, name, OF_ONE[name], mine=HERE, ids_of=THERE)
    assert THERE not in given
    assert tuple(after) == before(both)


def test_what_would_leak_is_caught(alone: Database, both: Database) -> None:
    def leaks(session: Session, workspace_id: str) -> int:
        return len(session.execute(select(DeliveryRow)).all())

    def spoils(session: Session, campaign_id: int) -> None:
        session.execute(update(DeliveryRow).where(col(DeliveryRow.campaign_id) != 0).values(reason="x"))

    assert outcome(both, "leaks", leaks)[0] != outcome(alone, "leaks", leaks)[0]
    assert outcome(both, "spoils", spoils)[2] != before(both)[1]


def test_nothing_stands_in_the_lists_that_is_not_there() -> None:
    modules = {name.partition(".")[0] for name in ALL}
    assert {name for name in OWN if name not in ALL} == set()
    assert {name for name in NOT_OF_ONE if "." in name and name not in ALL} <= {"campaigns.content_hash_of"}
    assert {name for name in NOT_OF_ONE if "." not in name} <= modules | {"homes", "drawing", "additions"}


def _comparable(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Leave out numbers that the database gives, which depend on how many rows came before."""
    given = ("audit_id", "flag_id", "reply_id", "campaign_id", "approval_id", "work_id")
    return {
        table: sorted(({name: value for name, value in row.items() if name not in given} for row in rows), key=repr)
        for table, rows in found.items()
    }


def test_where_a_function_is_tried_elsewhere_that_test_is_there() -> None:
    root = Path(__file__).parents[2]
    assert [path for path in ELSEWHERE.values() if not (root / path).is_file()] == []
