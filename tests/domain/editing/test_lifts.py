"""Formats to come: a change of the way playbooks are written is one function, and comments survive it."""

import pytest

from nudges.domain.editing.layout_check import comments_of, meaning_of
from nudges.domain.editing.lifts import LIFTS, NewerFormat, format_of, lifted, renamed, with_format
from nudges.domain.playbooks.fields import FORMAT
from nudges.domain.playbooks.playbook import Part, Playbook
from tests.playbook_texts import GOOD

OLD = """\
# Ours.
playbook: ask  # its name
tool: Slack channels  # the tool
nudges:
  # The first.
  - tip: why
    stage: sell  # why
    text: |
      stage: is only a word here
  - {story: how, stage: show}
"""


def a_lift(text: str, model: type[Part]) -> str:
    """What a later version might do: `tool` is called `about`, and `stage` `step`."""
    return renamed(renamed(text, ["tool"], "about"), ["nudges", "*", "stage"], "step")


def test_an_older_file_is_lifted_with_its_comments() -> None:
    new = lifted(OLD, Playbook, lifts={1: a_lift}, newest=2)

    assert "about: Slack channels  # the tool\n" in new
    assert "    step: sell  # why\n" in new
    assert "- {story: how, step: show}\n" in new
    assert "stage: is only a word here\n" in new
    assert format_of(new) == 2
    assert comments_of(new) == comments_of(OLD)


def test_steps_are_taken_one_after_the_other() -> None:
    new = lifted(OLD, Playbook, lifts={1: a_lift, 2: lambda text, _: renamed(text, ["about"], "topic")}, newest=3)

    assert meaning_of(new) == {
        "playbook": "ask",
        "topic": "Slack channels",
        "nudges": [
            {"tip": "why", "step": "sell", "text": "stage: is only a word here\n"},
            {"story": "how", "step": "show"},
        ],
        "format": "3",
    }


def test_a_file_in_the_newest_format_stays_as_it_is() -> None:
    untidy = "tool:   X\nplaybook: a\nformat: 2\n"

    assert lifted(untidy, Playbook, lifts={1: a_lift}, newest=2) == untidy
    assert lifted(GOOD, Playbook) == GOOD


def test_a_file_of_a_newer_format_is_not_touched() -> None:
    with pytest.raises(NewerFormat, match="format 3"):
        lifted("playbook: a\nformat: 3\n", Playbook, lifts={1: a_lift}, newest=2)


@pytest.mark.parametrize(
    ("text", "number"), [("playbook: a\n", 1), ("format: 2\n", 2), ('format: "2"\n', 2), ("format: x\n", 1)]
)
def test_a_file_that_does_not_say_is_in_the_first_format(text: str, number: int) -> None:
    assert format_of(text) == number


def test_the_format_is_said_in_its_own_place() -> None:
    assert with_format("playbook: a\nformat: 1  # ours\ntool: X\n", 2) == "playbook: a\nformat: 2  # ours\ntool: X\n"
    assert with_format("playbook: a", 2) == "playbook: a\nformat: 2\n"


def test_there_is_a_step_from_every_format_to_the_next() -> None:
    assert set(LIFTS) == set(range(1, FORMAT))
