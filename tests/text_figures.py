"""How good guesses about texts are: this module counts macro-F1, false alarms and the kinds one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.told.lexicon import LANGUAGES

KINDS = tuple(kind.value for kind in BarrierKind)
Rows = Sequence[dict[str, object]]
Found = Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Figures:
    """What is reported of a method."""

    macro_f1: float
    false_alarms: float  # share of the messages without a barrier that got a label
    by_language: dict[str, float]
    boss_precision: float
    boss_recall: float

    def __str__(self) -> str:
        languages = " ".join(f"{language} {f1:.2f}" for language, f1 in self.by_language.items())
        boss = f"boss {self.boss_precision:.2f} at {self.boss_recall:.2f}"
        return f"F1 {self.macro_f1:.3f}, {languages}, false alarms {self.false_alarms:.3f}, {boss}"


def figures(rows: Rows, found: Found) -> Figures:
    """Return the figures of the labels found for the messages of a labelled set."""
    pairs = list(zip(rows, found, strict=True))
    harmless = [labels for row, labels in pairs if row["labels"] == ["none"]]
    right, wrong, missed = counts(pairs, "manager_discourages")
    return Figures(
        macro_f1(pairs),
        sum(map(bool, harmless)) / max(1, len(harmless)),
        {language: macro_f1([pair for pair in pairs if pair[0]["lang"] == language]) for language in LANGUAGES},
        right / max(1, right + wrong),
        right / max(1, right + missed),
    )


def macro_f1(pairs: Sequence[tuple[dict[str, object], tuple[str, ...]]]) -> float:
    """Return the mean F1 of the kinds that occur or were found."""
    each = [counts(pairs, kind) for kind in KINDS]
    return fmean(2 * right / (2 * right + wrong + missed) for right, wrong, missed in each if right + wrong + missed)


def counts(pairs: Sequence[tuple[dict[str, object], tuple[str, ...]]], kind: str) -> tuple[int, int, int]:
    """Return how often a kind was found rightly, found wrongly, and missed."""

    def is_there(row: dict[str, object]) -> bool:
        return kind in str(row["labels"])

    right = sum(is_there(row) and kind in labels for row, labels in pairs)
    wrong = sum(not is_there(row) and kind in labels for row, labels in pairs)
    return right, wrong, sum(is_there(row) and kind not in labels for row, labels in pairs)
