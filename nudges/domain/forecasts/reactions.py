"""What people will do, written down beforehand: this module reads the reactions file of `plan` and `rehearse`.

A reaction follows a nudge: so long after it was sent to this person, they do this. One that follows a nudge which was
never sent does not happen. Reactions at the same instant happen in the order of the file, and before anything is
planned or posted at that instant.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nudges.domain.barriers.evidence import AskAnswer
from nudges.domain.delivery.responses import Confidence, ResponseKind
from nudges.domain.files.scalar_values import Unreadable, read_duration
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.playbooks.follow_ups import Given
from nudges.domain.playbooks.playbook import BarrierKind, NudgeBase, Quiz

COLUMNS = ("person", "playbook", "nudge", "reaction", "value", "after")
LONGEST_PAUSE_DAYS = 365


class ReactionKind(StrEnum):
    """What a person may do with a nudge, or after it."""

    USEFUL = "useful"
    NOT_FOR_ME = "not_for_me"
    ANSWER = "answer"  # value: the choice's key, and after a space how sure they are, where that is asked
    SCENE = "scene"  # value: the key of the second answer, in the scene that the first one led to
    TAP = "tap"  # value: what is tapped under a workshop, a challenge, a poll or a question afterwards
    TRY_IT = "try_it"
    BARRIER = "barrier"  # value: the kind
    WRITE = "write"  # value: the words, typed in the conversation
    CONFIRM = "confirm"  # value: what is answered to "sounds like ...: right?"; a kind is picked instead of it
    PAUSE = "pause"  # value: days
    STOP = "stop"
    START = "start"

    @property
    def is_response(self) -> bool:
        """Whether it is something done with the nudge itself, so that the nudge counts as answered."""
        return self not in _BESIDE


# What is done beside a nudge and not with it.
_BESIDE = (ReactionKind.PAUSE, ReactionKind.STOP, ReactionKind.START, ReactionKind.WRITE, ReactionKind.CONFIRM)


@dataclass(frozen=True)
class Reaction:
    """So long after this nudge was sent to this person, they do this."""

    person_id: str
    playbook: str
    nudge_key: str
    kind: ReactionKind
    after: timedelta
    value: str = ""
    line: int = 0

    @property
    def days(self) -> int:
        """How long a pause lasts."""
        return int(self.value) if self.kind == ReactionKind.PAUSE else 0

    @property
    def answer(self) -> str:
        """What is answered, as the quiz reads it."""
        return self.value.partition(" ")[0]

    @property
    def confidence(self) -> str:
        """How sure they are of the answer; empty where they do not say."""
        return self.value.partition(" ")[2].strip() if self.kind == ReactionKind.ANSWER else ""

    @property
    def follows(self) -> tuple[str, str, str]:
        """The person, playbook and nudge whose sending starts the clock."""
        return self.person_id, self.playbook, self.nudge_key


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line of the file, and what to write instead."""

    file: str
    line: int
    sentence: str
    fix: str

    def text(self) -> str:
        """Return the fault in two lines, the place first."""
        return f"{self.file}:{self.line} {self.sentence}\n    fix: {self.fix}"


def read_reactions(text: str, file: str = "reactions.csv") -> tuple[tuple[Reaction, ...], tuple[Fault, ...]]:
    """Return the reactions in the order of the file, or every fault and then no reaction at all."""
    body = text.lstrip("\ufeff")
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=_delimiter(body), strict=True)
    reactions: list[Reaction] = []
    faults: list[Fault] = []
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if fault := _header_fault(header):
            return (), (Fault(file, 1, *fault),)
        for cells in reader:
            read = _read_row(header, cells, reader.line_num)
            if isinstance(read, Reaction):
                reactions.append(read)
            elif read:
                faults.append(Fault(file, reader.line_num, *read))
    except csv.Error as error:
        faults.append(Fault(file, reader.line_num, f"This is no CSV any more ({error}).", "Mend or close the quotes."))
    return ((), tuple(faults)) if faults else (tuple(reactions), ())


def by_nudge(reactions: Sequence[Reaction]) -> Mapping[tuple[str, str, str], tuple[Reaction, ...]]:
    """Return the reactions by person, playbook and nudge, each in the order of the file."""
    found: dict[tuple[str, str, str], tuple[Reaction, ...]] = {}
    for reaction in reactions:
        found[reaction.follows] = (*found.get(reaction.follows, ()), reaction)
    return found


