"""Files made to hurt: this module holds that the loader neither falls over nor takes a second, whatever it is given."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.checks.findings import Finding
from nudges.domain.files.loading import load_company, load_playbook
from tests.playbook_texts import GOOD, the_company

MIB = 1024 * 1024

BOMBS: dict[str, Callable[[], str | bytes]] = {
    "billion laughs": lambda: (
        "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*{'a' if i == 0 else f'b{i - 1}'}]\n" for i in range(60))
    ),
    "merge keys": lambda: "a: &a {x: 1}\nb:\n  <<: *a\n  <<: {c: d}\n",
    "brackets in brackets": lambda: "a: " + "[" * 200_000,
    "braces in braces": lambda: "{a: " * 200_000,
    "lists in lists": lambda: "- " * 500_000,
    "blocks in blocks": lambda: "\n".join(" " * i + "a:" for i in range(1_000)),
    "a huge scalar": lambda: "title: " + "x" * (MIB - 10),
    "a huge quoted scalar": lambda: 'title: "' + "x " * (MIB // 2 - 10) + '"',
    "a huge block": lambda: "title: |\n" + "  line\n" * 140_000,
    "too large": lambda: "# " + "x" * MIB,
    "a python tag": lambda: "a: !!python/object/apply:os.system ['echo']\n",
    "a tag of our own": lambda: "playbook: !nudge x\n",
    "dates": lambda: "playbook: x\nstarts_on: 9999-99-99\nends_on: 0000-00-00\n",
    "NUL": lambda: GOOD.replace("a", "\0"),
    "nothing but NUL": lambda: b"\0" * MIB,
    "UTF-16": lambda: GOOD.encode("utf-16"),
    "Latin-1": lambda: GOOD.replace("a", "é").encode("latin-1"),
    "tabs": lambda: GOOD.replace("  ", "\t"),
    "byte-order marks inside": lambda: GOOD.replace(" ", "\ufeff"),
    "line separators": lambda: GOOD.replace(". ", ".\u2028"),
    "half a surrogate pair": lambda: "title: \ud800\n",
    "control characters behind backslashes": lambda: 'title: "\\0\\a\\e[31m"\n',
    "look-alikes": lambda: GOOD.replace("e", "\u0435"),
    "other spaces": lambda: GOOD.replace("    ", "\xa0" * 4),
    "more values than allowed": lambda: "nudges:\n" + "  - a\n" * 150_000,
    "thousands of unknown keys": lambda: "".join(f"k{i}: v\n" for i in range(40_000)),
    "one key again and again": lambda: "a: b\n" * 45_000,
    "thousands of unknown segments": lambda: GOOD.replace(
        "segments: [", f"segments: [{', '.join(f's{i}' for i in range(45_000))}, "
    ),
    "a chain of nudges": lambda: (
        "nudges:\n"
        + "".join(f"  - tip: n{i}\n    when: {{after: n{i + 1}, days: 1}}\n    text: x\n" for i in range(5_000))
    ),
    "a circle of segments": lambda: (
        "segments:\n" + "".join(f"  s{i}: {{segment: s{(i + 1) % 9_000}}}\n" for i in range(9_000))
    ),
    "a text full of angles": lambda: GOOD.replace("text: |", "text: |\n      " + "<" * 15_000 + "{" * 4_000),
    "a text full of ticks": lambda: GOOD.replace("text: |", "text: |\n      " + "``` ` " * 3_000),
    "a text full of stars": lambda: GOOD.replace("text: |", "text: |\n      " + "**a" * 6_000),
    "commas in braces": lambda: "a: {b: c" + ", d" * 40_000 + "}\n",
    "errors in thousands of lines": lambda: "nudges:\n" + "  - tip: x\n    text: a: b\n" * 9_000,
    "questions": lambda: "? " * 300_000,
    "documents": lambda: "---\n" * 100_000,
    "quotes": lambda: "'" * MIB,
    "anchors": lambda: "".join(f"k{i}: &a{i} x\n" for i in range(40_000)),
    "empty lines": lambda: "\n" * MIB,
    "CRLF": lambda: GOOD.replace("\n", "\r\n").replace("title", "titel"),
    "nothing but carriage returns": lambda: "\r" * MIB,
    "tabs for everything": lambda: GOOD.replace(" ", "\t"),
    "a byte-order mark again and again": lambda: b"\xef\xbb\xbf" * 1_000 + GOOD.encode(),
    "aliases of aliases": lambda: "a: &a x\n" + "".join(f"k{i}: *a\n" for i in range(40_000)),
    "merge keys without end": lambda: "a: &a {x: 1}\n" + "b:\n" + "  <<: *a\n" * 40_000,
    "tags without end": lambda: "".join(f"k{i}: !!t{i} x\n" for i in range(40_000)),
    "dates of every kind": lambda: "".join(
        GOOD.replace("starts_on: 2027-01-11", f"starts_on: {day}")
        for day in ("0000-00-00", "99999-01-01", "2027-W01-1", "2027-01-11T10:00Z", "-1-1-1", "２０２７-01-11")
    ),
    "translations without end": lambda: GOOD.replace(
        "    by: {name: Maya",
        "    translations:\n" + "".join(f"      x{i}: {{text: y}}\n" for i in range(20_000)) + "    by: {name: Maya",
    ),
    "languages without end": lambda: GOOD.replace(
        "holdout: 10%", f"languages: [{', '.join(['de', 'fr', 'es'] * 9_000)}]"
    ),
    "waivers without end": lambda: GOOD + "waive:\n" + "".join(f"  PB{i}: x\n" for i in range(40_000)),
    "waivers of one nudge after another": lambda: (
        GOOD[: GOOD.index("  - tip:")]
        + "".join(f"  - tip: n{i}\n    waive: {{PB106: no}}\n    text: a prize {{\n" for i in range(4_000))
    ),
    "a text full of links": lambda: GOOD.replace("text: |", "text: |\n      " + "https://bit.ly/x " * 20_000),
    "a text full of prizes": lambda: GOOD.replace("text: |", "text: |\n      " + "not a prize, no win a " * 20_000),
    "a text about the company": lambda: GOOD.replace("text: |", "text: |\n      " + "the company the " * 20_000),
    "a calendar without end": lambda: (
        "comms_calendar:\n" + "  - {what: x, starts_on: 2027-02-01, ends_on: 2027-01-01}\n" * 15_000
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_answered_with_findings_in_time(name: str) -> None:
    text = BOMBS[name]()

    for load in (_as_playbook, _as_company):
        started = time.process_time()
        findings = load(text)
        assert time.process_time() - started < 3  # under a second on a quiet machine, more on a busy one
        _assert_well_formed(findings)
        assert any(finding.is_error for finding in findings)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400) | st.binary(max_size=400))
def test_any_text_and_any_bytes_are_answered(text: str | bytes) -> None:
    _assert_well_formed(_as_playbook(text))
    _assert_well_formed(_as_company(text))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abc:-[]{}#|>*&!'\"\n \t,%@`?<", max_size=60))
def test_any_yaml_in_a_nudge_is_answered(piece: str) -> None:
    _assert_well_formed(_as_playbook(GOOD.replace("I asked, and had", piece)))


def _as_playbook(text: str | bytes) -> tuple[Finding, ...]:
    return load_playbook(text, file="bomb.yaml", company=COMPANY).findings


def _as_company(text: str | bytes) -> tuple[Finding, ...]:
    return load_company(text, file="bomb.yaml").findings


def _assert_well_formed(findings: tuple[Finding, ...]) -> None:
    assert len(findings) <= 201
    for finding in findings:
        assert finding.line >= 1
        assert finding.column >= 1
        assert finding.sentence.endswith((".", "!", "?"))
        assert finding.fix
        assert finding.text().startswith(f"bomb.yaml:{finding.line}:{finding.column} PB")


COMPANY = the_company()
