"""How strict to be: this module holds what draft, pilot and live ask for, and that a good playbook passes them all."""

from collections.abc import Callable
from datetime import date

import pytest

from nudges.domain.checks.finding_codes import ADVICE, Code
from nudges.domain.checks.profiles import LEVELS, Level, is_asked_for, level_of
from nudges.domain.files.loading import Loaded, load_company, load_playbook
from nudges.domain.playbooks.company import Company, Profile
from nudges.domain.playbooks.playbook import Playbook
from tests.playbook_texts import MARK, PLAYBOOKS, found, with_fault

RIPE = (PLAYBOOKS / "ripe" / "find-an-expert.yaml").read_text(encoding="utf-8")
RIPE_COMPANY = (PLAYBOOKS / "ripe" / "company.yaml").read_text(encoding="utf-8")
TODAY = date(2027, 1, 4)


def _company(text: str = RIPE_COMPANY) -> Company:
    company = load_company(text, file="company.yaml").value
    assert company is not None
    return company


def _judged(text: str, profile: Profile, *, company: Company | None = None, today: date = TODAY) -> Loaded[Playbook]:
    return load_playbook(text, file="x.yaml", company=company or _company(), profile=profile, today=today)


def _without(text: str, start: str, end: str) -> str:
    return text[: text.index(start)] + text[text.index(end) :]


@pytest.mark.parametrize("profile", list(Profile))
def test_a_ripe_playbook_has_no_findings_in_any_profile(profile: Profile) -> None:
    assert load_company(RIPE_COMPANY, file="company.yaml", profile=profile).findings == ()
    assert _judged(RIPE, profile).findings == ()


PAST_WORKSHOP = """\
  - workshop: together
    when: {week: 1, day: mon, at: "10:00"}
    title: Your first question
    text: Bring a question from your own desk.
    held: {on: 2027-01-01, at: "14:00", zone: Europe/Lisbon}
    join: https://intranet.example.com/together
    seats: 12
    fallback: Bring a question
    translations: {de: {title: Deine erste Frage, text: Bring eine Frage mit., fallback: Bring eine Frage mit}}
"""
DEMANDED: list[tuple[Code, Callable[[str], str]]] = [
    (Code.NO_SPONSOR, lambda text: _without(text, "sponsor:", "baseline:")),
    (Code.NO_PARTNER, lambda text: _without(text, "goal:", "sponsor:")),
    (Code.NO_BASELINE, lambda text: _without(text, "baseline:", "audience:")),
    (Code.NO_WIN, lambda text: _without(text, "personal_wins:", "nudges:")),
    (Code.NO_REMEDY, lambda text: _without(text, "  not_comfortable_sharing:", "starts_on:")),
    (Code.STAND_IN, lambda text: text.replace("owner: U0PRIYA", "owner: U0CHANGE", 1)),
    (Code.NO_FALLBACK, lambda text: text.replace("    fallback: How Maya closed it\n", "")),
    (Code.NO_ALT, lambda text: text.replace(", alt: A question and its answer six minutes later", "")),
    (Code.NO_PILOT, lambda text: _without(text, "  pilot:", "personal_wins:")),
    (Code.NO_STOP_RULES, lambda text: text.replace(" stop_when: {not_for_me: 40%, stops: 10%},", "")),
    (Code.NO_TRANSLATION, lambda text: text.replace("        label: Zum Kanal\n", "")),
    (Code.STARTS_IN_PAST, lambda text: text.replace("starts_on: 2027-01-11", "starts_on: 2027-01-01")),
    (Code.SESSION_PAST, lambda text: text.replace("nudges:\n", "nudges:\n" + PAST_WORKSHOP, 1)),
    (Code.SENSITIVE_LINK, lambda text: text.replace("example.com/ask.png", "example.com/ask.png?token=abc")),
]


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize(("code", "change"), DEMANDED, ids=lambda value: getattr(value, "value", ""))
def test_what_is_left_out_is_seen_as_the_profile_says(
    code: Code, change: Callable[[str], str], profile: Profile
) -> None:
    loaded = _judged(change(RIPE), profile)
    seen = {finding.code: finding.severity.value for finding in loaded.findings}
    seen.pop(Code.STRAY_TRANSLATION, None)  # a translated `alt` without the picture's own

    assert seen == ({code: level_of(code, profile).value} if is_asked_for(code, profile) else {})
    assert loaded.value is not None or code is Code.NO_ALT, "a profile keeps no playbook from being read"


def test_every_code_of_the_table_is_tried_here() -> None:
    assert LEVELS.keys() == {code for code, _ in DEMANDED} | {Code.NO_POLICY}
    assert LEVELS.keys() <= ADVICE, "what is always an error needs no line in the table"


def test_the_table_is_the_guides() -> None:
    guide = (PLAYBOOKS.parents[2] / "docs" / "playbooks.md").read_text(encoding="utf-8")
    words = {Level.OFF: "", Level.ADVICE: "advice", Level.ERROR: "fault"}

    for code, levels in LEVELS.items():
        row = next(line for line in guide.split("\n") if line.startswith("|") and f"({code.value})" in line)
        assert [cell.strip() for cell in row.split("|")[2:5]] == [words[level] for level in levels.values()], code


def test_a_country_without_a_policy_is_named_from_pilot_on() -> None:
    company = _company(RIPE_COMPANY.replace("countries: [PT, DE]", "countries: [PT]"))
    found_by = {profile: [f.code for f in _judged(RIPE, profile, company=company).findings] for profile in Profile}

    assert found_by == {Profile.DRAFT: [], Profile.PILOT: [Code.NO_POLICY], Profile.LIVE: [Code.NO_POLICY]}
    assert "DE" in _judged(RIPE, Profile.LIVE, company=company).findings[0].sentence


def test_a_policy_is_only_wanted_where_the_audience_is() -> None:
    company = _company(
        RIPE_COMPANY.replace("countries: [PT, DE]", "countries: [PT]").replace(
            "{department: Customer service}", "{department: Customer service, country: [PT]}"
        )
    )

    assert _judged(RIPE, Profile.LIVE, company=company).findings == ()


def test_a_nudge_without_a_fallback_is_named_where_it_stands() -> None:
    text, place = with_fault(RIPE, "  - story: how-maya", f"  - story: {MARK}how-maya")
    text = text.replace("    fallback: How Maya closed it\n", "")

    assert found(_judged(text, Profile.LIVE).findings) == [("PB124", *place)]


def test_without_a_day_no_start_is_past() -> None:
    loaded = load_playbook(RIPE, file="x.yaml", company=_company(), profile=Profile.LIVE)

    assert loaded.findings == ()
