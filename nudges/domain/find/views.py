"""What a search answers: this module is the read models of results, and of nothing found."""

from dataclasses import dataclass

from nudges.domain.find.snippets import Piece


@dataclass(frozen=True)
class FoundRef:
    """Which nudge of which campaign."""

    campaign_id: int
    nudge_key: str


@dataclass(frozen=True)
class FoundNudge:
    """One result, in the language the person reads: what it is about, and the place that answers."""

    ref: FoundRef
    kind: str
    title: str
    topic: str  # the playbook's title
    snippet: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Found:
    """The best few results and those that follow; without any, the topics there are and who can be asked."""

    results: tuple[FoundNudge, ...] = ()
    more: tuple[FoundRef, ...] = ()
    is_fitting: bool = False  # the best one fits; otherwise it only comes nearest
    is_sure: bool = False  # so well that nobody need ask whether a question was meant
    topics: tuple[str, ...] = ()
    ask_id: str = ""
    is_empty: bool = False  # nothing was asked that could be looked up
