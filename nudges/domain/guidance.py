"""What people who do this for a living would advise: this module is the content rules of playbooks.

Rules about one text look at every text; rules about the whole playbook wait until it has no errors, so that nobody is
advised on what they did not write.
"""

from collections import Counter
from collections.abc import Iterator

from nudges.domain.company import STANDARD_WEEK, Company
from nudges.domain.findings import Code
from nudges.domain.hours import Weekday, WorkingWeek
from nudges.domain.playbook import AfterNudge, BarrierKind, FixedDay, Playbook, Quiz, Stage
from nudges.domain.playbook_checks import at, items
from nudges.domain.pressure import pressing_word
from nudges.domain.source import At, Place, Report
from nudges.domain.timetable import earliest_days, minutes_of
from nudges.domain.yaml_nodes import MapNode, Node, ScalarNode

WORDS_MAX = 120
EXPECTED_BARRIERS = (BarrierKind.MANAGER_DISCOURAGES, BarrierKind.NOT_COMFORTABLE_SHARING)


def advise(root: MapNode, playbook: Playbook | None, company: Company | None, report: Report) -> None:
    """Note advice on a playbook: on each text always, on the whole when it has no errors."""
    for node in _texts(root):
        _advise_on_words(node, report)
    if playbook is None:
        return
    _advise_on_wins(root, playbook, report)
    _advise_on_leaders(root, playbook, company, report)
    _advise_on_order(root, playbook, report)
    _advise_on_quizzes(root, playbook, report)
    if company is not None:
        _advise_on_hours(root, playbook, company, report)
        _advise_on_caps(root, playbook, company, report)


def _texts(root: MapNode) -> Iterator[ScalarNode]:
    wins = root.get("personal_wins")
    blocks: list[Node] = [value for _, value in wins.entries] if isinstance(wins, MapNode) else []
    for nudge in items(root.get("nudges")):
        blocks += [nudge, *items(at(nudge, "choices"))]
    candidates = (at(block, key) for block in blocks for key in ("text", "question", "reply"))
    yield from (node for node in candidates if isinstance(node, ScalarNode))


def _advise_on_words(node: ScalarNode, report: Report) -> None:
    count = len(node.text.split())
    if count > WORDS_MAX:
        sentence = f"This text has {count} words; few people read more than {WORDS_MAX} in a message."
        report.add(Code.MANY_WORDS, node, sentence, "Say one thing, or make two nudges of it.")
    word = pressing_word(node.text)
    if word:
        sentence = f"“{word}” sounds like pressure or a contest; people then do as little as they must."
        report.add(Code.PRESSURE, node, sentence, "Say what the reader gains in their own working day.")


def _advise_on_wins(root: MapNode, playbook: Playbook, report: Report) -> None:
    for node in items(at(root, "audience", "segments")):
        if isinstance(node, ScalarNode) and node.text.strip() not in playbook.personal_wins:
            sentence = f"Nothing says what `{node.text}` gains; nobody changes habits for the company's benefit."
            report.add(Code.NO_WIN, node, sentence, f"Add `{node.text}` under personal_wins.")
    wins = root.get("personal_wins")
    for name, _ in wins.entries if isinstance(wins, MapNode) else ():
        if name.text.strip() not in playbook.audience.segments:
            sentence = f"`{name.text}` is not a segment of the audience, so nobody reads this personal win."
            report.add(Code.IDLE_WIN, name, sentence, "Add the segment to audience, or delete its win.")


def _advise_on_leaders(root: MapNode, playbook: Playbook, company: Company | None, report: Report) -> None:
    if playbook.sponsor is None:
        sentence = "The playbook has no sponsor; people look whether a leader is on board."
        fix = "Add `sponsor: {name: ..., role: ..., says: ...}` with words the leader has agreed to."
        report.add(Code.NO_SPONSOR, At(root.line, root.column), sentence, fix)
    for kind in EXPECTED_BARRIERS if company is not None else ():
        if not playbook.remedies.get(kind) and not (company and company.barriers.remedies.get(kind)):
            place = root.key("remedies") or At(root.line, root.column)
            sentence = f"There is no remedy for `{kind.value}`, a barrier that nearly every company meets."
            fix = f"Add `{kind.value}: [{{do: ..., by: owner, within: 14d}}]` under remedies."
            report.add(Code.NO_REMEDY, place, sentence, fix)


