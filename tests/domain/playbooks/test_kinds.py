"""How-tos, workshops, challenges, polls and the others: each as an author writes it, and each fault at its place."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from nudges.domain.delivery.deliveries import Planned, Skipped
from nudges.domain.editing.templates import NUDGES, Names, indented
from nudges.domain.files.loading import load_playbook
from nudges.domain.playbooks.company import Profile
from nudges.domain.playbooks.languages import in_language
from nudges.domain.playbooks.playbook import AroundSession, Held, Playbook
from nudges.domain.times.calendar_file import CalendarEvent, calendar_text, escaped, folded
from nudges.domain.times.hours import Weekday
from nudges.domain.times.session_times import begins_at, planned_around
from nudges.domain.times.workdays import calendar_of
from tests.builders import a_company, a_person
from tests.playbook_texts import GOOD, MARK, findings_in, found, the_company, with_fault
from tests.schema_views import PLAYBOOK, faults_in_newer_yaml, faults_in_older_yaml

KINDS = """
  - howto: three-steps
    when: {week: 2, day: tue, at: "10:00"}
    text: From question to answer.
    steps: [Open it, Write one line, Go on]
    video: {link: https://intranet.example.com/film, minutes: 2}
    translations: {de: {text: Von der Frage zur Antwort., steps: [Auf, Schreiben, Weiter]}}
  - workshop: together
    when: {week: 2, day: wed, at: "10:00"}
    title: Your first question
    text: Bring a question.
    held: {week: 3, day: thu, at: 14:00, zone: Europe/Lisbon, lasts: 45m}
    place: Room 2.14, Lisbon
    seats: 12
    translations: {de: {title: Deine erste Frage, text: Bring eine Frage mit.}}
  - challenge: one-question
    when: {week: 3, day: tue, at: "10:00"}
    text: See what happens.
    task: Ask one question
    days: 5
    translations: {de: {text: Schau, task: Stell eine Frage}}
  - exclusive: only-there
    when: {week: 3, day: wed, at: "10:00"}
    text: Every Friday they answer there.
    try_it: {label: Read it, channel: ask-billing}
  - poll: what-next
    when: {week: 4, day: tue, at: "10:00"}
    question: What would save you time?
    options: [{key: one, text: Templates}, {key: two, text: Searching}]
    translations: {de: {question: Was hilft, options: {one: Vorlagen, two: Suchen}}}
  - leader: dana-asks
    when: {week: 4, day: wed, at: "10:00"}
    text: I ask there myself.
"""
PLACE = "\nremedies:"
WITH_KINDS = GOOD.replace(PLACE, KINDS + PLACE.lstrip("\n") if GOOD.count("\n\nremedies:") else KINDS + PLACE[1:], 1)
STEPS_AND_VIDEO = KINDS[KINDS.index("    steps:") : KINDS.index("    translations: {de: {text: Von")]
A_DAY = "held: {week: 3, day: thu, at"
FAULTS = [
    (STEPS_AND_VIDEO, "", "PB070"),
    ("steps: [Open it, Write one line, Go on]", "steps: ¦[a, b, c, d, e, f, g, h]", "PB037"),
    ("minutes: 2}", "minutes: ¦0}", "PB017"),
    ("film, minutes", "film, ¦minuts", "PB012"),
    ("    place: Room 2.14, Lisbon\n", "", "PB073"),
    ("zone: Europe/Lisbon, lasts: 45m}", "zone: ¦Europe/Lisboa, lasts: 45m}", "PB027"),
    (f"{A_DAY}: 14:00, zone: Europe/Lisbon", "held: ¦{week: 3, day: thu, at: 14:00", "PB013"),
    (A_DAY, "held: ¦{on: 2027-02-03, week: 3, at", "PB072"),
    (A_DAY, "held: ¦{at", "PB072"),
    ("    seats: 12\n", "", "PB013"),
    ("    seats: 12\n", "    seats: ¦0\n", "PB017"),
    ("    task: Ask one question\n", "", "PB013"),
    ("    days: 5\n", "    days: ¦8\n", "PB017"),
    ("    try_it: {label: Read it, channel: ask-billing}\n  - poll", "  - poll", "PB013"),
    ("[{key: one, text: Templates}, {key: two, text: Searching}]", "¦[{key: one, text: Templates}]", "PB037"),
    ("{key: two, text: Searching}", "{key: ¦one, text: Searching}", "PB039"),
    ("options: {one: Vorlagen, two: Suchen}", "options: {one: Vorlagen, ¦tow: Suchen}", "PB047"),
    ("  - leader: dana-asks", "  - ¦leder: dana-asks", "PB046"),
]  # fmt: skip
SCHEMA_KNOWS = [fault for fault in FAULTS if fault[2] not in ("PB039", "PB047")]
THREE_STEPS = KINDS[KINDS.index("    text: From") : KINDS.index("  - workshop")]
ADVICE = [
    ("steps: [Auf, Schreiben, Weiter]", "steps: [Auf]", "PB129"),
    ("{title: Deine erste Frage, text", "{text", "PB129"),
    ("when: {week: 2, day: wed", "when: {week: 3, day: wed", "PB142"),
    ("What would save you time?", "Don't you agree that templates help?", "PB143"),
    (THREE_STEPS, "    video: {link: https://intranet.example.com/film}\n", "PB141"),
]


def the_playbook(text: str = WITH_KINDS) -> Playbook:
    playbook = load_playbook(text, file="ask-first.yaml", company=the_company()).value
    assert playbook is not None, [one.sentence for one in findings_in(text)]
    return playbook


def test_each_kind_is_read_and_what_follows_from_it_has_a_name_nobody_can_write() -> None:
    keys = [nudge.key for nudge in the_playbook().nudges]

    assert [key for key in keys if "." in key] == ["together.reminder", "together.attendance", "one-question.follow_up"]
    assert {nudge.kind for nudge in the_playbook().nudges} >= {"howto", "workshop", "challenge", "exclusive", "poll"}
    assert the_playbook().with_sequels() == the_playbook()


@pytest.mark.parametrize(("old", "new", "code"), FAULTS)
def test_a_fault_of_a_kind_is_found_at_its_place(old: str, new: str, code: str) -> None:
    text, place = with_fault(WITH_KINDS, old, new) if MARK in new else (WITH_KINDS.replace(old, new), None)
    assert text != WITH_KINDS

    told = found(findings_in(text))

    assert code in [one for one, *_ in told]
    assert place is None or (code, *place) in told


@pytest.mark.parametrize("view", [faults_in_newer_yaml, faults_in_older_yaml])
@pytest.mark.parametrize(("old", "new", "code"), SCHEMA_KNOWS)
def test_an_editor_refuses_the_same(old: str, new: str, code: str, view: Any) -> None:
    assert view(PLAYBOOK, WITH_KINDS) == []
    assert view(PLAYBOOK, WITH_KINDS.replace(old, new.replace(MARK, ""))) != []


@pytest.mark.parametrize(("old", "new", "code"), ADVICE)
def test_what_people_who_know_would_say(old: str, new: str, code: str) -> None:
    assert code not in [one.code for one in findings_in(WITH_KINDS)]
    assert code in [one.code for one in findings_in(WITH_KINDS.replace(old, new))]


def test_a_leader_s_word_needs_a_sponsor_to_say_it() -> None:
    start = WITH_KINDS.index("sponsor:")
    without = WITH_KINDS[:start] + WITH_KINDS[WITH_KINDS.index("\n", start) + 1 :]

    assert "PB071" in [one.code for one in findings_in(without)]


def test_a_workshop_whose_date_is_past_is_named_before_it_is_published() -> None:
    dated = WITH_KINDS.replace("week: 3, day: thu, at: 14:00", "on: 2027-02-03, at: 14:00")

    def codes(today: date) -> list[str]:
        loaded = load_playbook(dated, file="a.yaml", company=the_company(), profile=Profile.LIVE, today=today)
        return [one.code for one in loaded.findings if one.is_error]

    assert "PB140" in codes(date(2027, 2, 4)) and "PB140" not in codes(date(2027, 2, 3))


@pytest.mark.parametrize("kind", ["howto", "workshop", "challenge", "exclusive", "poll", "leader"])
def test_what_new_writes_has_no_fault(kind: str) -> None:
    names = Names("fresh-one", segment="customer-service", channel="ask-billing", week=5)
    text = GOOD.replace("\nremedies:", "\n" + indented(NUDGES[kind](names), 2) + "remedies:", 1)

    assert [one.sentence for one in findings_in(text) if one.is_error] == []
    assert "fresh-one" in [nudge.key for nudge in the_playbook(text).nudges]


def test_words_of_a_kind_are_translated_with_it() -> None:
    playbook = the_playbook()
    told = {key: in_language(nudge, "de") for nudge in playbook.nudges if (key := nudge.key)}

    assert told["three-steps"].steps == ("Auf", "Schreiben", "Weiter")  # type: ignore[union-attr]
    assert told["together"].title == "Deine erste Frage"  # type: ignore[union-attr]
    assert told["together.reminder"].text == "Deine erste Frage"
    assert told["one-question.follow_up"].text == "Stell eine Frage"
    assert [one.text for one in told["what-next"].options] == ["Vorlagen", "Suchen"]  # type: ignore[union-attr]


HELD = Held(on=date(2027, 1, 25), at=time(14), zone="Europe/Lisbon", lasts=timedelta(minutes=45))
BEFORE = AroundSession(after="together", session=HELD, is_before=True, at=time(10))
AFTER = AroundSession(after="together", session=HELD, is_before=False, at=time(10), valid_for=timedelta(days=4))


@pytest.mark.parametrize(
    ("when", "zone", "wanted"),
    [
        (BEFORE, "Europe/Lisbon", "2027-01-22T10:00"),  # the Friday before a Monday
        (BEFORE, "Asia/Kolkata", "2027-01-22T10:00"),
        (BEFORE, "Pacific/Auckland", "2027-01-25T10:00"),  # there it is Tuesday, at three in the night
        (AFTER, "Europe/Lisbon", "2027-01-26T10:00"),
        (AFTER, "Pacific/Auckland", "2027-01-27T10:00"),
    ],
)
def test_a_reminder_comes_on_the_reader_s_own_working_day_and_always_before(
    when: AroundSession, zone: str, wanted: str
) -> None:
    calendar = calendar_of(a_person(zone=zone, country="", place=""), a_company(holidays={}))

    due = planned_around(when, starts_on=date(2027, 1, 11), calendar=calendar)

    assert isinstance(due, Planned) and due.local_due == wanted
    assert not when.is_before or due.fresh_until == begins_at(HELD, date(2027, 1, 11))


def test_who_works_on_no_day_before_is_not_reminded() -> None:
    person = a_person(working_days="", hours="")
    calendar = calendar_of(person, a_company(hours={"default": "09:00-10:00 sun"}, holidays={}))
    late = AroundSession(
        after="x", session=HELD.model_copy(update={"on": date(2027, 1, 24)}), is_before=True, at=time(10)
    )

    assert isinstance(planned_around(late, starts_on=date(2027, 1, 11), calendar=calendar), Skipped)


def test_a_day_counted_from_the_start_is_by_the_calendar_of_the_place() -> None:
    held = Held(week=2, day=Weekday.parse("thu"), at=time(14), zone="America/New_York")

    assert begins_at(held, date(2027, 1, 11)) == datetime(2027, 1, 21, 19, tzinfo=UTC)


def an_event(**values: Any) -> CalendarEvent:
    usual: dict[str, Any] = {
        "uid": "abc@nudger",
        "title": "Fragen, gemeinsam; mit Übung",
        "begins_at": datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
        "ends_at": datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        "written_at": datetime(2027, 1, 12, 10, tzinfo=UTC),
    }
    return CalendarEvent(**(usual | values))


def test_a_calendar_file_is_escaped_folded_and_ends_its_lines_as_the_standard_asks() -> None:
    text = calendar_text(an_event(about="Zeile eins\nZeile \\ zwei, " + "ä" * 200, place="Raum 2, Haus B"))
    lines = text.split("\r\n")

    assert (
        lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""] and "\n" not in text.replace("\r\n", "")
    )
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "")
    assert "SUMMARY:Fragen\\, gemeinsam\\; mit Übung" in whole and "LOCATION:Raum 2\\, Haus B" in whole
    assert "DESCRIPTION:Zeile eins\\nZeile \\\\ zwei\\, " + "ä" * 200 in whole
    assert "DTSTART:20270328T003000Z" in whole and "DTEND:20270328T013000Z" in whole


@pytest.mark.parametrize("text", ["x\r\nATTENDEE:mailto:a@b.c", "\x00\x07bell", "a\rb"])
def test_no_text_can_begin_a_line_of_its_own(text: str) -> None:
    lines = calendar_text(an_event(title=text, link=f"https://a.example/{text}")).split("\r\n")

    assert not [line for line in lines if line.startswith("ATTENDEE")]
    assert "\r" not in "".join(lines) and "\x00" not in "".join(lines)


def test_folding_never_cuts_a_letter_in_two() -> None:
    line = "X:" + "日本語" * 60

    assert folded(line).replace("\r\n ", "") == line and escaped("a;b") == "a\\;b"
    assert all(len(piece.encode()) <= 75 for piece in folded(line).split("\r\n"))
