"""What is stored and for how long: this module holds docs/data-map.md, forgetting and pruning together."""

import re
from datetime import timedelta

from sqlalchemy import text

from nudges.domain.delivery.responses import Feedback
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.answers.record_response import record_barrier, record_feedback
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.keeping.forget_person import Forgotten, forget
from nudges.services.keeping.prune_history import HISTORY_KEPT, prune_history
from nudges.services.measuring.read_status import barriers, campaign
from nudges.services.own.preferences import pause, start, stop, wishes_of
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store.tables import AudienceRow, FlagRow, NoticeRow, PastCountRow, PersonRow, ResponseRow, Row
from tests.fakes import utc
from tests.services.data_map import PAGE, documented
from tests.services.house import (
    ADMIN,
    ANA,
    AUTHOR,
    BERLIN,
    BILLING,
    TUESDAY_AT_TEN,
    House,
    a_text,
    everybody,
    people_csv,
)
from tests.services.lived_in import hashed, where

CLASSES = {"id", "attribute", "behaviour", "scheduling", "free text", "evidence", "audit", "none"}


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
