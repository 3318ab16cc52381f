"""Quizzes of every kind: how they are read, what is a fault in them, how they grade, and how they come back."""

import pytest

from nudges.domain.checks.findings import Finding
from nudges.domain.delivery.messages import compose
from nudges.domain.editing.layout import laid_out
from nudges.domain.files.loading import load_playbook
from nudges.domain.playbooks.playbook import Playbook, Quiz
from tests.builders import a_company, a_person

HEAD = """playbook: quizzes
title: Quizzes
tool: Slack channels
owner: U0PRIYA
audience: {segments: [customer-service]}
nudges:
"""
SEVERAL = """  - quiz: several
    when: {week: 1, day: tue, at: "10:00"}
    question: What helps?
    pick: all
    how_sure: true
    choices:
      - {key: line, text: One line, right: true, reply: Many read it.}
      - {key: mail, text: A mail, reply: Tomorrow.}
      - {key: search, text: A search, right: true, reply: Asked before.}
    because: Both are read by many.
    again:
      - question: What is worth a try?
      - question: Where do many read along?
        choices:
          - {key: dm, text: A direct message, reply: One reads it.}
          - {key: post, text: A post, right: true, reply: Yes.}
          - {key: page, text: A page, right: true, reply: Yes.}
    translations:
      de:
        question: Was hilft?
        choices:
          line: {text: Eine Zeile, reply: Viele lesen sie.}
          mail: {text: Eine Mail, reply: Morgen.}
          search: {text: Die Suche, reply: Schon gefragt.}
        because: Beides lesen viele.
        again:
          - question: Was lohnt sich?
          - question: Wo lesen viele mit?
            choices:
              dm: {text: Direktnachricht, reply: Eine liest sie.}
              post: {text: Ein Beitrag, reply: Ja.}
              page: {text: Eine Seite, reply: Ja.}
"""
ORDER = """  - quiz: order
    when: {week: 1, day: wed, at: "10:00"}
    question: In which order?
    pick: in_order
    choices:
      - {key: sees, text: What she sees, reply: Whose it is.}
      - {key: tried, text: What you tried, reply: Not twice.}
      - {key: need, text: What you need, reply: To act on.}
"""
SCENARIO = """  - quiz: scenario
    when: {week: 1, day: thu, at: "10:00"}
    question: What first?
    choices:
      - {key: ask, text: Ask, right: true, reply: Good.}
      - {key: wait, text: Wait, reply: She waits too., leads_to: later}
    scenes:
      later:
        question: What now?
        choices:
          - {key: call, text: Call, reply: Perhaps.}
          - {key: write, text: Write, right: true, reply: She has it.}
"""
ALL = HEAD + SEVERAL + ORDER + SCENARIO


def findings(text: str) -> list[Finding]:
    found = load_playbook(text, file="quizzes.yaml", company=None).findings
    return [one for one in found if one.is_error or one.code.value == "PB129"]


def quiz(key: str) -> Quiz:
    playbook = load_playbook(ALL, file="quizzes.yaml", company=None).value
    assert isinstance(playbook, Playbook)
    nudge = playbook.nudge(key)
    assert isinstance(nudge, Quiz)
    return nudge


def test_every_kind_is_read_without_a_fault_and_stands_in_its_usual_shape() -> None:
    assert findings(ALL) == []
    assert laid_out(ALL, Playbook) == ALL


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("A search, right: true,", "A search,", "PB080", "    choices:"),
        ("A page, right: true,", "A page,", "PB080", "        choices:"),
        ("What she sees, reply", "What she sees, right: true, reply", "PB080", "      - {key: sees"),
        ("      - {key: need, text: What you need, reply: To act on.}\n", "", "PB081", "    choices:"),
        ("leads_to: later", "leads_to: latter", "PB082", "      - {key: wait"),
        (", leads_to: later", "", "PB082", "      later:"),
        ("reply: Perhaps.", "reply: Perhaps., leads_to: later", "PB082", "          - {key: call"),
        ("question: What first?", "question: What first?\n    pick: all", "PB080", "    choices:"),
        ("What is worth a try?", "What helps?", "PB080", "      - question: What helps?"),
        ("Write, right: true,", "Write,", "PB038", "        choices:"),
        ("key: write, text: Write", "key: write, text: Call", "PB039", "          - {key: write"),
        ("pick: in_order", "pick: ordered", "PB016", "    pick: ordered"),
        ("              dm: {text", "              mail: {text", "PB047", "              mail: {text"),
        ("        because: Beides lesen viele.\n", "", "PB129", "      de:"),
        ("          - question: Was lohnt sich?\n", "", "PB129", "      de:"),
    ],
)
def test_what_does_not_go_together_is_named_with_its_line(old: str, new: str, code: str, line: str) -> None:
    assert ALL.count(old) >= 1
    found = [(one.code.value, one.source_line) for one in findings(ALL.replace(old, new, 1))]
    assert [said for said in found if said[0] == code and said[1].startswith(line)], found


@pytest.mark.parametrize(
    ("key", "answer", "right"),
    [
        ("several", "line+search", True),
        ("several", "search+line", True),
        ("several", "line", False),
        ("several", "line+mail+search", False),
        ("several", "line+line", None),
        ("several", "fax", None),
        ("several", "", None),
        ("order", "sees>tried>need", True),
        ("order", "tried>sees>need", False),
        ("order", "sees>tried", None),
        ("scenario", "ask", True),
        ("scenario", "ask+wait", None),
    ],
)
def test_an_answer_is_right_as_a_whole_or_not(key: str, answer: str, right: bool | None) -> None:
    assert quiz(key).grade(answer) is right


def test_what_was_ticked_is_written_in_the_playbooks_order_and_nonsense_is_no_answer() -> None:
    assert quiz("several").answer_of(["search", "line"]) == "line+search"
    assert quiz("several").answer_of(["search", "fax"]) == ""
    assert quiz("order").answer_of(["need", "sees", "tried"]) == "need>sees>tried"
    assert quiz("order").answer_of(["need", "sees"]) == ""


@pytest.mark.parametrize(
    ("wording", "language", "question", "first"),
    [
        (0, "de", "Was hilft?", "Eine Zeile"),
        (1, "de", "Was lohnt sich?", "Eine Zeile"),
        (2, "de", "Wo lesen viele mit?", "Direktnachricht"),
        (3, "en", "What helps?", "One line"),
        (4, "en", "What is worth a try?", "One line"),
    ],
)
def test_a_question_comes_back_in_other_words(wording: int, language: str, question: str, first: str) -> None:
    playbook = load_playbook(ALL, file="quizzes.yaml", company=None).value
    assert playbook is not None
    message = compose(
        delivery_id="0" * 32,
        playbook=playbook,
        nudge=quiz("several"),
        person=a_person(language=language),
        company=a_company(),
        segment="customer-service",
        is_first=False,
        wording=wording,
    )
    assert (message.question, message.choices[0].text) == (question, first)
    assert quiz("several").worded(2).grade("post+page") is True
