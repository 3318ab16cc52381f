"""`nudger fmt`: keys in order, quotes where YAML bites, and nothing lost."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.editing.key_order import keys_in_order
from nudges.domain.editing.layout import laid_out
from nudges.domain.editing.layout_check import comments_of, meaning_of
from nudges.domain.editing.layout_leaves import needs_quotes
from nudges.domain.files.loading import load_playbook
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Part, Playbook, Quiz
from tests.playbook_texts import GOOD, GOOD_COMPANY
from tests.schema_cases import GOOD_IN_A_COMPANY, GOOD_IN_A_PLAYBOOK

GUIDE = (Path(__file__).parents[3] / "docs" / "playbooks.md").read_text(encoding="utf-8")
SHIPPED = sorted((Path(__file__).parents[3] / "playbooks").glob("*.yaml"))
UNTIDY = """\
# About this file.

title: Find an expert   # for everybody
playbook: ask
# Who stands for it.
owner: U0PRIYA
tool: Slack channels
nudges:
# The first one.
- when: {day: tue,week: 1, at: 10:30}
  tip: why   # its name
  # The text.
  text: |
     Hello   there.

       Deeper.
     # no comment
  # deeper than the dash: of this nudge

- story: how
  text: >-
    Folded
    text
  by:
      team: Service Lisbon
      name: Maya
  when:
      # In the second week.
      at: "14:00"
      day: wed

      week: 2
  # The end of the list.

audience: {segments: [sales, NO]}
personal_wins:
  sales: {text: Know who knows, kind: contact}
# The end of the file.
"""


def loses_nothing(text: str, *, is_company: bool = False) -> str:
    shaped = laid_out(text, Company if is_company else Playbook)

    assert meaning_of(shaped) == meaning_of(text)
    assert comments_of(shaped) == comments_of(text)
    assert laid_out(shaped, Company if is_company else Playbook) == shaped
    return shaped


def test_an_untidy_playbook_is_put_in_order_with_its_comments() -> None:
    shaped = loses_nothing(UNTIDY)

    order = ["playbook:", "title:", "tool:", "owner:", "audience:", "personal_wins:", "nudges:"]
    assert [line.split(" ")[0] for line in shaped.splitlines() if line[:1].isalpha()] == order
    assert shaped.startswith("# About this file.\n\nplaybook: ask\n")
    assert "# Who stands for it.\nowner: U0PRIYA\n" in shaped
    assert '    when: {week: 1, day: tue, at: "10:30"}\n' in shaped
    assert '{segments: [sales, "NO"]}' in shaped
    assert "  sales: {kind: contact, text: Know who knows}\n" in shaped
    assert "    text: |\n      Hello   there.\n\n        Deeper.\n      # no comment\n" in shaped
    assert "    # deeper than the dash: of this nudge\n\n  - story: how\n" in shaped
    assert "      # In the second week.\n      at: " in shaped


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_the_shipped_files_are_in_shape(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert loses_nothing(text, is_company=file.name == "company.yaml") == text


@pytest.mark.parametrize(("old", "new"), GOOD_IN_A_PLAYBOOK)
def test_every_way_of_writing_survives(old: str, new: str) -> None:
    loses_nothing(GOOD.replace(old, new))


@pytest.mark.parametrize(("old", "new"), GOOD_IN_A_COMPANY)
def test_every_way_of_writing_company_yaml_survives(old: str, new: str) -> None:
    loses_nothing(GOOD_COMPANY.replace(old, new), is_company=True)


def test_a_text_cut_by_a_comma_gets_its_quotes() -> None:
    text = GOOD.replace('reply: "Yes. Six minutes."', "reply: Yes, six minutes, or seven")

    assert 'reply: "Yes, six minutes, or seven"}' in loses_nothing(text)


@pytest.mark.parametrize(
    ("text", "is_quoted"),
    [
        *(
            (word, True)
            for word in ("22:30", "9:30", "NO", "yes", "off", "~", "null", "1e3", "0x1F", "010", "C#", "a:")
        ),
        *((word, False) for word in ("tue", "1", "0.4", "60%", "7d", "2027-01-31", "true", "https://a.example", "a b")),
    ],
)
def test_quotes_stand_where_yaml_bites(text: str, is_quoted: bool) -> None:
    assert needs_quotes(text, str) is is_quoted


def test_a_switch_needs_no_quotes() -> None:
    assert not needs_quotes("yes", bool)


LINES = ["", "# a comment", "   # deeper", "      # deepest"]


@settings(max_examples=150)
@given(data=st.data())
def test_comments_and_empty_lines_anywhere_survive(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from([GOOD, UNTIDY, SHIPPED[1].read_text(encoding="utf-8")])).split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        lines.insert(data.draw(st.integers(0, len(lines) - 1)), data.draw(st.sampled_from(LINES)))
    text = "\n".join(lines)
    if any(finding.code.value < "PB012" for finding in load_playbook(text, file="x.yaml", company=None).findings):
        return

    shaped = loses_nothing(text)

    assert shaped.count("\n\n") <= text.count("\n\n") + 1


@settings(max_examples=100)
@given(data=st.data())
def test_keys_in_any_order_come_into_order(data: st.DataObject) -> None:
    pieces = ["tool: T", "owner: U0PRIYA  # o", "# t\ntitle: X", "\nplaybook: ask", "audience:\n    segments:\n    - a"]
    mixed = "\n".join(data.draw(st.permutations(pieces))) + "\n"

    shaped = loses_nothing(mixed)

    keys = [line.split(":")[0] for line in shaped.splitlines() if line[:1].isalpha()]
    assert keys == ["playbook", "title", "tool", "owner", "audience"]


TABLES = [
    ("## A playbook, key by key", "| key | needed |", Playbook),
    ("**nudges.**", "| key | tip | story | quiz |", Quiz),
    ("## company.yaml, key by key", "| key | what it holds |", Company),
]


@pytest.mark.parametrize(("chapter", "head", "model"), TABLES)
def test_the_order_is_the_one_in_the_guide(chapter: str, head: str, model: type[Part]) -> None:
    text = GUIDE[GUIDE.index(chapter) :]
    rows = text[text.index(head) :].partition("\n\n")[0].splitlines()[2:]
    told = [key for row in rows for key in re.findall(r"`([a-z_]+)`", row.split("|")[1])]
    known = [key for key in keys_in_order(model) if key in told]

    assert [key for key in told if key in known] == known
    assert len(known) > 8
