"""Counts and rates: this module is books that balance, and shares that never come without their denominators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason

Reasons = Mapping[SkipReason, int]


@dataclass(frozen=True)
class Rate:
    """A share with what it is a share of."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """The share from 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    def describe(self) -> str:
        """Return "12 of 40 (30 %)", or "0 of 0" where a share would mean nothing."""
        counted = f"{self.count} of {self.of}"
        return counted if self.share is None else f"{counted} ({self.share:.0%})".replace("%", " %")


@dataclass(frozen=True)
class Books:
    """Where every nudge for every person stands; `difference` is zero or the books do not balance."""

    audience: int
    not_enqueued: Reasons = field(default_factory=dict)
    not_yet: int = 0  # of the audience, not decided upon: the nudge's day is far
    after_pilot: int = 0  # of the audience, not decided upon: they wait until the pilot is widened
    sent: int = 0
    planned: int = 0
    retry: int = 0
    sending: int = 0
    unknown: int = 0
    skipped: Reasons = field(default_factory=dict)
    expired: int = 0
    failed: int = 0

    @property
    def waiting(self) -> int:
        """Enqueued and still to go out."""
        return self.planned + self.retry + self.sending

    @property
    def enqueued(self) -> int:
        """Everything that ever was in the outbox."""
        return self.sent + self.waiting + self.unknown + sum(self.skipped.values()) + self.expired + self.failed

    @property
    def difference(self) -> int:
        """What is missing (above zero) or counted twice (below)."""
        return self.audience - self.not_yet - self.after_pilot - sum(self.not_enqueued.values()) - self.enqueued

    @property
    def is_balanced(self) -> bool:
        """Whether every nudge for every person is accounted for once."""
        return self.difference == 0

    @property
    def sent_rate(self) -> Rate:
        """Sent, of all that was enqueued."""
        return Rate(self.sent, self.enqueued)

    def __add__(self, other: Self) -> "Books":
        """Return the books of both together."""
        counts = {name: getattr(self, name) + getattr(other, name) for name in _COUNTS}
        return Books(
            not_enqueued=_sum(self.not_enqueued, other.not_enqueued),
            skipped=_sum(self.skipped, other.skipped),
            **counts,
        )


@dataclass(frozen=True)
class Entry:
    """So many deliveries of a campaign that stand alike."""

    status: DeliveryStatus
    reason: str
    is_enqueued: bool
    count: int


_COUNTS = ("audience", "not_yet", "after_pilot", "sent", "planned", "retry", "sending", "unknown", "expired", "failed")


def books_of(entries: Iterable[Entry], *, audience: int, not_yet: int = 0, after_pilot: int = 0) -> Books:
    """Return the books of these deliveries; `audience` is counted elsewhere, so that the balance proves something."""
    counts: dict[str, int] = {}
    reasons: dict[bool, dict[SkipReason, int]] = {True: {}, False: {}}
    for entry in entries:
        if entry.status == DeliveryStatus.SKIPPED:
            side, reason = reasons[entry.is_enqueued], SkipReason(entry.reason)
            side[reason] = side.get(reason, 0) + entry.count
        else:
            counts[entry.status.value] = counts.get(entry.status.value, 0) + entry.count
    undecided = {"not_yet": not_yet, "after_pilot": after_pilot}
    return Books(audience=audience, not_enqueued=reasons[False], skipped=reasons[True], **undecided, **counts)


def useful_rate(*, useful: int, not_for_me: int) -> Rate:
    """Return Useful of all who said whether it was."""
    return Rate(useful, useful + not_for_me)


def _sum(left: Reasons, right: Reasons) -> dict[SkipReason, int]:
    return {reason: left.get(reason, 0) + right.get(reason, 0) for reason in SkipReason if reason in {*left, *right}}
