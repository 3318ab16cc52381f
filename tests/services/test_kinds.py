"""Workshops, challenges and polls lived through: seats, reminders, one question afterwards, votes behind the gate."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from nudges.domain.delivery.messages import Message
from nudges.services.answers.record_response import message_state
from nudges.services.answers.record_tap import record_tap
from nudges.services.delivery.calendar_links import token_for
from nudges.services.delivery.workshop_files import calendar_file
from nudges.services.keeping.forget_person import forget
from nudges.services.measuring.export import export
from nudges.services.measuring.results import results
from nudges.services.own.glass_box import my_data
from nudges.store.tables import DeliveryRow, NoticeRow, WorkshopRow, WorkshopSeatRow
from nudges.store.workshops import Place
from tests.services.house import ANA, AUTHOR, BILLING, House, a_text

WORKSHOP = """
  - workshop: together
    when: {week: 1, day: tue, at: "10:00"}
    title: Your first question, together
    text: Bring a question, leave with its answer.
    held: {week: 2, day: thu, at: "14:00", zone: Europe/Lisbon, lasts: 45m}
    place: Room 2.14, Lisbon
    seats: 2
"""
CHALLENGE = """
  - challenge: one-question
    when: {week: 1, day: tue, at: "10:00"}
    text: See what happens when many read it.
    task: Ask one question in the channel
    days: 3
"""
POLL = """
  - poll: what-next
    when: {week: 1, day: tue, at: "10:00"}
    question: What would save you most time?
    options: [{key: templates, text: Templates}, {key: searching, text: Searching}]
