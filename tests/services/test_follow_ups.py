"""Follow-ups by answer: who gets them, until when an answer counts, and what those read who answer after all."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from nudges.domain.delivery.deliveries import SkipReason
from nudges.domain.delivery.responses import Feedback
from nudges.domain.files.loading import load_playbook
from nudges.domain.playbooks.follow_ups import Given, holds
from nudges.domain.playbooks.playbook import Playbook
from nudges.services.answers.record_response import record_answer, record_feedback
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from tests.fakes import utc
from tests.services.house import ANA, BILLING, HEAD, House

NAME = "follow-ups"
ASKED_AT = utc("2027-01-12 10:00")
NUDGES = """
  - quiz: asked
    when: {week: 1, day: tue, at: "10:00"}
    question: Where do you ask?
    choices:
      - {key: line, text: In the channel, right: true, reply: Yes.}
      - {key: mail, text: By mail, reply: It works too.}
  - tip: after-wrong
    when: {after: asked, if: wrong, days: 2}
    text: One line is enough.
  - tip: after-mail
    when: {after: asked, if: mail, days: 2}
    text: A mail takes a day.
  - tip: after-silence
    when: {after: asked, if: unanswered, days: 2}
    text: It is still there.
"""


def text(nudges: str = NUDGES) -> str:
    return HEAD.format(name=NAME, segments="customer-service", more="") + nudges.lstrip("\n")


def fault(nudges: str) -> tuple[str, str]:
    """Return the one finding's code and fix."""
    findings = load_playbook(text(nudges), file="x.yaml", company=None).findings
    (found,) = [one for one in findings if one.is_error]
    return found.code.value, found.fix


@pytest.fixture
def asked(house: House) -> Iterator[House]:
    """The quiz is out to everybody."""
    house.write(text(), NAME)
    house.run(text(), NAME)
    at(house, ASKED_AT)
    yield house


def at(house: House, instant: object) -> None:
    house.clock.now = instant
    plan_deliveries(house.core)
    while send_due(house.core, limit=20):
        pass


def state_of(house: House, nudge: str, person_id: str = ANA) -> str:
    rows = [row for row in house.rows(person_id=person_id) if row.nudge_key == nudge]
    return f"{rows[0].status}:{rows[0].reason}".rstrip(":") if rows else ""


def answer(house: House, key: str, person_id: str = ANA) -> None:
    (row,) = [row for row in house.rows(person_id=person_id) if row.nudge_key == "asked"]
    record_answer(house.core, person_id, row.delivery_id, key)


def test_who_answered_so_gets_it_and_the_others_are_skipped_with_a_reason(asked: House) -> None:
    answer(asked, "mail")
    plan_deliveries(asked.core)
    states = {nudge: state_of(asked, nudge) for nudge in ("after-wrong", "after-mail", "after-silence")}
    assert states == {
        "after-wrong": "planned",
        "after-mail": "planned",
        "after-silence": f"skipped:{SkipReason.OTHER_ANSWER}",
    }


def test_nothing_is_decided_while_an_answer_may_still_come(asked: House) -> None:
    at(asked, ASKED_AT + timedelta(hours=35, minutes=59))
    assert state_of(asked, "after-wrong") == ""
    at(asked, ASKED_AT + timedelta(hours=36))
    assert state_of(asked, "after-wrong") == "skipped:other_answer"
    assert state_of(asked, "after-silence") == "planned"


def test_an_answer_after_that_counts_as_none(asked: House) -> None:
    asked.clock.now = ASKED_AT + timedelta(hours=37)
    answer(asked, "mail")
    plan_deliveries(asked.core)
    assert state_of(asked, "after-mail") == "skipped:other_answer"


def test_who_answers_before_it_is_posted_is_not_told_that_they_did_not(asked: House) -> None:
    at(asked, ASKED_AT + timedelta(hours=36))
    answer(asked, "line")
    at(asked, ASKED_AT + timedelta(days=2))
    assert state_of(asked, "after-silence") == "skipped:other_answer"
    assert state_of(asked, "after-silence", BILLING[-1]) == "sent"


def test_a_tip_is_followed_up_by_what_was_thought_of_it(house: House) -> None:
    nudges = NUDGES.replace("{after: asked, if: wrong, days: 2}", "{after: asked, if: useful, days: 2}")
    house.write(text(nudges), NAME)
    house.run(text(nudges), NAME)
    at(house, ASKED_AT)
    (row,) = [row for row in house.rows(person_id=ANA) if row.nudge_key == "asked"]
    record_feedback(house.core, ANA, row.delivery_id, Feedback.USEFUL)
    plan_deliveries(house.core)
    assert state_of(house, "after-wrong") == "planned"


@pytest.mark.parametrize(
    ("condition", "given", "expected"),
    [
        ("right", Given("line", True, ASKED_AT), True),
        ("wrong", Given("line", True, ASKED_AT), False),
        ("wrong", None, False),
        ("unanswered", None, True),
        ("unanswered", Given("line", True, ASKED_AT), False),
        ("search", Given("line+search", False, ASKED_AT), True),
        ("sear", Given("line+search", False, ASKED_AT), False),
        ("not_for_me", Given("not_for_me", None, ASKED_AT), True),
    ],
)
def test_a_condition_holds_for_the_answer_it_names(condition: str, given: Given | None, expected: bool) -> None:
    assert holds(condition, given) is expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("if: mail", "if: mial", ("PB083", "mail")),
        ("if: mail, days: 2", "if: mail, days: 0", ("PB083", "days: 1")),
        ("after: asked, if: mail", "after: after-wrong, if: right", ("PB083", "useful")),
        ("{after: asked, if: mail, days: 2}", '{week: 1, day: tue, at: "10:00", if: mail}', ("PB040", "Keep either")),
    ],
)
def test_an_if_that_cannot_hold_is_a_fault(old: str, new: str, expected: tuple[str, str]) -> None:
    code, fix = fault(NUDGES.replace(old, new))
    assert code == expected[0]
    assert expected[1] in fix


def test_an_if_is_read() -> None:
    playbook = load_playbook(text(), file="x.yaml", company=None).value
    assert isinstance(playbook, Playbook)
    assert [getattr(nudge.when, "only_if", None) for nudge in playbook.nudges] == [None, "wrong", "mail", "unanswered"]
