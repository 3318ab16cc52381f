"""From text to playbook: this module is what the loader makes of good files and of files with many faults."""

from datetime import date, time, timedelta

import pytest

from nudges.domain.files.loading import load_company, load_playbook
from nudges.domain.people.segments import AllOf, AnyOf, HasValue, InSegment, Not
from nudges.domain.playbooks.playbook import AfterNudge, BarrierKind, FixedDay, Quiz, Tip
from nudges.domain.times.hours import Weekday
from tests.playbook_texts import GOOD, GOOD_COMPANY, PLAYBOOKS, findings_in, found, the_company

TEN_FAULTS = """\
playbook: ten-faults
titel: Find an expert
tool: Slack channels
owner: priya
audience:
  segments: [customer-servce]
nudges:
  - tip: one
    when: {week: 0, day: tue, at: 25:00}
    text: Hi {first_nmae}
  - tip: one
    when: {after: three, days: 7}
    text: "<!channel> look"
  - quiz: two
    when: {week: 2, day: wed, at: "14:00"}
    question: Who?
    choices: [{key: a, text: Me, reply: No.}, {key: b, text: You, reply: No.}]
"""


def test_the_good_playbook_and_company_have_no_findings() -> None:
    assert load_company(GOOD_COMPANY, file="company.yaml").findings == ()
    assert findings_in(GOOD) == ()


def test_scalars_become_what_their_key_needs() -> None:
    playbook = load_playbook(GOOD, file="ask-first.yaml", company=the_company()).value

    assert playbook is not None
    assert playbook.starts_on == date(2027, 1, 11)
    assert playbook.holdout == pytest.approx(0.1)
    assert playbook.audience.pilot is not None
    assert playbook.audience.pilot.useful == pytest.approx(0.6)
    assert playbook.remedies[BarrierKind.NOT_COMFORTABLE_SHARING][0].within == timedelta(weeks=1)
    tip, _, quiz, _ = playbook.nudges
    assert isinstance(tip, Tip)
    assert tip.key == "why-ask"
    expected = FixedDay(
        week=1, day=Weekday.TUE, at=time(10, 30), window=timedelta(hours=3), valid_for=timedelta(days=2)
    )
    assert tip.when == expected
    assert isinstance(quiz, Quiz)
    assert quiz.when == AfterNudge(after="why-ask", days=7)
    assert quiz.grade("channel") is True
    assert quiz.grade("mail") is False


def test_segment_rules_read_as_they_are_written() -> None:
    segments = the_company().segments

    service = AllOf((HasValue("department", ("Customer service",)), Not(HasValue("role", ("intern", "contractor")))))
    assert segments["customer-service"] == service
    assert segments["service-pilot"] == AllOf((InSegment("customer-service"), HasValue("team", ("Billing Lisbon",))))
    either = AnyOf((HasValue("department", ("Sales",)), HasValue("attribute:shift", ("night", "late"))))
    assert segments["sales"] == AllOf((either, HasValue("country", ("PT", "NO"))))


def test_the_worked_example_of_the_design_can_be_used() -> None:
    folder = PLAYBOOKS / "example"
    company = load_company((folder / "company.yaml").read_bytes(), file="company.yaml")
    loaded = load_playbook((folder / "find-an-expert.yaml").read_bytes(), file="x.yaml", company=company.value)

    assert company.findings == ()
    assert loaded.value is not None
    quiz = loaded.value.nudges[2]
    assert isinstance(quiz, Quiz)
    assert quiz.choices[0].reply == "Yes. Six minutes, and the next colleague finds it too."
    assert {code for code, *_ in found(loaded.findings)} == {"PB104", "PB115"}


def test_a_file_with_ten_faults_lists_ten() -> None:
    errors = tuple(finding for finding in findings_in(TEN_FAULTS) if finding.is_error)

    assert found(errors) == [
        ("PB012", 2, 1),
        ("PB023", 4, 8),
        ("PB033", 6, 14),
        ("PB017", 9, 18),
        ("PB018", 9, 35),
        ("PB051", 10, 14),
        ("PB030", 11, 10),
        ("PB031", 12, 19),
        ("PB050", 13, 12),
        ("PB038", 17, 5),
    ]


def test_a_file_with_an_error_gives_no_playbook() -> None:
    assert load_playbook(TEN_FAULTS, file="x.yaml", company=the_company()).value is None


def test_lines_that_are_not_yaml_hide_no_other_faults() -> None:
    text = GOOD.replace("text: I asked, and had", "text: Answer: I asked, and had").replace("at: 10:30", "at: 25:30")
    text = text.replace("question: Who may", "question: @maya: who may")

    assert [code for code, *_ in found(findings_in(text))] == ["PB018", "PB006", "PB006"]


def test_a_nudge_lost_to_bad_yaml_is_not_missed_elsewhere() -> None:
    text = GOOD.replace("  - tip: why-ask\n    stage: sell", "  - tip: why-ask\n    stage: *sell*")

    assert [code for code, *_ in found(findings_in(text))] == ["PB006"]


def test_without_a_company_segments_and_channels_are_not_looked_up() -> None:
    assert load_playbook(GOOD, file="ask-first.yaml", company=None).value is not None


def test_a_faulty_company_still_tells_which_names_exist() -> None:
    faulty = GOOD_COMPANY.replace("department: Customer service", "departmnt: Customer service")
    company = load_company(faulty, file="company.yaml")

    assert company.value is None
    assert company.draft is not None
    assert load_playbook(GOOD, file="ask-first.yaml", company=company.draft).findings == ()


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_nothing(ends: str) -> None:
    text = GOOD.replace("\n", ends).encode()

    assert findings_in(text) == ()
    assert findings_in(b"\xef\xbb\xbf" + text) == ()


@pytest.mark.parametrize("word", ["NO", "no", "null", "~", "1e3", "2027-01-11", "true", "0x10", "10:30"])
def test_a_text_stays_the_text_it_is(word: str) -> None:
    text = GOOD.replace("title: Find an expert before you escalate", f"title: {word}")
    playbook = load_playbook(text, file="x.yaml", company=the_company()).value

    assert playbook is not None
    assert playbook.title == word


@pytest.mark.parametrize("written", ["10:30", '"10:30"', "'10:30'"])
def test_a_time_needs_no_quotes(written: str) -> None:
    playbook = load_playbook(GOOD.replace("at: 10:30", f"at: {written}"), file="x", company=the_company()).value

    assert playbook is not None
    assert playbook.nudges[0].when.at == time(10, 30)


def test_the_company_of_norway_keeps_its_country() -> None:
    text = GOOD_COMPANY.replace("holidays: {PT: auto,", "holidays: {NO: auto, PT: auto,").replace(
        "countries: all", "countries: [NO, pt]"
    )
    company = load_company(text, file="company.yaml").value

    assert company is not None
    assert company.holidays["NO"] == "auto"
    assert company.policies[0].countries == ("NO", "PT")
