"""What is stored and for how long: this module holds docs/data-map.md, my-data, forgetting and pruning together."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.delivery.responses import Feedback
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.recall.recall import Met, answered
from nudges.services.answers.record_response import record_answer, record_barrier, record_feedback, record_reply
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.keeping.forget_person import Forgotten, forget
from nudges.services.keeping.prune_history import HISTORY_KEPT, prune_history
from nudges.services.measuring.read_status import barriers, campaign
from nudges.services.own.glass_box import my_data, why
from nudges.services.own.own_home import home
from nudges.services.own.preferences import pause, start, stop, wishes_of
from nudges.services.own.saved_nudges import save
from nudges.services.own.votes import vote
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import recall
from nudges.store.tables import AudienceRow, FlagRow, NoticeRow, PastCountRow, PersonRow, ResponseRow, Row
from tests.fakes import utc
from tests.services.data_map import PAGE, documented
from tests.services.house import (
    ADMIN,
    ANA,
    AUTHOR,
    BERLIN,
    BILLING,
    TEAM,
    TUESDAY_AT_TEN,
    House,
    a_quiz_text,
    a_text,
    everybody,
    live_once,
    people_csv,
    visit,
)

CLASSES = {"id", "attribute", "behaviour", "scheduling", "free text", "evidence", "audit", "none"}
# Where a person's own view leaves a column out, why: it is the same for everybody, or it is what the row is found by.
NOT_ABOUT_THEM = {"workspace_id", "person_id", "person_hash", "reply_id", "audit_id", "campaign_id", "is_in_directory",
    "lot", "ask_id"}  # fmt: skip


# Tables that can hold a person and do not hold Ana in the house she has lived in: why, and where they are tried.
TRIED_ELSEWHERE = {
    "audit": "Ana runs nothing here; what an admin looked at is in tests/services/test_read_status.py",
    "flag_events": "she did nothing with flags: tests/services/test_flag_moves.py",
    "flags": "Ana owns none: test_an_owner_who_is_forgotten_leaves_the_flag_without_one",
    "forgotten": "she is not: test_after_forgetting_no_table_holds_the_person_but_the_tombstone",
    "group_members": "no rule names a group: tests/services/test_segment_facts.py",
    "message_changes": "nothing was corrected: tests/services/test_change_messages.py",
    "needs": "she decided nothing: tests/services/test_needs.py",
    "publications": "about groups; a manager stands in it only where a team has no name of its own",
    "stories": "tests/services/test_stories.py",
    "usage": "nothing was imported: tests/services/test_segment_facts.py",
    "weekly_counts": "about groups; a manager stands in it only where a team has no name of its own",
    "workshop_seats": "tests/services/test_kinds.py",
}


def test_the_page_lists_exactly_the_columns_of_the_tables() -> None:
    stored = {name: [column.name for column in table.columns] for name, table in Row.metadata.tables.items()}
    assert {name: [row[0] for row in rows] for name, rows in documented().items()} == stored


def test_each_column_has_a_purpose_a_class_and_a_retention() -> None:
    for name, rows in documented().items():
        for column, purpose, class_, retention in rows:
            assert purpose, f"{name}.{column}"
            assert class_ in CLASSES, f"{name}.{column}: {class_}"
            assert retention, f"{name}.{column}"


def test_words_and_evidence_are_never_kept_for_long() -> None:
    kept = {
        (name, row[0])
        for name, rows in documented().items()
        for row in rows
        if row[2] in ("free text", "evidence", "behaviour") and row[3].startswith("kept")
    }
    assert not kept


# ---- a person with a history


@pytest.fixture(scope="session")
def lived_in_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ana has got a tip and a quiz, answered, typed, reported and paused; a flag was raised about her team."""
    folder = tmp_path_factory.mktemp("lived_in") / "house"
    live_once(furnished_house, folder, live)
    return folder


