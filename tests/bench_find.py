"""How well and how quickly the search answers: this module prints shares, and times in many nudges."""

import time
from dataclasses import replace
from itertools import product

from nudges.domain.find.index import Index, index_of
from nudges.domain.find.ranking import rank
from tests.find_corpus import bags, found, questions, score

TIMES_AS_MANY = 5  # the corpus five times over is more than five hundred nudges


def finding() -> None:
    """Print the shares for both files of questions, what unanswerable ones get, and the times."""
    for name, by_meaning in product(("dev", "new", "held"), (False, True)):
        told = score(questions(name), by_meaning=by_meaning)
        label = f"{name} by words{' and meaning' if by_meaning else ''}"
        print(
            f"find: {label:<38} first {told.share_first:>6.1%}   in three {told.share_in_three:>6.1%}   of {told.asked}"
        )
    none = questions("none")
    surely = sum(bool(hits) and hits[0].is_sure for hits in map(found, none))
    print(f"find: of {len(none)} that no nudge answers, {surely} are answered as if one did")
    many = [replace(bag, name=f"{run}:{bag.name}") for run in range(TIMES_AS_MANY) for bag in bags()]
    started = time.perf_counter()
    index = index_of(many)
    built = time.perf_counter() - started
    times = sorted(_timed(index, question.words) for question in questions("dev"))
    nudges = len({bag.name for bag in many})
    middle = times[len(times) // 2]
    print(f"find: in {nudges} nudges, index {built:.2f}s, question {middle:.3f}s, slowest {times[-1]:.3f}s")


def _timed(index: Index, words: str) -> float:
    started = time.perf_counter()
    rank(index, words)
    return time.perf_counter() - started


if __name__ == "__main__":
    finding()