def _advise_on_order(root: MapNode, playbook: Playbook, report: Report) -> None:
    nudges = playbook.nudges
    if len(nudges) == 1:
        sentence = "The playbook has one nudge only; a single message changes little."
        report.add(
            Code.SINGLE_TOUCH, root.key("nudges") or root, sentence, "Add a story and a quiz in the weeks that follow."
        )
    days = earliest_days(playbook)
    prepared = [days[nudge.key] for nudge in nudges if nudge.stage in (Stage.SELL, Stage.SHOW)]
    for number, nudge in enumerate(nudges):
        if nudge.stage is Stage.ASK and not any(day < days[nudge.key] for day in prepared):
            place = at(items(root.get("nudges"))[number], "stage") or root
            sentence = "This asks for something before any nudge has said why (sell) or how (show)."
            report.add(Code.ASKED_TOO_SOON, place, sentence, "Put a nudge of stage sell or show before it.")


def _advise_on_quizzes(root: MapNode, playbook: Playbook, report: Report) -> None:
    quizzes = [nudge for nudge in playbook.nudges if isinstance(nudge, Quiz)]
    if len(quizzes) < 2:
        return
    place: Place = root.key("nudges") or root
    if all(quiz.choices[0].right for quiz in quizzes):
        sentence = f"In all {len(quizzes)} quizzes the first choice is right, so people learn to tap it."
        report.add(Code.RIGHT_ALWAYS_FIRST, place, sentence, "Move some right choices down.")
    if all(_right_is_longest(quiz) for quiz in quizzes):
        sentence = f"In all {len(quizzes)} quizzes the right choice is the longest, which gives it away."
        report.add(Code.RIGHT_ALWAYS_LONGEST, place, sentence, "Make some wrong choices as long as the right one.")


def _right_is_longest(quiz: Quiz) -> bool:
    wrong = [len(choice.text) for choice in quiz.choices if not choice.right]
    return bool(wrong) and min(len(choice.text) for choice in quiz.choices if choice.right) > max(wrong)


def _advise_on_hours(root: MapNode, playbook: Playbook, company: Company, report: Report) -> None:
    weeks = [*company.working_hours.values()] or [STANDARD_WEEK]
    if "default" not in company.working_hours:
        weeks.append(STANDARD_WEEK)
    for number, nudge in enumerate(playbook.nudges):
        days = [nudge.when.day] if isinstance(nudge.when, FixedDay) else list(Weekday)
        if nudge.when.at is None or any(_is_open(week, day, nudge.when) for week in weeks for day in days):
            continue
        place = at(items(root.get("nudges"))[number], "when") or root
        sentence = "At this time nobody works by company.yaml's hours, so hardly anybody would get it."
        report.add(Code.NOBODY_WORKS, place, sentence, "Choose a day and a time inside working_hours.")


def _advise_on_caps(root: MapNode, playbook: Playbook, company: Company, report: Report) -> None:
    on_day: Counter[tuple[int, int]] = Counter()
    in_week: Counter[int] = Counter()
    for number, nudge in enumerate(playbook.nudges):
        if not isinstance(nudge.when, FixedDay):
            continue
        on_day[nudge.when.week, nudge.when.day] += 1
        in_week[nudge.when.week] += 1
        if on_day[nudge.when.week, nudge.when.day] > company.caps.day:
            most, span = company.caps.day, "day"
        elif in_week[nudge.when.week] > company.caps.week:
            most, span = company.caps.week, "week"
        else:
            continue
        place = at(items(root.get("nudges"))[number], "when") or root
        sentence = (
            f"This {span} already has {most} of this playbook's nudges, and nobody gets more than {most} a {span}."
        )
        report.add(Code.OVER_THE_CAP, place, sentence, f"Move it to another {span}.")


def _is_open(week: WorkingWeek, day: Weekday, when: FixedDay | AfterNudge) -> bool:
    if when.at is None:
        return True
    opens = minutes_of(when.at)
    closes = opens + when.window.total_seconds() / 60
    return any(minutes_of(span.start) < closes and opens < minutes_of(span.end) for span in week.spans_on(day))
