"""What people who do this for a living would advise: this module is the content rules of a whole playbook.

Rules about one text look at every text; rules about the whole playbook wait until it has no errors, so that nobody is
advised on what they did not write. What only a riper profile asks for is not worked out before.
"""

from datetime import date

from nudges.domain.checks.findings import Code
from nudges.domain.checks.kind_advice import advise_on_kinds
from nudges.domain.checks.ripeness import advise_on_leaving_out, advise_on_ripeness
from nudges.domain.checks.schedule_advice import advise_on_schedule
from nudges.domain.checks.wording import advise_on_texts
from nudges.domain.files.nodes import at, items
from nudges.domain.files.source import At, Place, Report
from nudges.domain.files.yaml_nodes import MapNode, ScalarNode
from nudges.domain.playbooks.company import Company, Profile
from nudges.domain.playbooks.playbook import BarrierKind, Pick, Playbook, Quiz, Stage
from nudges.domain.playbooks.timetable import earliest_days

EXPECTED_BARRIERS = (BarrierKind.MANAGER_DISCOURAGES, BarrierKind.NOT_COMFORTABLE_SHARING)


def advise(
    root: MapNode,
    playbook: Playbook | None,
    company: Company | None,
    report: Report,
    *,
    profile: Profile = Profile.DRAFT,
    today: date | None = None,
) -> None:
    """Note advice on a playbook: on each text always, on the whole when it has no errors."""
    advise_on_texts(root, report)
    advise_on_leaving_out(root, report)
    if playbook is None:
        return
    _advise_on_wins(root, playbook, report)
    _advise_on_leaders(root, playbook, company, report)
    _advise_on_order(root, playbook, report)
    _advise_on_quizzes(root, playbook, report)
    advise_on_kinds(root, playbook, report)
    if company is not None:
        advise_on_schedule(root, playbook, company, report)
    if profile is not Profile.DRAFT:
        advise_on_ripeness(root, playbook, company, report, today=today)


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
    if playbook.goal is None:
        sentence = "Nobody in the business and nobody in IT stands by this playbook: it has no goal."
        fix = "Add `goal: {business: ..., kpi: ..., it_partner: ...}`: what for, how measured, who in IT helps."
        report.add(Code.NO_PARTNER, root.key("owner") or root, sentence, fix)
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
    first_prepared = min(prepared, default=None)
    nodes = items(root.get("nudges"))
    for node, nudge in zip(nodes, nudges, strict=True):
        is_ready = first_prepared is not None and first_prepared < days[nudge.key]
        if nudge.stage is Stage.ASK and not is_ready:
            sentence = "This asks for something before any nudge has said why (sell) or how (show)."
            report.add(
                Code.ASKED_TOO_SOON, at(node, "stage") or node, sentence, "Put a nudge of stage sell or show before it."
            )


def _advise_on_quizzes(root: MapNode, playbook: Playbook, report: Report) -> None:
    # Where several are right, or all in their order, neither place nor length gives anything away.
    quizzes = [nudge for nudge in playbook.nudges if isinstance(nudge, Quiz) and nudge.pick is Pick.ONE]
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
