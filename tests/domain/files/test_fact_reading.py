"""Rules as people write them: this module is the tests of reading them, and of the one table of their words."""

from datetime import timedelta
from pathlib import Path

import pytest

from nudges.domain.checks.findings import Finding
from nudges.domain.files.loading import load_company
from nudges.domain.people.fact_rules import (
    Answered,
    DidNotAnswer,
    InChannel,
    InUserGroup,
    JoinedWithin,
    QuizBelow,
    Sampled,
    Used,
)
from nudges.domain.people.rule_words import BLOCKS, RULE_WORDS, RuleWord
from nudges.domain.people.segments import FIELDS, AllOf, AnyOf, HasValue, InSegment, Not, Rule, describe

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "playbooks.md").read_text("utf-8")
HEAD = "admins: [U0AMIR]\nchannels: {ask-billing: C0BILLING}\nsegments:\n  customer-service: {place: X}\n  it: "


def read(rule: str) -> Rule:
    loaded = load_company(HEAD + rule + "\n", file="company.yaml")
    assert loaded.value is not None, loaded.findings
    return loaded.value.segments["it"]


def fault(rule: str) -> Finding:
    (found,) = load_company(HEAD + rule + "\n", file="company.yaml").findings
    return found


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("{answered: find-an-expert/tip}", Answered(("find-an-expert/tip",))),
        ("{answered: [a, b/c]}", Answered(("a", "b/c"))),
        ("{did_not_answer: a}", DidNotAnswer(("a",))),
        ("{quiz_below: {playbook: a, share: 60%}}", QuizBelow("a", 0.6)),
        ("{used: {tool: Slack channels, at_least: 3, in: 28d}}", Used(3, timedelta(days=28), "Slack channels")),
        ("{not: {used: {at_least: 1, in: 2w}}}", Not(Used(1, timedelta(days=14)))),
        ("{joined_within: 30d}", JoinedWithin(timedelta(days=30))),
        ("{user_group: S0123ABC}", InUserGroup(("S0123ABC",))),
        ("{channel: [ask-billing]}", InChannel(("ask-billing",))),
        ("{sample: 10%}", Sampled(0.1)),
        ("{sample: {share: 2.5%, draw: spring}}", Sampled(0.025, "spring")),
        (
            "{segment: customer-service, except: [{role: intern}, {team: X}]}",
            AllOf((
                InSegment("customer-service"),
                Not(AnyOf((HasValue("role", ("intern",)), HasValue("team", ("X",))))),
            )),
        ),
        ("{place: X, except: {role: intern}}", AllOf((HasValue("place", ("X",)), Not(HasValue("role", ("intern",)))))),
    ],
)  # fmt: skip
def test_a_rule_is_read_as_it_is_meant(written: str, rule: Rule) -> None:
    assert read(written) == rule


@pytest.mark.parametrize(
    ("written", "mark", "code", "fix"),
    [
        ("{answerd: a}", "answerd", "PB012", "Did you mean `answered`?"),
        ("{used_tool: a}", "used_tool", "PB012", ""),
        ("{answered: find an expert}", "find an", "PB022", "Write playbook/nudge"),
        ("{did_not_answer: [a, b/c/d]}", "b/c/d", "PB022", "Write playbook/nudge"),
        ("{answered: {a: b}}", "{a: b}", "PB015", ""),
        ("{quiz_below: {playbok: a, share: 60%}}", "playbok", "PB012", "Did you mean `playbook`?"),
        ("{quiz_below: {playbook: a, share: 60}}", "60}", "PB020", "percent sign"),
        ("{quiz_below: {playbook: a, share: 0%}}", "0%", "PB020", "more than 0%"),
        ("{quiz_below: {playbook: a}}", "{playbook", "PB013", "share: 60%"),
        ("{quiz_below: a}", "a}", "PB015", "playbook: find-an-expert"),
        ("{used: {tool: x, in: 28d}}", "{tool", "PB013", "at_least: 3"),
        ("{used: {at_least: 3, in: 2d}}", "2d", "PB019", "28d"),
        ("{used: {at_least: 29, in: 28d}}", "29", "PB017", "1 to 28"),
        ("{used: {at_least: 0, in: 28d}}", "0,", "PB017", "1 to 28"),
        ("{used: {at_least: , in: 28d}}", "at_least", "PB014", "at_least: 3"),
        ("{used: [x]}", "[x]", "PB015", "at_least: 3"),
        ("{joined_within: 30}", "30", "PB019", ""),
        ("{joined_within: 1h}", "1h", "PB019", "30d"),
        ("{user_group: C0123ABC}", "C0123ABC", "PB023", "S0615G0KT"),
        ("{channel: ask-biling}", "ask-biling", "PB035", "Did you mean `ask-billing`?"),
        ('{channel: "#ask-billing"}', '"#ask', "PB022", "Write `ask-billing`."),
        ("{sample: 10}", "10", "PB020", "percent sign"),
        ("{sample: {draw: spring}}", "{draw", "PB013", "share: 10%"),
        ("{sample: 0.001%}", "0.001%", "PB020", "more than 0%"),
        ("{except: [{role: intern}]}", "{except", "PB036", "customer-service"),
        ("{place: X, except: {rol: intern}}", "rol:", "PB012", "Did you mean `role`?"),
    ],
)
def test_a_fault_is_told_at_its_place_with_one_fix(written: str, mark: str, code: str, fix: str) -> None:
    found = fault(written)
    assert (found.code.value, found.line, found.column) == (code, 5, len("  it: ") + written.index(mark) + 1)
    assert fix in found.fix


@pytest.mark.parametrize("word", RULE_WORDS, ids=lambda one: one.word)
def test_each_word_has_an_example_that_reads_and_says_itself(word: RuleWord) -> None:
    assert word.word in word.example
    rule = read(word.example)
    assert describe(rule, {"customer-service": HasValue("place", ("X",))})
    assert word.description.endswith(".")


@pytest.mark.parametrize("word", RULE_WORDS, ids=lambda one: one.word)
def test_each_word_stands_on_the_page_for_authors(word: RuleWord) -> None:
    assert f"`{word.word}`" in PAGE or f"`{word.word}: " in PAGE


def test_every_field_of_people_is_a_word_and_none_stands_twice() -> None:
    words = [one.word for one in RULE_WORDS]
    assert set(FIELDS) <= set(words)
    assert len(words) == len(set(words))


def test_each_key_of_a_block_is_described_and_used_in_its_words_example() -> None:
    for takes, keys in BLOCKS.items():
        (word,) = (one for one in RULE_WORDS if one.takes is takes)
        assert all(f"{key.name}:" in word.example for key in keys)
        assert all(key.description.endswith(".") and key.example for key in keys)
