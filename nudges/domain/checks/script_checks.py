"""Reactions that cannot happen: this module finds what a script names that does not exist, and says what was meant.

Such lines are no faults of the file, for it may be used with other playbooks and people; but they must not pass in
silence, for then a misspelt name would look like somebody who never reacts.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from nudges.domain.files.suggest import nearest
from nudges.domain.forecasts.reactions import Reaction, ReactionKind
from nudges.domain.playbooks.playbook import Playbook, Quiz

SHOWN = 5  # names told of each sort


class Unknown(StrEnum):
    """What a line may name that is not there, in words."""

    PERSON = "people who are not known"
    PLAYBOOK = "playbooks that are not looked at here"
    NUDGE = "nudges that are not in their playbook"
    CHOICE = "choices that no quiz offers there"


def aimless(reactions: Sequence[Reaction], people: Collection[str], playbooks: Mapping[str, Playbook]) -> list[str]:
    """Return a sentence for each sort of name in these reactions that is not known; none where all are."""
    found: dict[Unknown, dict[str, list[Reaction]]] = {}
    for one in reactions:
        sort = _unknown(one, people, playbooks)
        if sort is not None:
            found.setdefault(sort, {}).setdefault(_name(one, sort), []).append(one)
    return [_sentence(sort, found[sort], people, playbooks) for sort in Unknown if sort in found]


def _unknown(one: Reaction, people: Collection[str], playbooks: Mapping[str, Playbook]) -> Unknown | None:
    if one.person_id not in people:
        return Unknown.PERSON
    if one.playbook not in playbooks:
        return Unknown.PLAYBOOK
    nudge = playbooks[one.playbook].nudge(one.nudge_key)
    if nudge is None:
        return Unknown.NUDGE
    if one.kind == ReactionKind.TAP:
        return None if one.value in nudge.taps else Unknown.CHOICE
    if one.kind == ReactionKind.SCENE:
        scenes = nudge.scenes.values() if isinstance(nudge, Quiz) else ()
        return None if any(scene.choice(one.value) for scene in scenes) else Unknown.CHOICE
    is_answer = one.kind == ReactionKind.ANSWER
    is_offered = isinstance(nudge, Quiz) and nudge.grade(one.answer) is not None
    return Unknown.CHOICE if is_answer and not is_offered else None


def _name(one: Reaction, sort: Unknown) -> str:
    match sort:
        case Unknown.PERSON:
            return one.person_id
        case Unknown.PLAYBOOK:
            return one.playbook
        case Unknown.NUDGE:
            return f"{one.playbook}/{one.nudge_key}"
        case Unknown.CHOICE:
            return f"{one.playbook}/{one.nudge_key} {one.value}"


def _sentence(
    sort: Unknown,
    named: Mapping[str, Sequence[Reaction]],
    people: Collection[str],
    playbooks: Mapping[str, Playbook],
) -> str:
    count = sum(len(lines) for lines in named.values())
    head = "1 line of the reactions file names" if count == 1 else f"{count} lines of the reactions file name"
    shown = [
        f"{name} (line {lines[0].line}{_meant(lines[0], sort, people, playbooks)})"
        for name, lines in list(named.items())[:SHOWN]
    ]
    more = [f"{len(named) - SHOWN} more"] if len(named) > SHOWN else []
    return f"{head} {sort.value}, so nothing comes of that: {', '.join([*shown, *more])}."


def _meant(one: Reaction, sort: Unknown, people: Collection[str], playbooks: Mapping[str, Playbook]) -> str:
    match sort:
        case Unknown.PERSON:
            found = nearest(one.person_id, sorted(people))
        case Unknown.PLAYBOOK:
            found = nearest(one.playbook, playbooks)
        case Unknown.NUDGE:
            found = nearest(one.nudge_key, [nudge.key for nudge in playbooks[one.playbook].nudges])
        case Unknown.CHOICE:
            nudge = playbooks[one.playbook].nudge(one.nudge_key)
            keys = [choice.key for choice in nudge.choices] if isinstance(nudge, Quiz) else nudge.taps if nudge else ()
            found = nearest(one.value, keys)
    return f"; perhaps {found} is meant" if found else ""
