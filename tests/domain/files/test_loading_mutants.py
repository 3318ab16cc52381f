"""Good files with slips of every kind: this module holds that no mutant breaks the loader or keeps anybody waiting.

`NUDGER_SOAK=1` plays 100,000 of them; the suite plays 3,500, in parts that run side by side.
"""

import os
import random
import time
from pathlib import Path

import pytest

from nudges.domain.checks.findings import Finding
from nudges.domain.files.loading import load_company, load_playbook
from nudges.domain.playbooks.company import Profile
from tests.playbook_texts import GOOD, GOOD_COMPANY, PLAYBOOKS, the_company
from tests.soak import luck

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
pytestmark = [pytest.mark.slow] if IS_SOAK else []
PARTS, MUTANTS = (20, 5_000) if IS_SOAK else (4, 800)
SHIPPED = sorted((Path(__file__).parents[3] / "playbooks").glob("*.yaml"))
RIPE = (PLAYBOOKS / "ripe" / "find-an-expert.yaml").read_text(encoding="utf-8")
RIPE_COMPANY = (PLAYBOOKS / "ripe" / "company.yaml").read_text(encoding="utf-8")
# Small files that hold every key once: of a long one most mutants are alike.
SMALL = """playbook: ask
title: Ask first
tool: Channels
owner: U0PRIYA
languages: [en, de]
goal: {business: More, kpi: calls, it_partner: U0LEE}
sponsor: {name: Dana, role: VP, says: "I ask."}
baseline: {measured_on: 2026-12-14, active_share: 34%, organic_posts_per_person_week: 0.4, average_reach: 12, source: S}
audience: {segments: [sales], pilot: {segment: sales, answers: 5, useful: 60%, stop_when: {stops: 9%}, then: automatic}}
personal_wins: {sales: {kind: contact, text: "Know who knows, {first_name}", translations: {de: Wissen}}}
nudges:
  - tip: one
    when: {week: 1, day: tue, at: 10:30, window: 3h, valid_for: 2d}
    text: |
      Stuck? *Ask* <https://a.example|here>.
    image: {link: https://a.example/x.png, alt: Words}
    waive: {PB106: No}
    translations: {de: {text: Frag, alt: Wort}}
  - quiz: two
    when: {after: one, days: 7}
    question: Where?
    choices: [{key: a, text: Here, right: yes, reply: "Yes, here."}, {key: b, text: There, reply: No.}]
remedies: {no_time: [{do: Wait, by: owner, within: 7d}]}
starts_on: 2027-01-11
"""
SMALL_COMPANY = """default_zone: Europe/Lisbon
working_hours: {default: "09:00-17:00 mon-fri"}
holidays: {PT: auto}
channels: {ask: C0ASK}
segments: {sales: {all: [{department: Sales}, {not: {country: [PT, NO]}}]}}
comms_calendar: [{what: Results, starts_on: 2027-02-15, ends_on: 2027-02-19}]
publishing: {approval: yes, growth: 20%, profile: live, reviewers: ask}
waive: {PB103: Later}
"""
COMPANY = the_company()


@pytest.mark.parametrize("part", range(PARTS))
def test_mutants_of_small_files_never_break_the_loader(part: int) -> None:
    chance = random.Random(luck(20270111) + part)

    for number in range(MUTANTS):
        if number % 5:
            _answers_in_time(_mutated(SMALL, chance), is_company=False)
        else:
            _answers_in_time(_mutated(SMALL_COMPANY, chance), is_company=True)


def test_mutants_of_real_files_never_break_the_loader() -> None:
    chance = random.Random(luck(20270112))
    texts = [GOOD, RIPE, *(path.read_text(encoding="utf-8") for path in SHIPPED if path.name != "company.yaml")]

    for _ in range(5_000 if IS_SOAK else 150):
        _answers_in_time(_mutated(chance.choice(texts), chance), is_company=False)
        _answers_in_time(_mutated(chance.choice((GOOD_COMPANY, RIPE_COMPANY)), chance), is_company=True)


def _answers_in_time(text: str, *, is_company: bool) -> None:
    started = time.thread_time()
    if is_company:
        findings = load_company(text, file="m.yaml").findings
    else:
        findings = load_playbook(text, file="m.yaml", company=COMPANY, profile=Profile.LIVE).findings
    assert time.thread_time() - started < 1
    _assert_well_formed(findings)


def _assert_well_formed(findings: tuple[Finding, ...]) -> None:
    assert len(findings) <= 201
    for finding in findings:
        assert finding.line >= 1
        assert finding.column >= 1
        assert finding.sentence.endswith((".", "!", "?"))
        assert finding.fix
        assert finding.place == f"m.yaml:{finding.line}:{finding.column}"


def _mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        end = min(len(text), at + chance.choice((1, 1, 2, 5, 20)))
        match chance.randrange(6):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + chance.choice("\t\n :-[]{}#|>*&!'\"%@`\0\ufeff\xa0é0") + text[at:]
            case 2:
                text = text[:at] + text[at:end] * 3 + text[end:]
            case 3:
                other = chance.randrange(len(text))
                text = text[:at] + text[other : other + 10] + text[end:]
            case 4:
                lines = text.split("\n")
                one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[one], lines[two] = lines[two], lines[one]
                text = "\n".join(lines)
            case _:
                lines = text.split("\n")
                one = chance.randrange(len(lines))
                lines[one] = chance.choice((" ", "  ", "    ", "- ")) + lines[one]
                text = "\n".join(lines)
        text = text or "x"
    return text