def live(house: House) -> None:
    house.run(
        a_text("find-an-expert", a_quiz_text("quiz", '{week: 2, day: tue, at: "10:00"}'), first_tip=TUESDAY_AT_TEN)
    )
    vote(house.core, ANA, "find-an-expert")
    review_barriers(house.core)
    house.walk("2027-01-20 10:00")
    record_answer(house.core, ANA, house.delivery("quiz").delivery_id, "mail")
    record_feedback(house.core, ANA, house.delivery("first-tip").delivery_id, Feedback.USEFUL)
    record_reply(house.core, ANA, "Ev1", "I like this a lot")
    record_reply(house.core, ANA, "Ev2", "My boss hates it when we post there")  # asked back, and not answered yet
    save(house.core, ANA, house.delivery("first-tip").delivery_id)
    for person_id in BILLING[:5]:
        record_barrier(house.core, person_id, "", BarrierKind.MANAGER_DISCOURAGES, f"words of {person_id}")
    pause(house.core, ANA, 3)
    house.walk("2027-02-01 10:00")
    met_on = utc("2027-01-20 10:00")
    card = answered(None, is_right=False, confidence="sure", now=met_on)
    with house.core.db.begin() as session:
        recall.keep(session, TEAM, Met(ANA, 1, "quiz", card, met_on, card.due_at))


@pytest.fixture
def lived_in(lived_in_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(lived_in_folder, tmp_path / "lived_in", utc("2027-02-01 10:00")) as house:
        yield house


def cells(house: House) -> Iterator[tuple[str, str, str]]:
    """Give table, column and text of everything in the database file."""
    for name, table in Row.metadata.tables.items():
        with house.core.db.reading() as session:
            for row in session.execute(text(f"SELECT * FROM {name}")).mappings():
                yield from ((name, column, str(row[column])) for column in table.columns.keys())  # noqa: SIM118


def where(house: House, *wanted: str) -> set[str]:
    return {name for name, _, value in cells(house) if any(one in value for one in wanted)}


def hashed(house: House, person_id: str = ANA) -> str:
    return person_hash(key=house.core.key, workspace_id=TEAM, person_id=person_id)


def test_after_forgetting_no_table_holds_the_person_but_the_tombstone(lived_in: House) -> None:
    before = where(lived_in, ANA, hashed(lived_in))
    assert before == {
        "people", "preferences", "audience", "deliveries", "responses", "recall_cards", "replies",
        "barrier_reports", "ask_backs", "memberships", "saved_nudges", "votes",
    }  # fmt: skip
    gone = forget(lived_in.core, ANA)
    assert gone == Forgotten(deliveries=2, responses=2, reports=1)
    assert where(lived_in, ANA, hashed(lived_in)) == {"forgotten"}
    assert lived_in.books().is_balanced


def test_after_forgetting_a_manager_their_team_stays_one_without_their_id(house: House) -> None:
    review_barriers(house.core)
    for person_id in BERLIN[:5]:
        record_barrier(house.core, person_id, "", BarrierKind.NO_TIME)
    house.walk("2027-02-01 10:00")
    assert house.rows(FlagRow)[0].scope_id == "manager:U0DIETER"
    forget(house.core, "U0DIETER")
    assert where(house, "U0DIETER", hashed(house, "U0DIETER")) == {"forgotten"}
    assert len({row.manager_id for row in house.rows(PersonRow, place="Berlin")}) == 1
    (shown,) = barriers(house.core, ADMIN).flags
    assert shown.scope_id == "without a manager"
    start(house.core, "U0DIETER")
    assert house.rows(FlagRow)[0].scope_id == "manager:U0DIETER"


def test_an_owner_who_is_forgotten_leaves_the_flag_without_one(lived_in: House) -> None:
    forget(lived_in.core, AUTHOR)
    assert where(lived_in, AUTHOR) == {"campaigns", "campaign_versions"}, "the playbook's own text names its owner"
    assert {row.owner_id for row in lived_in.rows(FlagRow)} == {""}


def test_a_forgotten_person_may_begin_anew_by_themself(lived_in: House) -> None:
    forget(lived_in.core, ANA)
    for act in (lambda: pause(lived_in.core, ANA, 3), lambda: stop(lived_in.core, ANA)):
        assert act().is_stopped
    assert where(lived_in, ANA) == set()
    assert not start(lived_in.core, ANA).is_stopped
    lived_in.run(a_text("still-running"), "still-running")  # the first has ended and takes nobody in
    sync_people(lived_in.core)
    import_people(lived_in.core, people_csv(everybody()))
    assert [row.person_id for row in lived_in.rows(AudienceRow, person_id=ANA)] == [ANA]
    assert not wishes_of(lived_in.core, ANA).is_stopped


def test_that_somebody_was_forgotten_is_written_down_without_who(lived_in: House) -> None:
    forget(lived_in.core, ANA)
    with lived_in.core.db.reading() as session:
        row = session.execute(text("SELECT actor_id, subject FROM audit WHERE action = 'forget'")).one()
    assert tuple(row) == ("", "")


# ---- what people see of themselves


def plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)
    else:
        yield plain(value)


