"""What a quiz must have: this module checks that it can be answered, in each of its ways, scenes and wordings."""

from collections.abc import Iterator
from typing import NamedTuple

from nudges.domain.checks.findings import Code
from nudges.domain.files.nodes import blocks, items, named
from nudges.domain.files.scalar_values import Unreadable, read_switch
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import ListNode, MapNode, ScalarNode
from nudges.domain.playbooks.quizzes import Pick

ORDER_MIN = 3  # with two steps a coin would do


class _Asked(NamedTuple):
    """One question with choices of its own: the quiz itself, a scene of it, or another wording."""

    node: MapNode
    what: str
    is_scene: bool = False

    @property
    def choices(self) -> tuple[MapNode, ...]:
        """Return the choices that can be read."""
        return blocks(self.node.get("choices"))


def check_quiz(quiz: MapNode, report: Report) -> None:
    """Note a quiz nobody can answer rightly, choices that could be mistaken for each other, and keys that clash."""
    pick = _pick(quiz)
    for asked in _asked(quiz):
        _check_right(asked, None if asked.is_scene else pick, report)
        for key in ("key", "text"):
            _check_distinct(asked.choices, key, report)
    _check_pick(quiz, pick, report)
    _check_scenes(quiz, report)
    _check_wordings(quiz, report)


def _asked(quiz: MapNode) -> Iterator[_Asked]:
    yield _Asked(quiz, "quiz")
    yield from (_Asked(scene, "scene", is_scene=True) for _, scene in _scenes(quiz))
    yield from (_Asked(wording, "wording") for wording in blocks(quiz.get("again")))


def _scenes(quiz: MapNode) -> Iterator[tuple[ScalarNode, MapNode]]:
    yield from ((name, scene) for name, scene in named(quiz.get("scenes")) if isinstance(scene, MapNode))


def _pick(quiz: MapNode) -> Pick | None:
    """Return how the quiz is answered, or None where that cannot be read."""
    node = quiz.get("pick")
    word = node.text.strip() if isinstance(node, ScalarNode) else Pick.ONE if node is None else ""
    return Pick(word) if word in set(Pick) else None


def _check_right(asked: _Asked, pick: Pick | None, report: Report) -> None:
    if not isinstance(asked.node.get("choices"), ListNode) or not asked.choices:
        return
    if pick is Pick.IN_ORDER:
        for choice in asked.choices:
            if (right := choice.key("right")) is not None:
                sentence = "In an order no choice is right by itself: each is right in its place."
                report.add(Code.MIXED_QUIZ, right, sentence, "Delete `right`, and list the choices in the right order.")
        return
    if not any(_is_right(choice) for choice in asked.choices):
        place = asked.node.key("choices") or asked.node
        sentence = f"No choice of this {asked.what} is right, so nobody could answer it."
        report.add(Code.NO_RIGHT_CHOICE, place, sentence, "Add `right: true` to the right one.")


def _is_right(choice: MapNode) -> bool:
    right = choice.get("right")
    if not isinstance(right, ScalarNode):
        return right is not None  # faulty, and said elsewhere
    try:
        return read_switch(right.text.strip())
    except Unreadable:
        return True


def _check_distinct(choices: tuple[MapNode, ...], key: str, report: Report) -> None:
    seen: dict[str, ScalarNode] = {}
    for choice in choices:
        node = choice.get(key)
        if not isinstance(node, ScalarNode) or node.is_empty:
            continue
        earlier = seen.setdefault(node.text.strip(), node)
        if earlier is not node:
            sentence = f"Two choices have the {key} `{node.text[:60]}`; the first is on line {earlier.line}."
            report.add(Code.DUPLICATE_CHOICE, node, sentence, f"Give each choice a {key} of its own.")


def _check_pick(quiz: MapNode, pick: Pick | None, report: Report) -> None:
    place = quiz.key("pick")
    if place is None or pick in (None, Pick.ONE):
        return
    for asked in _asked(quiz):
        count = len(items(asked.node.get("choices")))
        if asked.is_scene or not asked.choices:
            continue
        right = sum(_is_right(choice) for choice in asked.choices)
        if pick is Pick.ALL and right == 1:
            sentence = f"`pick: all` asks for all that are right, and one choice of this {asked.what} is."
            fix = "Mark another with `right: true`, or delete `pick`."
            report.add(Code.MIXED_QUIZ, asked.node.key("choices") or place, sentence, fix)
        if pick is Pick.IN_ORDER and count < ORDER_MIN:
            sentence = f"This order has {count} steps; with fewer than {ORDER_MIN} there is nothing to think about."
            report.add(
                Code.SHORT_ORDER, asked.node.key("choices") or place, sentence, "Add a step, or ask for one choice."
            )
    if (scenes := quiz.key("scenes")) is not None:
        sentence = f"A scenario follows one choice, and `pick: {pick}` asks for several."
        report.add(Code.MIXED_QUIZ, scenes, sentence, "Delete `pick`, or make two quizzes of it.")


def _check_scenes(quiz: MapNode, report: Report) -> None:
    scenes = {name.text.strip(): name for name, _ in named(quiz.get("scenes"))}
    met: set[str] = set()
    for asked in _asked(quiz):
        for choice in asked.choices:
            leads_to = choice.get("leads_to")
            if not isinstance(leads_to, ScalarNode) or leads_to.is_empty:
                continue
            if asked.is_scene:
                sentence = "A scene ends with its question: its choices lead no further."
                report.add(Code.LOST_SCENE, choice.key("leads_to") or leads_to, sentence, "Delete `leads_to` here.")
            elif leads_to.text.strip() not in scenes:
                sentence = f"This quiz has no scene `{leads_to.text[:60]}`."
                fix = (
                    did_you_mean(leads_to.text, scenes) if scenes else "Write it under `scenes`, with its own question."
                )
                report.add(Code.LOST_SCENE, leads_to, sentence, fix)
            met.add(leads_to.text.strip())
    for name, place in scenes.items():
        if name not in met:
            sentence = f"No choice leads to the scene `{name[:60]}`, so nobody would ever read it."
            report.add(
                Code.LOST_SCENE, place, sentence, f"Add `leads_to: {name[:60]}` to a choice, or delete the scene."
            )


def _check_wordings(quiz: MapNode, report: Report) -> None:
    seen: dict[str, ScalarNode] = {}
    for block in (quiz, *blocks(quiz.get("again"))):
        node = block.get("question")
        if not isinstance(node, ScalarNode) or node.is_empty:
            continue
        earlier = seen.setdefault(node.text.strip(), node)
        if earlier is not node:
            sentence = f"This wording asks in the same words as line {earlier.line}."
            report.add(Code.MIXED_QUIZ, node, sentence, "Ask it in other words, or delete this wording.")
