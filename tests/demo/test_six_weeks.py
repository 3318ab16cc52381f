"""Six weeks of six people: this module asserts what each of them would want of a colleague like this."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.blocks.actions import ActionId
from bot.demo.cast import demo_cast
from bot.demo.screen import message_controls
from bot.sandbox.records import Message
from nudges.domain.times.hours import WorkingWeek
from tests.demo.six_weeks import BEGINS, Lived, lived

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

WEEKS = 6
PEOPLE = [persona.id for persona in demo_cast().personas]
HOURS = {"U0NOOR": "09:00-17:00 mon-thu, 09:00-12:00 fri"}
USUAL = "09:00-17:00 mon-fri"
AFTER_LEAVE = BEGINS + timedelta(days=18)
SOON = timedelta(days=2, hours=12)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with lived(tmp_path_factory.mktemp("demo"), weeks=WEEKS) as found:
        yield found


def at(message: Message, person: str, life: Lived) -> datetime:
    return datetime.fromtimestamp(message.at, UTC).astimezone(ZoneInfo(life.slack.state.user(person)["tz"]))


def question_of(message: Message) -> str:
    """Return the text between the stars of a question, however the message stands now."""
    texts = [str((block.get("text") or {}).get("text", "")) for block in message.blocks or []]
    return next((text for text in texts if text.startswith("*") and text.endswith("*")), "")


def was_right(message: Message) -> bool:
    return any("✓" in str(block.get("text")) for block in message.blocks or [])


@pytest.mark.parametrize("person", PEOPLE)
def test_nothing_comes_at_a_bad_time(life: Lived, person: str) -> None:
    week = WorkingWeek.parse(HOURS.get(person, USUAL))
    assert life.nudges(person)
    for message in life.nudges(person):
        local = at(message, person, life)
        spans = [span for span in week.spans if local.weekday() in {int(day) for day in span.days}]
        assert any(span.start <= local.time() < span.end for span in spans), local


@pytest.mark.parametrize("person", PEOPLE)
def test_nothing_comes_twice_a_day_or_too_often_in_a_week(life: Lived, person: str) -> None:
    days = [at(message, person, life).date() for message in life.nudges(person)]
    assert len(days) == len(set(days))
    for day in days:
        assert sum(day <= other < day + timedelta(days=7) for other in days) <= 3


@pytest.mark.parametrize("person", PEOPLE)
def test_no_text_comes_twice_but_a_question_that_says_it_comes_back(life: Lived, person: str) -> None:
    bodies = Counter(
        question_of(message) or message.text for message in life.nudges(person) if not message_comes_back(message)
    )
    assert max(bodies.values()) == 1, bodies.most_common(1)


def message_comes_back(message: Message) -> bool:
    elements = [element for block in message.blocks or [] for element in block.get("elements") or []]
    return any(str(element.get("action_id")) == ActionId.KNOW_IT for element in elements)


@pytest.mark.parametrize("person", PEOPLE)
def test_a_question_answered_right_is_left_alone_for_some_days(life: Lived, person: str) -> None:
    asked: dict[str, Message] = {}
    for message in life.nudges(person):
        question = question_of(message)
        before = asked.get(question)
        if question and before is not None and was_right(before):
            assert message.at - before.at > SOON.total_seconds(), question
        if question:
            asked[question] = message


def test_nobody_is_written_to_while_away(life: Lived) -> None:
    away = [message for message in life.nudges("U0RUTH") if BEGINS + timedelta(days=5) < at(message, "U0RUTH", life)]
    assert away, "after the leave something comes again"
    assert min(at(message, "U0RUTH", life) for message in away) >= AFTER_LEAVE - timedelta(hours=8)
    back = [message for message in away if at(message, "U0RUTH", life) < AFTER_LEAVE + timedelta(days=1)]
    assert len(back) <= 1, "the best one, not the pile"


def test_whoever_changes_their_hours_is_written_to_in_them(life: Lived) -> None:
    changed = BEGINS + timedelta(days=24, hours=10)  # Thursday of the fourth week, in the morning of Lisbon
    later = [at(one, "U0NOOR", life) for one in life.nudges("U0NOOR") if one.at > changed.timestamp()]
    assert later
    assert all(10 <= local.hour < 16 and local.weekday() < 4 for local in later)


def test_after_a_report_the_message_thanks_and_no_longer_asks_what_is_in_the_way(life: Lived) -> None:
    reported = [one for one in life.nudges("U0NUNO") if "what is in the way" in str(one.blocks).lower()]
    thanked = [one for one in life.nudges("U0NUNO") if "Your name stays out of it" in str(one.blocks)]
    assert reported
    assert len(thanked) == 1
    names = {control.name for control in message_controls(life.slack, "U0NUNO", thanked[0].ts)}
    assert ActionId.REPORT_BARRIER not in names


def test_each_lives_in_a_way_of_their_own(life: Lived) -> None:
    told = {person: set(life.told(person)) for person in PEOPLE}
    assert "told a story of their own" in told["U0MAYA"]
    assert "asked for fewer nudges" in told["U0TERESA"]
    assert "said that a nudge was not for them" in told["U0NUNO"]
    assert "asked Nudger something" in told["U0NOOR"]
    assert "paused for a while" in told["U0RUTH"]
    assert "wrote to Nudger" in told["U0LUCIA"]


def test_nobody_is_left_with_an_open_form(life: Lived) -> None:
    assert not any(life.slack.state.stacks.get(person) for person in PEOPLE)


def test_what_is_told_of_people_never_says_what_they_answered(life: Lived) -> None:
    texts = {entry["text"] for entry in life.slack.diary.as_json()["entries"]}
    assert not any(word in text for text in texts for word in ("right", "wrong", "manager", "time"))