def test_my_data_shows_every_column_about_the_person(lived_in: House) -> None:
    shown = " ".join(leaves(my_data(lived_in.core, ANA)))
    mine = ("person_id", "person_hash", "actor_id")
    for name, table in Row.metadata.tables.items():
        keys = [column for column in mine if column in table.columns]
        for row in lived_in.rows(next(one for one in Row.__subclasses__() if one.__tablename__ == name)):
            if not any(getattr(row, key) in (ANA, hashed(lived_in)) for key in keys):
                continue
            for column in table.columns.keys():  # noqa: SIM118
                value = getattr(row, column)
                if column in NOT_ABOUT_THEM or value in (None, "", {}, 0, False):
                    continue
                said = [str(one) for one in value.values()] if isinstance(value, dict) else [plain(value)]
                assert all(one in shown for one in said), f"{name}.{column} = {value!r} is not shown"


def test_a_table_that_can_hold_a_person_holds_ana_here_or_says_where_it_is_tried(lived_in: House) -> None:
    of_people = {
        name
        for name, rows in documented().items()
        if any(row[2] == "id" or row[0] in ("person_id", "person_hash", "actor_id") for row in rows)
    }
    lived = where(lived_in, ANA, hashed(lived_in))
    assert of_people - lived == set(TRIED_ELSEWHERE), "let Ana live in it above: then it is shown, forgotten and pruned"


def test_my_data_shows_nothing_of_another_person(lived_in: House) -> None:
    shown = " ".join(leaves(my_data(lived_in.core, ANA)))
    for other in (*BILLING[1:], *BERLIN):
        assert other not in shown
        assert hashed(lived_in, other) not in shown


def test_my_data_of_a_stranger_and_of_somebody_forgotten_is_all_but_empty(lived_in: House) -> None:
    assert not any(my_data(lived_in.core, "U0NEVER").values())
    forget(lived_in.core, ANA)
    assert [name for name, value in my_data(lived_in.core, ANA).items() if value] == ["forgotten"]


def test_why_names_the_rule_the_next_and_the_reason_of_the_last_skip(house: House) -> None:
    house.run(a_text(first_tip=TUESDAY_AT_TEN, later='{week: 2, day: tue, at: "10:00"}', segments="billing"))
    house.at("2027-01-12 09:00")
    stop(house.core, ANA)
    house.at("2027-01-13 09:00")
    start(house.core, ANA)
    house.at("2027-01-13 10:00")
    (line,) = why(house.core, ANA).lines
    assert (line.segment, line.last_skip) == ("billing", "stopped")
    assert line.next_at == utc("2027-01-19 10:00")
    assert why(house.core, AUTHOR).lines == ()


def test_home_shows_what_came_with_its_answer_and_what_is_next(lived_in: House) -> None:
    shown = home(lived_in.core, ANA)
    assert (shown.first_name, shown.sent_count, shown.next_at) == ("Ana", 2, None)
    assert [(line.kind, line.answer, line.was_right, line.feedback) for line in shown.sent] == [
        ("quiz", "A mail to the lead", False, ""),
        ("tip", "", None, "useful"),
    ]


def test_home_of_somebody_nobody_knows_is_empty_and_kind(house: House) -> None:
    shown = home(house.core, "U0NEVER")
    assert (shown.first_name, shown.sent, shown.next_at, shown.role) == ("", (), None, "employee")


# ---- in time


