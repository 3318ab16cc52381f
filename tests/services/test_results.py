"""Results of a campaign: counted by day and segment, let through the gate, noted in the audit, and safe to export."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.delivery.responses import Feedback
from nudges.errors import CampaignNotFound
from nudges.services.answers.record_response import record_answer, record_feedback, record_try_it
from nudges.services.keeping.prune_history import prune_history
from nudges.services.measuring.export import as_csv, as_json, export, guarded
from nudges.services.measuring.results import results
from nudges.store import audit
from tests.services.house import ADMIN, BERLIN, BILLING, FRIDAY, TEAM, House, a_quiz_text, a_text

pytestmark = pytest.mark.once

NAME = "find-an-expert"
TUESDAY_EVENING = "2027-01-12 18:00"
WEDNESDAY = "2027-01-13 12:00"


def run_quiz(house: House) -> None:
    """Let a quiz go to Billing in Lisbon and to Berlin on Tuesday at ten."""
    house.run(a_text(NAME, a_quiz_text(), segments="billing, berlin"))
    house.walk(TUESDAY_EVENING)


def answer(house: House, people: Sequence[str], choice: str) -> None:
    for person_id in people:
        delivery = house.delivery("first-quiz", person_id)
        record_answer(house.core, person_id, delivery.delivery_id, choice)


def judge(house: House, people: Sequence[str], feedback: Feedback) -> None:
    for person_id in people:
        delivery = house.delivery("first-quiz", person_id)
        record_feedback(house.core, person_id, delivery.delivery_id, feedback)


def test_a_day_counts_when_it_is_over(house: House) -> None:
    run_quiz(house)
    judge(house, BILLING[:6], Feedback.USEFUL)
    judge(house, BERLIN[:5], Feedback.NOT_FOR_ME)
    assert results(house.core, ADMIN, NAME).nudges[0].useful == ()
    house.at(WEDNESDAY)
    found = results(house.core, ADMIN, NAME)
    told = {figure.side: figure.share.share for figure in found.nudges[0].of_all(found.nudges[0].useful)}
    assert told == {"useful": "50-60 %", "not_for_me": "40-50 %"}
    assert found.until.isoformat() == "2027-01-12"


def test_a_side_with_fewer_than_five_people_hides_the_question(house: House) -> None:
    run_quiz(house)
    judge(house, BILLING[:6], Feedback.USEFUL)
    judge(house, BERLIN[:4], Feedback.NOT_FOR_ME)
    house.at(WEDNESDAY)
    assert results(house.core, ADMIN, NAME).nudges[0].useful == ()


def test_common_wrong_answers_show_and_rare_ones_do_not(house: House) -> None:
    run_quiz(house)
    answer(house, BILLING, "channel")
    answer(house, BERLIN[:6], "mail")
    house.at(WEDNESDAY)
    nudge = results(house.core, ADMIN, NAME).nudges[0]
    assert {figure.side for figure in nudge.of_all(nudge.choices)} == {"channel", "mail"}
    assert {choice.key for choice in nudge.choice_texts if choice.right} == {"channel"}


def test_sent_is_a_band_by_segment_and_counted_for_all(house: House) -> None:
    run_quiz(house)
    house.at(WEDNESDAY)
    nudge = results(house.core, ADMIN, NAME).nudges[0]
    assert nudge.sent == len(BILLING) + len(BERLIN)
    assert set(nudge.sent_bands.values()) == {"5-9"}


def test_tapping_twice_speaks_once(house: House) -> None:
    run_quiz(house)
    for person_id in (*BILLING[:5], *BERLIN[:5]):
        delivery = house.delivery("first-quiz", person_id)
        record_try_it(house.core, person_id, delivery.delivery_id)
        record_feedback(house.core, person_id, delivery.delivery_id, Feedback.USEFUL)
    house.at(WEDNESDAY)
    nudge = results(house.core, ADMIN, NAME).nudges[0]
    assert [figure.share.share for figure in nudge.of_all(nudge.answered)] == ["50-60 %"]


def test_looks_and_exports_are_noted(house: House) -> None:
    run_quiz(house)
    results(house.core, ADMIN, NAME)
    export(house.core, ADMIN, NAME)
    with house.core.db.reading() as session:
        noted = Counter(action for _, _, action, subject in audit.lines(session, TEAM) if subject == NAME)
    assert (noted["results"], noted["export"]) == (1, 1)


def test_an_unknown_campaign_offers_the_nearest(house: House) -> None:
    run_quiz(house)
    with pytest.raises(CampaignNotFound, match=NAME):
        export(house.core, ADMIN, "find-a-expert")


def test_an_export_holds_bands_and_never_a_person(house: House) -> None:
    run_quiz(house)
    answer(house, BILLING, "channel")
    answer(house, BERLIN[:6], "mail")
    house.at(WEDNESDAY)
    rows = export(house.core, ADMIN, NAME)
    table = list(csv.DictReader(io.StringIO(as_csv(rows), newline="")))
    assert {row["measure"] for row in table} >= {"sent", "choice"}
    assert {row["people"] for row in table} <= {"5-9", "10-19", "20-49", "50+"}
    assert {(row["choice"], row["right"]) for row in table if row["measure"] == "choice"} == {
        ("channel", "yes"),
        ("mail", "no"),
    }
    text = as_csv(rows) + as_json(rows)
    assert not any(person_id in text for person_id in (*BILLING, *BERLIN))
    assert [row["nudge"] for row in json.loads(as_json(rows))] == [row["nudge"] for row in table]
    assert as_csv(rows).count("\r\n") == len(rows) + 1


def test_one_person_more_changes_no_export(house: House) -> None:
    run_quiz(house)
    judge(house, BILLING[:6], Feedback.USEFUL)
    judge(house, BERLIN[:5], Feedback.NOT_FOR_ME)
    house.at(WEDNESDAY)
    before = [row for row in export(house.core, ADMIN) if row.measure in ("useful", "not_for_me")]
    judge(house, BERLIN[5:6], Feedback.NOT_FOR_ME)
    house.core.clock.advance(hours=24)  # type: ignore[attr-defined]
    after = [row for row in export(house.core, ADMIN) if row.measure in ("useful", "not_for_me")]
    assert before == after
    assert before


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1+1"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@given(st.text(max_size=20))
def test_a_cell_comes_back_from_csv_as_it_went_in(cell: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(["x", guarded(cell)])
    if "\x00" not in cell:
        assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == ["x", guarded(cell)]


def test_the_first_day_is_not_later_than_the_last(house: House) -> None:
    run_quiz(house)
    assert results(house.core, ADMIN, NAME).until <= FRIDAY.date() + timedelta(days=5)


def test_answers_that_are_being_forgotten_are_not_told_but_what_was_sent_is(house: House) -> None:
    run_quiz(house)
    judge(house, BILLING[:6], Feedback.USEFUL)
    judge(house, BERLIN[:5], Feedback.NOT_FOR_ME)
    house.core.clock.advance(days=220)  # type: ignore[attr-defined]
    prune_history(house.core)
    nudge = results(house.core, ADMIN, NAME).nudges[0]
    assert nudge.sent == len(BILLING) + len(BERLIN)
    assert (nudge.answered, nudge.useful, nudge.choices) == ((), (), ())
