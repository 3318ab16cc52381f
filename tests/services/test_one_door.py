"""Flags and counts leave by one door (P9 to P13, P15): this module walks every surface, and looks for ways round."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bot.blocks.surfaces import home_view
from bot.listeners.command_table import READINGS, Call
from bot.metrics_page import Figures
from nudges.domain.barriers.barriers import ScopeType
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.told.classify import classify
from nudges.errors import NudgerError
from nudges.services.answers.record_response import record_barrier
from nudges.services.barriers import flag_gate
from nudges.services.barriers.flag_gate import look_at_counts, looks, note_told, notice_values
from nudges.services.barriers.publish_periods import limits_in
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.core import Core
from nudges.services.keeping.forget_person import forget
from nudges.services.measuring.export import as_json, export
from nudges.services.measuring.read_status import status
from nudges.services.own.glass_box import my_data
from nudges.services.own.own_home import home
from nudges.store import audit, flags, publications
from nudges.store.flags import StoredFlag
from nudges.store.tables import AuditRow, FlagRow, PeriodLimitsRow, PublicationRow
from tests.fakes import utc
from tests.services.house import ADMIN, ANA, BILLING, BOSS, House, a_text, live_once, visit

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
CANARY = "Canary step"
TEXT = "canary words that somebody typed"
NEXT = "2027-02-01 00:00"
DISCOURAGES = BarrierKind.MANAGER_DISCOURAGES
# What tells of groups, by the store's module; whoever calls it stands below with the reason why they may.
TELLING = {
    "flags": {"flags"},
    "flag_lives": {"flag"},
    "publications": {"latest", "of_period"},
    "evidence": {"reports_of_period"},
    "needs": {"kept"},
}
MAY = {
    "flag_gate": "is the door",
    "publish_periods": "publishes, and shows nothing",
    "close_period": "decides what is raised, and shows nothing",
    "follow_groups": "decides what is raised, and shows nothing",
    "raise_flags": "writes flags, and shows nothing",
    "flag_record": "writes flags, and shows nothing",
    "remeasure_flags": "decides a word for each flag; who is told is asked at the door",
    "tend_flags": "moves flags that are late; who is told is asked at the door",
    "flag_moves": "moves a flag that came through the door",
    "prune_evidence": "turns old reports into counts of the whole company, which decide and are not shown",
}


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Give each call of a function of the store that tells of groups."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in TELLING.get(ast.unparse(node.value), ()):
            yield ast.unparse(node.value), node.attr
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nudges.store."):
            module = (node.module or "").rpartition(".")[2]
            yield from ((module, name.name) for name in node.names if name.name in TELLING.get(module, ()))


def test_p12_nobody_reads_flags_or_counts_but_the_door_and_those_who_decide() -> None:
    paths = [*(ROOT / "nudges/services").rglob("*.py"), *(ROOT / "bot").rglob("*.py"), ROOT / "nudges/scheduler.py"]
    found = {path.stem: sorted(set(calls(path))) for path in paths}
    round_about = {name: told for name, told in found.items() if told and name not in MAY}
    assert round_about == {}, "ask nudges/services/barriers/flag_gate.py, or say in MAY why not"
    assert found["flag_gate"] != [], "the walk finds something"


def test_p12_no_face_takes_anything_of_flags_from_the_store() -> None:
    telling = tuple(f"nudges.store.{name}" for name in TELLING)
    for path in (ROOT / "bot").rglob("*.py"):
        assert not [line for line in path.read_text("utf-8").splitlines() if any(name in line for name in telling)]


def test_p9_the_door_takes_no_group_no_kind_and_no_span_of_time() -> None:
    known = {"session", "core", "viewer_id", "flag_id", "states", "flag", "person_id"}
    for _, function in inspect.getmembers(flag_gate, inspect.isfunction):
        if function.__module__ == flag_gate.__name__ and not function.__name__.startswith("_"):
            assert set(inspect.signature(function).parameters) <= known


@pytest.fixture(scope="session")
def flagged_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven of a team say that their manager would rather they did not, and say it in words as well."""
    folder = tmp_path_factory.mktemp("flagged") / "house"
    live_once(furnished_house, folder, live)
    return folder