def test_after_half_a_year_only_counts_are_left(lived_in: House) -> None:
    for person_id in BILLING[:6]:
        record_feedback(lived_in.core, person_id, lived_in.delivery("quiz", person_id).delivery_id, Feedback.USEFUL)
    for person_id in BERLIN[:5]:
        record_feedback(lived_in.core, person_id, lived_in.delivery("quiz", person_id).delivery_id, Feedback.NOT_FOR_ME)
    before = campaign(lived_in.core, "find-an-expert")
    lived_in.clock.now = utc("2027-09-01 10:00")
    prune_history(lived_in.core)
    assert lived_in.rows() == lived_in.rows(ResponseRow) == lived_in.rows(AudienceRow) == lived_in.rows(NoticeRow) == []
    assert where(lived_in, ANA) == {"people", "preferences", "saved_nudges"}  # what she keeps, until she lets it go
    after = campaign(lived_in.core, "find-an-expert")
    assert after.books == before.books
    assert after.shares == before.shares
    assert prune_history(lived_in.core).history == 0
    assert campaign(lived_in.core, "find-an-expert") == after


def test_nobody_is_in_the_counts(lived_in: House) -> None:
    lived_in.clock.now = utc("2027-09-01 10:00")
    prune_history(lived_in.core)
    assert lived_in.rows(PastCountRow)
    assert "past_counts" not in where(lived_in, *(one.person_id for one in everybody()), hashed(lived_in))


def test_each_day_of_a_year_nothing_is_older_than_it_may_be(lived_in: House) -> None:
    aged = {"deliveries": "coalesce(sent_at, fresh_until, created_at)", "responses": "responded_at",
            "notices": "created_at"}  # fmt: skip
    for _ in range(52):
        lived_in.clock.advance(days=7)
        prune_history(lived_in.core)
        review_barriers(lived_in.core)
        limit = f"{lived_in.clock() - HISTORY_KEPT:%F %T}"
        with lived_in.core.db.reading() as session:
            for name, column in aged.items():
                late = session.execute(text(f"SELECT count(*) FROM {name} WHERE {column} < '{limit}'")).scalar_one()
                assert late == 0, name
            texts = session.execute(
                text(
                    f"SELECT count(*) FROM replies WHERE received_at < '{lived_in.clock() - timedelta(days=30):%F %T}'"
                )
            ).scalar_one()
            periods = session.execute(text("SELECT count(DISTINCT period) FROM memberships")).scalar_one()
        assert texts == 0
        assert periods <= 4  # three closed ones and the present


def test_a_campaign_that_was_counted_away_is_not_planned_again(lived_in: House) -> None:
    lived_in.clock.now = utc("2027-09-01 10:00")
    prune_history(lived_in.core)
    sync_people(lived_in.core)
    lived_in.tick()
    assert lived_in.rows() == lived_in.rows(AudienceRow) == lived_in.messenger.standing == []


def test_what_a_later_nudge_waits_for_is_kept_until_it_came(house: House) -> None:
    house.run(a_text(first_tip=TUESDAY_AT_TEN, far='{after: first-tip, days: 200, at: "10:00"}', segments="billing"))
    house.at("2027-01-12 09:00")
    house.at("2027-01-12 10:00")
    house.clock.now = utc("2027-07-20 10:00")
    prune_history(house.core)
    house.walk("2027-08-02 12:00")
    assert house.states("far") == {"sent": 9}


def test_of_somebody_who_left_half_a_year_ago_only_the_id_is_left(lived_in: House) -> None:
    lived_in.directory.everybody = [one for one in everybody() if one.person_id != ANA]
    sync_people(lived_in.core)
    lived_in.clock.advance(days=181)
    assert prune_history(lived_in.core).leavers == 2  # Ana, and one who had left before
    (row,) = lived_in.rows(PersonRow, person_id=ANA)
    assert (row.first_name, row.slack_zone, row.department, row.team, row.manager_id) == ("", "", "", "", "")
    assert "preferences" not in where(lived_in, ANA)


def test_the_page_names_the_lengths_that_the_code_keeps() -> None:
    page = PAGE.read_text("utf-8")
    assert f"**{HISTORY_KEPT.days} days**" in page
    assert re.search(r"\*\*30 days\*\*, \*\*25 hours\*\*", page)