def given_by(reaction: Reaction, nudge: NudgeBase, at: datetime) -> tuple[ResponseKind, Given] | None:
    """Return what a reaction answers, and under which kind; None for one on which nothing that follows hangs."""
    if reaction.kind in (ReactionKind.USEFUL, ReactionKind.NOT_FOR_ME):
        return ResponseKind.FEEDBACK, Given(reaction.kind.value, None, at)
    if reaction.kind == ReactionKind.TAP:
        return (ResponseKind.TAP, Given(reaction.value, None, at)) if reaction.value in nudge.taps else None
    if reaction.kind != ReactionKind.ANSWER or not isinstance(nudge, Quiz):
        return None
    is_right = nudge.grade(reaction.answer)
    return None if is_right is None else (ResponseKind.ANSWER, Given(reaction.answer, is_right, at))


def in_words(reactions: Sequence[Reaction]) -> str:
    """Return "12 useful, 3 stop", the most frequent first."""
    counts = Counter(reaction.kind.value for reaction in reactions)
    return ", ".join(f"{count} {kind}" for kind, count in counts.most_common())


def _delimiter(body: str) -> str:
    first = body.split("\n", 1)[0]
    # A spreadsheet set to a country with decimal commas saves its files with semicolons.
    return max(",;\t", key=first.count)


def _header_fault(header: list[str]) -> tuple[str, str] | None:
    fix = f"Make the first line: {','.join(COLUMNS)}"
    if missing := [name for name in COLUMNS if name not in header]:
        return f"The header has no column {' or '.join(missing)}.", fix
    if unknown := [name for name in header if name not in COLUMNS]:
        return f"The header has a column {unknown[0]!r} that is not known.", fix
    return ("The header names a column twice.", fix) if len(header) != len(COLUMNS) else None


def _read_row(header: list[str], cells: list[str], line: int) -> Reaction | tuple[str, str] | None:
    """Return the reaction, or a sentence and a fix; None for an empty line."""
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    if not any(row.values()):
        return None
    if len(cells) != len(header):
        return "The number of fields differs from the header's.", f"Write {len(COLUMNS) - 1} commas, as in the header."
    if empty := [name for name in ("person", "playbook", "nudge", "reaction", "after") if not row[name]]:
        return f"The column {empty[0]} is empty.", "Fill it in, or delete the line."
    if row["reaction"] not in list(ReactionKind):
        return f"{row['reaction']!r} is not a reaction.", did_you_mean(row["reaction"], list(ReactionKind))
    kind = ReactionKind(row["reaction"])
    if fault := _value_fault(kind, row["value"]):
        return fault
    try:
        after = read_duration(row["after"])
    except Unreadable as error:
        return error.sentence, error.fix
    return Reaction(row["person"], row["playbook"], row["nudge"], kind, after, row["value"], line)


def _answer_fault(value: str) -> tuple[str, str] | None:
    if not value:
        return "An answer needs the key of a choice.", "Write it in the column value."
    sure = value.partition(" ")[2].strip()
    if sure and sure not in list(Confidence):
        return f"{sure!r} does not say how sure somebody is.", did_you_mean(sure, list(Confidence))
    return None


def _value_fault(kind: ReactionKind, value: str) -> tuple[str, str] | None:
    match kind:
        case ReactionKind.ANSWER:
            return _answer_fault(value)
        case ReactionKind.SCENE:
            return None if value else ("A second answer needs its key.", "Write it in the column value.")
        case ReactionKind.TAP:
            return None if value else ("A tap needs the word or the option.", "Write it in the column value.")
        case ReactionKind.BARRIER:
            is_kind = value in list(BarrierKind)
            return None if is_kind else (f"{value!r} is not a barrier.", did_you_mean(value, list(BarrierKind)))
        case ReactionKind.WRITE:
            return None if value else ("Something written needs its words.", "Write them in the column value.")
        case ReactionKind.CONFIRM:
            known = [*AskAnswer, *BarrierKind]
            return None if value in known else (f"{value!r} answers no question back.", did_you_mean(value, known))
        case ReactionKind.PAUSE:
            is_days = value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= LONGEST_PAUSE_DAYS
            fix = f"Write a whole number from 1 to {LONGEST_PAUSE_DAYS} in the column value."
            return None if is_days else (f"{value!r} is not a number of days to pause.", fix)
        case _:
            return (f"{kind} takes no value.", "Leave the column value empty.") if value else None
