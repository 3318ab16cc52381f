"""How-tos, workshops, challenges and polls as Slack is asked to show them: every state fits, and reads well aloud."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.blocks.actions import ActionId
from bot.blocks.messages import fallback_text, message_blocks
from bot.sandbox.check_message import check
from nudges.domain.delivery.messages import Message, compose, with_state
from nudges.domain.delivery.responses import DeliveryState
from nudges.domain.delivery.taps import SeatState
from nudges.domain.files.loading import load_playbook
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.kind_shown import KindParts, SessionShown, VotesShown
from nudges.domain.playbooks.languages import in_language
from nudges.domain.playbooks.playbook import Nudge, Playbook
from tests.bot import examples
from tests.bot.limits import faults
from tests.builders import a_person
from tests.domain.playbooks.test_kinds import WITH_KINDS
from tests.playbook_texts import the_company

LANGUAGES = ("en", "de", "es")
BEGINS = datetime(2027, 1, 21, 14, 0, tzinfo=UTC)
LINK = "https://nudger.example.com/workshop/T0TEST.1.together.2027-01-11.0123456789abcdef0123456789abcdef.ics"


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    found = load_playbook(WITH_KINDS, file="ask-first.yaml", company=the_company()).value
    assert found is not None
    return found


def message_of(playbook: Playbook, nudge: Nudge, language: str, tapped: str = "") -> Message:
    company: Company = the_company()
    person = a_person(language=language)
    message = compose(
        delivery_id=examples.DELIVERY,
        playbook=playbook,
        nudge=nudge,
        person=person,
        company=company,
        segment="customer-service",
        is_first=False,
    )
    return with_state(message, in_language(nudge, language), DeliveryState(tapped=tapped))


def in_every_state(message: Message) -> Iterator[Message]:
    """Give the message with all that a database could add: seats, days, votes."""
    yield message
    if message.parts is None:
        return
    session = message.parts.session or SessionShown("Your first question", "week 3", 45)
    if message.kind in ("workshop", "reminder", "attendance"):
        states = product(("", *(state.value for state in SeatState)), (None, 1, 3), (False, True), (False, True))
        for state, left, is_full, is_over in states:
            shown = replace(session, begins_at=BEGINS, zone="Asia/Kolkata", join=LINK, calendar_link=LINK, seats=12)
            shown = replace(shown, state=state, left=left, is_full=is_full, is_over=is_over)
            yield replace(message, parts=replace(message.parts, session=shown))
    if message.kind == "poll" and message.parts.tapped:
        votes = VotesShown((("Templates", "30-40 %"), ("Searching", "over 90 %")), "10-19")
        yield replace(message, parts=replace(message.parts, votes=votes))


def test_every_kind_fits_into_slack_in_every_state_and_language(playbook: Playbook) -> None:
    count = 0
    for nudge, language in product(playbook.nudges, LANGUAGES):
        for tapped in ("", *nudge.taps):
            for message in in_every_state(message_of(playbook, nudge, language, tapped)):
                blocks = [block.to_dict() for block in message_blocks(message)]
                check(blocks, None)
                assert faults("message", {"text": fallback_text(message), "blocks": blocks}) == [], nudge.key
                assert fallback_text(message).strip()
                count += 1
    assert count > 400


def said(message: Message) -> str:
    return "\n".join(str(block.to_dict()) for block in message_blocks(message))


def taps_of(message: Message) -> list[str]:
    elements = [one for block in message_blocks(message) for one in block.to_dict().get("elements", [])]
    return [one["value"].partition(":")[2] for one in elements if str(one.get("action_id", "")).startswith("tap.")]


def test_a_workshop_says_when_by_the_reader_s_own_clock(playbook: Playbook) -> None:
    message = message_of(playbook, playbook.nudge("together"), "en")  # type: ignore[arg-type]
    (*_, there) = in_every_state(message)

    assert "Thu 21 Jan, 19:30 (Asia/Kolkata)" in said(there)
    assert "Where: Room 2.14, Lisbon" in fallback_text(there)


def test_only_who_has_a_seat_is_offered_the_calendar_and_the_link(playbook: Playbook) -> None:
    message = message_of(playbook, playbook.nudge("together"), "en")  # type: ignore[arg-type]
    offered = {
        one.parts.session.state: LINK in said(one)
        for one in in_every_state(message)
        if one.parts and one.parts.session and one.parts.session.begins_at and not one.parts.session.is_over
    }

    assert offered == {"": False, "seated": True, "waiting": False, "given_back": False}


def test_how_many_seats_are_left_is_said_only_where_it_may_be() -> None:
    shown = SessionShown("Together", "", 45, seats=12, begins_at=BEGINS, zone="Europe/Lisbon")
    base = examples.a_tip_message(kind="workshop", parts=KindParts(session=shown))

    assert "There are 12 seats." in said(base)
    some = replace(base, parts=KindParts(session=replace(shown, left=3)))
    assert "3 of 12 seats are left." in said(some)
    full = replace(base, parts=KindParts(session=replace(shown, is_full=True, left=None)))
    assert "waiting list" in said(full)


@pytest.mark.parametrize("state", list(SeatState))
def test_what_can_be_tapped_fits_how_one_stands_with_the_workshop(state: SeatState) -> None:
    session = SessionShown("Together", "", 45, seats=12, begins_at=BEGINS, zone="Europe/Lisbon", state=state.value)

    offered = taps_of(examples.a_tip_message(kind="workshop", parts=KindParts(session=session)))

    assert offered == (["coming"] if state is SeatState.GIVEN_BACK else ["not_this_time"])
    over = replace(session, is_over=True)
    assert taps_of(examples.a_tip_message(kind="workshop", parts=KindParts(session=over))) == []


@pytest.mark.parametrize("key", ["together", "one-question", "what-next", "one-question.follow_up"])
def test_what_was_tapped_is_said_and_cannot_be_tapped_twice(playbook: Playbook, key: str) -> None:
    nudge = playbook.nudge(key)
    assert nudge is not None
    fresh, done = message_of(playbook, nudge, "en"), message_of(playbook, nudge, "en", nudge.taps[0])

    assert taps_of(fresh) == list(nudge.taps)
    assert nudge.taps[0] not in taps_of(done)
    assert len(fallback_text(done)) > 0 and said(fresh) != said(done)


def test_a_poll_that_may_not_be_told_says_so_and_offers_another_look(playbook: Playbook) -> None:
    message = message_of(playbook, playbook.nudge("what-next"), "en", "one")  # type: ignore[arg-type]

    assert "once enough have" in fallback_text(message)
    assert ActionId.SEE_VOTES in said(message)


def test_steps_are_read_aloud_in_their_order(playbook: Playbook) -> None:
    message = message_of(playbook, playbook.nudge("three-steps"), "en")  # type: ignore[arg-type]

    aloud = fallback_text(message)

    assert aloud.index("1. Open it") < aloud.index("2. Write one line") < aloud.index("3. Go on")
    assert "Watch it (2 min): https://intranet.example.com/film" in aloud
