"""Days against days: this module holds clashes with the comms calendar, and of two campaigns with each other."""

import pytest

from nudges.domain.checks.rivals import Contender, rivals
from nudges.domain.files.loading import load_company, load_playbook
from nudges.domain.playbooks.company import Company
from tests.playbook_texts import GOOD, GOOD_COMPANY, MARK, found, with_fault

ONE_TIP = """playbook: {name}
title: Ask first
tool: Slack channels
owner: U0PRIYA
audience: {{segments: [{segment}]}}
nudges:
"""


def _company(more: str = "", *, caps: str = "{day: 1, week: 3}") -> Company:
    company = load_company(GOOD_COMPANY.replace("{day: 1, week: 3}", caps) + f"\n{more}", file="company.yaml").value
    assert company is not None
    return company


def _calendar(entry: str) -> Company:
    return _company(f"comms_calendar: [{{what: Annual results, {entry}}}]")


def test_a_nudge_on_a_day_of_the_comms_calendar_is_named() -> None:
    text, place = with_fault(GOOD, "when: {week: 2, day: wed", f"when: {MARK}{{week: 2, day: wed")
    company = _calendar("starts_on: 2027-01-20, ends_on: 2027-01-22")
    findings = load_playbook(text, file="x.yaml", company=company).findings

    assert found(findings) == [("PB122", *place)]
    assert "“Annual results” (2027-01-20 to 2027-01-22)" in findings[0].sentence


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("starts_on: 2027-01-21, ends_on: 2027-01-24", GOOD),
        ("starts_on: 2027-01-20, ends_on: 2027-01-22", GOOD.replace("starts_on: 2027-01-11\n", "")),
        (
            "starts_on: 2027-01-20, ends_on: 2027-01-22, countries: [DE]",
            GOOD.replace("segments: [customer-service, sales]", "segments: [sales]")
            .replace("  customer-service: {kind: easier_day, text: Answer the customer on the first call}\n", "")
            .replace("  pilot: {segment: service-pilot, answers: 10, useful: 60%}\n", ""),
        ),
    ],
    ids=["another day", "no dates", "another country"],
)
def test_what_does_not_clash_is_left_in_peace(entry: str, text: str) -> None:
    assert load_playbook(text, file="x.yaml", company=_calendar(entry)).findings == ()


def _contender(name: str, days: list[str], *, segment: str = "sales", starts_on: str = "") -> Contender:
    text = ONE_TIP.format(name=name, segment=segment)
    text += "".join(f"  - {{tip: t{i}, when: {{{day}, at: '10:00'}}, text: Ask}}\n" for i, day in enumerate(days))
    text += f"starts_on: {starts_on}\n" if starts_on else ""
    playbook = load_playbook(text, file=f"{name}.yaml", company=_company()).value
    assert playbook is not None
    return Contender(playbook, f"{name}.yaml", text)


THREE = ["week: 1, day: mon", "week: 1, day: wed", "week: 1, day: fri"]
TWO = ["week: 1, day: tue", "week: 1, day: thu"]


def test_two_dated_campaigns_over_the_week_cap_are_named_at_the_shared_segment() -> None:
    pair = [_contender("a", TWO, starts_on="2027-01-11"), _contender("b", THREE[:2], starts_on="2027-01-11")]
    findings = rivals(pair, _company())

    assert [(one.file, one.code.value, one.line) for one in findings] == [("b.yaml", "PB131", 5)]
    assert "`a`" in findings[0].sentence
    assert "4 nudges in the seven days from 2027-01-11" in findings[0].sentence
    assert findings[0].source_line[findings[0].caret :].startswith("sales")


def test_two_dated_campaigns_on_one_day_are_named() -> None:
    pair = [_contender(name, TWO[:1], starts_on="2027-01-11") for name in ("a", "b")]

    assert "2 nudges on 2027-01-12" in rivals(pair, _company())[0].sentence


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_contender("a", TWO, starts_on="2027-01-11"), _contender("b", THREE[:2], starts_on="2027-03-01")),
        (_contender("a", TWO[:1], starts_on="2027-01-11"), _contender("b", THREE[:2], starts_on="2027-01-11")),
        (_contender("a", TWO), _contender("b", THREE)),
        (_contender("a", THREE), _contender("b", THREE, starts_on="2027-01-11")),
        (_contender("a", THREE), _contender("b", THREE, segment="customer-service")),
    ],
    ids=["months apart", "within the caps", "no dates", "one without a date", "other people"],
)
def test_campaigns_that_fit_beside_each_other_are_left_in_peace(first: Contender, second: Contender) -> None:
    assert rivals([first, second], _company()) == []


def test_without_dates_two_campaigns_that_each_fill_a_week_are_named() -> None:
    assert [one.code.value for one in rivals([_contender("a", THREE), _contender("b", THREE)], _company())] == ["PB131"]


def test_a_segment_inside_the_other_one_is_shared_too() -> None:
    pair = [_contender("a", THREE, segment="customer-service"), _contender("b", THREE, segment="service-pilot")]

    assert len(rivals(pair, _company())) == 1
