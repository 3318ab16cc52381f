"""What a quiz must have: this module checks that one choice is right and each has a key of its own."""

from nudges.domain.findings import Code
from nudges.domain.scalar_values import Unreadable, read_switch
from nudges.domain.source import Report
from nudges.domain.yaml_nodes import ListNode, MapNode, ScalarNode


def check_quiz(quiz: MapNode, report: Report) -> None:
    """Note a quiz nobody can answer rightly, and choices that could be mistaken for each other."""
    choices = quiz.get("choices")
    if not isinstance(choices, ListNode):
        return
    blocks = [choice for choice in choices.items if isinstance(choice, MapNode)]
    if blocks and not any(_is_right(choice) for choice in blocks):
        place = quiz.key("choices") or quiz
        sentence = "No choice of this quiz is right, so nobody could answer it."
        report.add(Code.NO_RIGHT_CHOICE, place, sentence, "Add `right: true` to the right one.")
    for key in ("key", "text"):
        _check_distinct(blocks, key, report)


def _is_right(choice: MapNode) -> bool:
    right = choice.get("right")
    if not isinstance(right, ScalarNode):
        return right is not None  # faulty, and said elsewhere
    try:
        return read_switch(right.text.strip())
    except Unreadable:
        return True


def _check_distinct(choices: list[MapNode], key: str, report: Report) -> None:
    seen: dict[str, ScalarNode] = {}
    for choice in choices:
        node = choice.get(key)
        if not isinstance(node, ScalarNode) or node.is_empty:
            continue
        earlier = seen.setdefault(node.text.strip(), node)
        if earlier is not node:
            sentence = f"Two choices have the {key} `{node.text[:60]}`; the first is on line {earlier.line}."
            report.add(Code.DUPLICATE_CHOICE, node, sentence, f"Give each choice a {key} of its own.")