"""
SENT = "2027-01-12 10:00"
BEN, CHO = BILLING[1], BILLING[2]


def invited(house: House, nudge: str) -> None:
    house.run(a_text("find-an-expert", nudge, segments="billing"))
    house.at("2027-01-12 09:00")
    house.at(SENT)


def tap(house: House, nudge: str, person_id: str, key: str) -> str:
    return record_tap(house.core, person_id, house.delivery(nudge, person_id).delivery_id, key).verdict


def shown(house: House, nudge: str, person_id: str) -> Message:
    message = message_state(house.core, person_id, house.delivery(nudge, person_id).delivery_id).message
    assert message is not None and message.parts is not None
    return message


def seats(house: House) -> dict[str, str]:
    return {row.person_id: row.state for row in house.rows(WorkshopSeatRow)}


def test_a_full_workshop_puts_people_in_line_and_the_next_is_told_of_a_free_seat(house: House) -> None:
    invited(house, WORKSHOP)

    assert [tap(house, "together", one, "coming") for one in (ANA, BEN, CHO)] == ["recorded"] * 3
    assert seats(house) == {ANA: "seated", BEN: "seated", CHO: "waiting"}
    assert tap(house, "together", ANA, "not_this_time") == "recorded"
    house.tick()

    assert seats(house) == {ANA: "given_back", BEN: "seated", CHO: "seated"}
    (notice,) = house.rows(NoticeRow)
    assert (notice.text_key, notice.values["day"], notice.values["at"]) == ("notice.seat_free", "2027-01-21", "14:00")
    assert [row.person_id for row in house.rows(DeliveryRow, campaign_id=0)] == [CHO]
    assert house.rows(WorkshopRow)[0].taken == 2


def test_a_seat_is_given_once_when_all_tap_at_the_same_moment(house: House) -> None:
    invited(house, WORKSHOP)

    with ThreadPoolExecutor(len(BILLING)) as pool:
        list(pool.map(lambda one: tap(house, "together", one, "coming"), BILLING))

    assert sorted(seats(house).values()) == ["seated"] * 2 + ["waiting"] * 7


def test_only_who_has_a_seat_is_reminded_and_asked_once_afterwards(house: House) -> None:
    invited(house, WORKSHOP)
    tap(house, "together", ANA, "coming")
    tap(house, "together", BEN, "not_this_time")

    house.walk("2027-01-25 12:00")

    assert house.states("together.reminder") == {"sent": 1, "skipped:not_taken_up": len(BILLING) - 1}
    reminded = house.delivery("together.reminder")
    assert reminded.sent_at is not None and f"{reminded.sent_at:%Y-%m-%d %H:%M}" == "2027-01-20 10:00"
    asked = house.delivery("together.attendance")
    assert asked.sent_at is not None and f"{asked.sent_at:%Y-%m-%d}" == "2027-01-22"
    assert tap(house, "together.attendance", ANA, "came") == "recorded"
    assert house.books().is_balanced


def test_after_the_workshop_nothing_can_be_taken_any_more(house: House) -> None:
    invited(house, WORKSHOP)
    house.at("2027-01-21 15:00")

    assert tap(house, "together", ANA, "coming") == "repeated"
    session = shown(house, "together", ANA).parts.session  # type: ignore[union-attr]
    assert session is not None and session.is_over and seats(house) == {}


def test_who_says_yes_to_a_challenge_is_asked_once_and_nobody_else(house: House) -> None:
    invited(house, CHALLENGE)
    tap(house, "one-question", ANA, "will_try")
    tap(house, "one-question", BEN, "rather_not")

    house.walk("2027-01-25 12:00")

    states = house.states("one-question.follow_up")
    assert states["sent"] == 1 and set(states) == {"sent", "skipped:other_answer"}
    assert tap(house, "one-question.follow_up", ANA, "done") == "recorded"
    assert tap(house, "one-question.follow_up", ANA, "not_yet") == "repeated"
    assert tap(house, "one-question.follow_up", ANA, "coming") == "gone"
    assert shown(house, "one-question.follow_up", ANA).parts.tapped == "done"  # type: ignore[union-attr]


def test_votes_are_told_to_voters_only_when_the_day_is_over_and_enough_have_voted(house: House) -> None:
    invited(house, POLL)
    for place, one in enumerate(BILLING):
        tap(house, "what-next", one, "templates" if place < 4 else "searching")
    assert shown(house, "what-next", ANA).parts.votes.lines == ()  # type: ignore[union-attr]

    house.at("2027-01-13 10:00")

    # Four on one side are too few to be told beside five on the other.
    assert shown(house, "what-next", ANA).parts.votes.lines == ()  # type: ignore[union-attr]


def test_a_poll_with_enough_on_each_side_is_told_as_bands_and_results_say_the_same(house: House) -> None:
    house.run(a_text("find-an-expert", POLL))
    house.walk("2027-01-13 05:00")
    voters = [row.person_id for row in house.rows(nudge_key="what-next", status="sent")]
    for place, one in enumerate(voters):
        tap(house, "what-next", one, "templates" if place < 6 else "searching")
    house.at("2027-01-14 10:00")

    told = shown(house, "what-next", voters[0]).parts.votes.lines  # type: ignore[union-attr]
    (nudge,) = results(house.core, AUTHOR, "find-an-expert").nudges

    assert len(voters) >= 12 and {label for label, _ in told} == {"Templates", "Searching"}
    assert sorted(share for _, share in told) == sorted(one.share.share for one in nudge.of_all(nudge.choices))
    assert {row.right for row in export(house.core, AUTHOR, "find-an-expert") if row.measure == "choice"} == {""}


def test_my_data_lists_seats_and_forgetting_frees_them_for_the_next(house: House) -> None:
    invited(house, WORKSHOP)
    for one in (ANA, BEN, CHO):
        tap(house, "together", one, "coming")
    assert my_data(house.core, ANA)["workshops"][0]["seat"] == "seated"

    forget(house.core, ANA)

    assert seats(house) == {BEN: "seated", CHO: "seated"}
    assert not [row for row in house.rows(NoticeRow) if ANA in row.notice_key]
    assert my_data(house.core, ANA)["workshops"] == []


def test_the_calendar_file_is_for_those_who_hold_its_address(house: House) -> None:
    house.core = replace(house.core, public_url="https://nudger.example.com")
    invited(house, WORKSHOP)
    tap(house, "together", ANA, "coming")

    link = shown(house, "together", ANA).parts.session.calendar_link  # type: ignore[union-attr]
    token = link.rpartition("/")[2].removesuffix(".ics")
    text = calendar_file(house.core, token)

    assert text is not None and "DTSTART:20270121T140000Z" in text and "DTEND:20270121T144500Z" in text
    assert calendar_file(house.core, token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    other = replace(house.core, key=b"x" * 32)
    assert calendar_file(house.core, token_for(other, Place(1, "together", "2027-01-11"))) is None
