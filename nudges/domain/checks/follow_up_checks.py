"""`if` in a `when`: this module checks that the nudge before can be answered so, and that there is time for it."""

from collections.abc import Mapping

from nudges.domain.checks.findings import Code
from nudges.domain.delivery.taps import ATTENDANCE_TAPS, CHALLENGE_TAPS, WORKSHOP_TAPS
from nudges.domain.files.nodes import at, blocks
from nudges.domain.files.scalar_values import Unreadable, read_whole
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import MapNode, Node, ScalarNode
from nudges.domain.playbooks.follow_ups import DAYS_MIN, If
from nudges.domain.playbooks.quizzes import Pick

ABOUT_QUIZZES = (If.RIGHT.value, If.WRONG.value)
_TAPS: Mapping[str, tuple[str, ...]] = {"workshop": WORKSHOP_TAPS + ATTENDANCE_TAPS, "challenge": CHALLENGE_TAPS}
ALWAYS = tuple(word.value for word in If if word.value not in ABOUT_QUIZZES)


def check_follow_up(nudge: MapNode, kinds: Mapping[str, tuple[str, MapNode]], report: Report) -> None:
    """Note an `if` that nobody's answer can fit; `kinds` are the nudges of the file by name, each with its kind."""
    condition, after = at(nudge, "when", "if"), at(nudge, "when", "after")
    if not isinstance(condition, ScalarNode) or condition.is_empty:
        return
    _check_days(at(nudge, "when", "days"), report)
    found = kinds.get(after.text.strip()) if isinstance(after, ScalarNode) else None
    if found is None:
        return  # said where `after` stands
    kind, before = found
    if kind != "quiz":
        _check_after_other(condition, kind, [*_TAPS.get(kind, ()), *_keys(before.get("options"))], report)
    else:
        _check_after_quiz(condition, before, report)


def _check_days(days: Node | None, report: Report) -> None:
    try:
        is_too_soon = isinstance(days, ScalarNode) and read_whole(days.text.strip()) < DAYS_MIN
    except Unreadable:
        return
    if is_too_soon and days is not None:
        sentence = "With `if` the nudge waits for an answer, and on the same day there is no time for one."
        report.add(Code.IDLE_IF, days, sentence, "Write `days: 1` or more.")


def _check_after_other(condition: ScalarNode, kind: str, taps: list[str], report: Report) -> None:
    word, known = condition.text.strip(), [*ALWAYS, *taps]
    if word in known:
        return
    if word in ABOUT_QUIZZES:
        sentence = f"`{word}` is about an answer, and this kind of nudge ({kind}) has no right one."
        report.add(Code.IDLE_IF, condition, sentence, f"Write one of: {', '.join(known)}.")
        return
    sentence = f"`{word[:60]}` is nothing that can be answered to this kind of nudge ({kind})."
    report.add(Code.IDLE_IF, condition, sentence, did_you_mean(word, known))


def _check_after_quiz(condition: ScalarNode, quiz: MapNode, report: Report) -> None:
    word = condition.text.strip()
    if word in (*ALWAYS, *ABOUT_QUIZZES):
        return
    # Other wordings may have choices of their own, but a follow-up comes after the first time it was asked.
    keys = list(dict.fromkeys(_keys(quiz.get("choices"))))
    if word not in keys:
        sentence = f"That quiz has no choice `{word[:60]}`, and it is none of the words that `if` takes."
        report.add(Code.IDLE_IF, condition, sentence, did_you_mean(word, [*ABOUT_QUIZZES, *ALWAYS, *keys]))
        return
    pick = quiz.get("pick")
    if isinstance(pick, ScalarNode) and pick.text.strip() == Pick.IN_ORDER:
        sentence = f"In an order everybody picks `{word[:60]}`, so this says nothing about an answer."
        report.add(Code.IDLE_IF, condition, sentence, "Write `right` or `wrong`.")


def _keys(listed: Node | None) -> list[str]:
    keys = (one.get("key") for one in blocks(listed))
    return [key.text.strip() for key in keys if isinstance(key, ScalarNode)]
