"""Texts that are meant to be run or to take for ever: this module holds that they stay words, and cost next to nothing.

A playbook has no template language: three names in braces are filled in, everything else is what it says. Whatever
people type is read by patterns; each pattern of the app is tried with what makes careless ones slow.
"""

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import bot
import nudges
from nudges.domain.playbooks.markup import render_mrkdwn, render_plain
from nudges.domain.told.classify import classify

TEMPLATES = r"""
{{7*7}} | ${7*7} | #{7*7} | <%= 7*7 %> | {% print(7*7) %} | {%raw%}7*7{%endraw%} | {{ config.items() }} | @(7*7) | ~{7*7}
{first_name.__class__} | {first_name!r} | {first_name:>99} | {0.__init__.__globals__} | {} | {0} | %(first_name)s | %s
$first_name | ${first_name} | {{first_name.upper()}} | {{''.__class__.__mro__[1].__subclasses__()}} | { first_name }
{{request|attr('application')}} | {{ x|xmlattr }} | {% set x = '{0.__class__}'.format %} | $(id) | \N{DIGIT ONE} | #set($x=7*7)
"""  # noqa: E501 - read as a table
LENGTH = 3000  # characters of one message, the most that is read
SHORT = 600
SLOW_S = 0.05
UNITS = (
    *"a \n*_~`<>&|.-#{}[]('\":/@1é",
    *("0:", "1-", "あ", "a ", "a.", ". ", "a, ", "- ", "a-", "a:", ": a", "*a", "a*", "_a ", "<a|", "a@"),
    *("<https://", "a@a.", "&gt;", "`a", "[a](", "**a", "xoxb-", "http://a/app/", "not ", "no but ", "1:00-2:00 "),
)  # fmt: skip
ENDS = ("", "!", ">", "*")
ON_ONE_SPACE = "nudges.domain.times.own_hours._TO"  # reads hours whose spaces have been made one each


@pytest.mark.parametrize("payload", [one for one in re.split(r" \| |\n", TEMPLATES) if one])
def test_what_a_template_language_would_run_is_shown_as_it_was_written(payload: str) -> None:
    values = {"first_name": "Ana", "team": payload, "place": "Lisbon"}
    said = render_plain(f"Before {payload} after", values)
    assert said.replace("Ana", "{first_name}") == f"Before {payload} after"
    as_a_value = render_mrkdwn("{team}", values)
    assert "49" not in said + as_a_value and "Ana" not in as_a_value and "<class" not in said


@dataclass(frozen=True)
class Reading:
    """A pattern of ours, and how it reads a text."""

    name: str
    pattern: re.Pattern[str]
    only_from_the_start: bool

    def __call__(self, text: str) -> None:
        if self.only_from_the_start:
            self.pattern.match(text)
            return
        for _ in self.pattern.finditer(" ".join(text.split()) if self.name == ON_ONE_SPACE else text):
            pass


def readings() -> Iterator[Reading]:
    """Give every pattern that a module of ours holds, alone or among others."""
    for package in (bot, nudges):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in found.name or found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            source = Path(str(module.__file__)).read_text("utf-8")
            for name, value in vars(module).items():
                uses = set(re.findall(rf"(?<![\w.]){re.escape(name)}\.(\w+)\(", source))
                for pattern in patterns_in(value):
                    yield Reading(f"{found.name}.{name}", pattern, uses <= {"match", "fullmatch"} and bool(uses))


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else (value,)
    yield from (one for one in several if isinstance(one, re.Pattern) and isinstance(one.pattern, str))


def hostile(length: int) -> Iterator[str]:
    """Give texts of which a careless pattern tries every way to cut them up."""
    for unit in UNITS:
        for end in ENDS:
            yield (unit * length)[: length - len(end)] + end


def test_no_pattern_takes_long_over_the_worst_message() -> None:
    every = list(readings())
    assert len(every) > 100
    slow = [
        (one.name, whole[:12], round(took, 3))
        for one in every
        for text, whole in zip(hostile(SHORT), hostile(LENGTH), strict=True)
        # Twice the length takes a careless pattern four times as long: a fifth of the text tells, and costs little.
        if seconds(one, text) * (LENGTH / SHORT) ** 2 > SLOW_S and (took := seconds(one, whole)) > SLOW_S
    ]
    assert slow == []


def seconds(read: Callable[[str], object], text: str) -> float:
    """Return the processor time of reading; once more when it was long: the machine may be busy."""
    took = 0.0
    for _ in range(2):
        started = time.thread_time()
        read(text)
        took = time.thread_time() - started
        if took <= SLOW_S:
            break
    return took


def test_the_look_finds_a_pattern_that_is_slow() -> None:
    careless = Reading("careless", re.compile(r"(?:a|aa)+b"), only_from_the_start=False)
    assert seconds(careless, "a" * 29) > SLOW_S


def test_typed_words_are_read_in_a_moment_however_they_are_made() -> None:
    classify("warm")
    slow = {}
    for unit in (*UNITS, "my manager does not let me ", "no tengo tiempo ", "mein Chef will das nicht, aber "):
        slow[unit] = seconds(classify, (unit * LENGTH)[:LENGTH])
    assert {unit: took for unit, took in slow.items() if took > SLOW_S} == {}