@pytest.fixture
def flagged(flagged_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(flagged_folder, tmp_path / "flagged", utc(NEXT)) as house:
        yield house


def live(house: House) -> None:
    classify(TEXT)  # the word lists are read once, and not while a database waits
    house.run(a_text(segments="billing"))
    review_barriers(house.core)
    house.clock.now = utc("2027-01-12 12:00")
    for person_id in BILLING[:7]:
        record_barrier(house.core, person_id, "", DISCOURAGES, TEXT)
    house.clock.now = utc(NEXT)
    review_barriers(house.core)
    with house.core.db.begin() as session:
        for row in session.query(FlagRow).all():
            row.remedies = [{"do": CANARY, "by": ADMIN, "due_on": "2027-02-08"}]


def as_admin(core: Core, person_id: str) -> Core:
    """Return the app as it is for somebody who is an admin, whoever they lead."""
    return replace(core, admins=(*core.admins, person_id))


def surfaces(core: Core, person_id: str, argument: str = "") -> Iterator[tuple[str, str]]:
    """Give all that a person can get to read: every command there is, Home, exports and messages."""
    for name, read in READINGS.items():
        try:
            answer = read(Call(core, person_id, argument))
        except NudgerError as refused:  # no campaign of that name, for instance
            yield f"/nudge {name}", str(refused)
            continue
        yield f"/nudge {name}", repr([block.to_dict() for block in answer.blocks])
    view = home(core, person_id)
    yield "Home", repr(view) + repr(home_view(view).to_dict())
    yield "status", repr(asdict(status(core, person_id)))
    yield "export", as_json(export(core, person_id, ""))
    with core.db.begin() as session:
        told = [notice_values(session, core, person_id, one.flag_id) for one in flags.flags(session, core.workspace_id)]
        yield "messages", repr(told)
        yield "counts", repr(look_at_counts(session, core, person_id))


def test_p12_whoever_leads_the_team_reads_it_nowhere_and_whoever_does_not_does(flagged: House) -> None:
    assert flagged.rows(FlagRow, scope_type="team", scope_id="Billing Lisbon")
    for argument in ("", "Billing Lisbon", "find-an-expert"):
        for name, told in surfaces(as_admin(flagged.core, BOSS), BOSS, argument):
            assert CANARY not in told, name
            assert "'Billing Lisbon'), kind=" not in told, name
    seen = {name for name, told in surfaces(as_admin(flagged.core, ADMIN), ADMIN) if CANARY in told}
    assert {"/nudge barriers", "messages"} <= seen, "the walk sees what may be seen"


def test_p9_what_follows_the_command_changes_nothing(flagged: House) -> None:
    core = as_admin(flagged.core, ADMIN)
    plain = READINGS["barriers"](Call(core, ADMIN, ""))
    for argument in ("Billing Lisbon", "no_time", "team", "2027-01"):
        assert READINGS["barriers"](Call(core, ADMIN, argument)) == plain


def test_p11_what_was_typed_is_shown_to_nobody_else(flagged: House, caplog: pytest.LogCaptureFixture) -> None:
    core = as_admin(flagged.core, ADMIN)
    with caplog.at_level("DEBUG"):
        review_barriers(core)
        for name, told in surfaces(core, ADMIN):
            assert TEXT not in told, name
    assert TEXT not in " ".join(str(record.__dict__) for record in caplog.records)
    assert TEXT not in repr([row.__dict__ for row in [*flagged.rows(FlagRow), *flagged.rows(PublicationRow)]])


def test_p12_metrics_name_no_group_and_no_kind(flagged: House) -> None:
    told = Figures(lambda: [flagged.core])().decode()
    assert not [word for word in ("Billing", "scope", "barrier", DISCOURAGES) if word in told]


def test_p10_every_look_is_written_down_and_whoever_stands_in_a_group_may_ask(flagged: House) -> None:
    core = as_admin(flagged.core, ADMIN)
    before = len(flagged.rows(AuditRow))
    READINGS["barriers"](Call(core, ADMIN, ""))
    with core.db.begin() as session:
        look_at_counts(session, core, ADMIN)
        note_told(session, core, "U0OWNER")
    new = [(row.actor_id, row.action, row.subject) for row in flagged.rows(AuditRow)][before:]
    assert new == [(ADMIN, "barriers", ""), (ADMIN, "barrier counts", ""), ("U0OWNER", "barriers, by message", "")]
    asked = my_data(core, ANA)["groups_looked_at"]
    assert {(one["who"], one["what"]) for one in asked} >= {(who, what) for who, what, _ in new}
    assert {one["on"] for one in asked} == {"2027-02-01"}
    assert my_data(core, "U0STRANGER")["groups_looked_at"] == []


def test_p10_nobody_is_told_of_a_look_from_long_ago(flagged: House) -> None:
    flagged.clock.advance(days=85)
    with flagged.core.db.begin() as session:
        audit.record(session, flagged.core.workspace_id, actor_id=ADMIN, action="people", now=flagged.clock.now)
        assert looks(session, flagged.core) == []


def test_p1_a_flag_about_a_group_that_has_become_too_small_is_not_shown(flagged: House) -> None:
    with flagged.core.db.begin() as session:
        small = StoredFlag(0, "team", "Tiny", "no_time", "early", "", "open", ADMIN, (), 0, utc(NEXT))
        flags.open_flag(session, flagged.core.workspace_id, small)
        shown = flag_gate.visible_flags(session, flagged.core, ADMIN)
    assert "Tiny" not in {flag.scope_id for flag in shown}
    assert "Billing Lisbon" in {flag.scope_id for flag in shown}


def test_p13_forgetting_a_reporter_changes_nothing_that_shows(flagged: House) -> None:
    core = as_admin(flagged.core, ADMIN)

    def shown() -> str:
        with core.db.begin() as session:
            return repr(
                (flag_gate.visible_flags(session, core, ADMIN), publications.latest(session, core.workspace_id))
            )

    before = shown()
    assert "Billing Lisbon" in before
    forget(core, ANA)
    assert shown() == before
    review_barriers(core)
    assert shown() == before


def test_p13_a_period_is_published_once_whatever_comes_late(flagged: House) -> None:
    before = [row.__dict__ for row in flagged.rows(PublicationRow)]
    assert before
    flagged.clock.now = utc("2027-01-31 12:00")  # a clock set back into the closed period
    for person_id in BILLING:
        record_barrier(flagged.core, person_id, "", BarrierKind.NO_TIME)
    flagged.clock.now = utc(NEXT)
    review_barriers(flagged.core)
    after = [row.__dict__ for row in flagged.rows(PublicationRow)]
    assert [one["scope_id"] for one in after] == [one["scope_id"] for one in before]


def test_p15_k_and_r_stay_as_a_period_began_with_them(house: House) -> None:
    review_barriers(house.core)
    text = (house.folder / "company.yaml").read_text("utf-8")
    house.write(text.replace("barriers:\n", "barriers:\n  r: 7\n") + "\nk: 6\n", "company")
    review_barriers(house.core)
    with house.core.db.begin() as session:
        assert (limits_in(session, house.core, 0).k, limits_in(session, house.core, 0).r) == (5, 5)
    house.clock.now = utc(NEXT)
    review_barriers(house.core)
    assert [(row.period, row.k, row.r) for row in house.rows(PeriodLimitsRow)] == [(0, 5, 5), (1, 6, 7)]


def test_a_count_of_the_company_is_published_beside_its_groups(flagged: House) -> None:
    found = {(row.scope_type, row.band) for row in flagged.rows(PublicationRow, kind=DISCOURAGES)}
    assert (ScopeType.TEAM, "5-9") in found
