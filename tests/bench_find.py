"""How well and how quickly the search answers: this module prints shares, and times in many nudges."""

import time
from dataclasses import replace
from itertools import product

from nudges.domain.find.index import Index, index_of
from nudges.domain.find.looking_up import Likeness, look_up
from nudges.domain.find.meaning import Sense
from tests.find_corpus import Question, bags, found, model, questions, score, senses

TIMES_AS_MANY = 10  # the corpus ten times over is more than a thousand nudges


def finding() -> None:
    """Print the shares for each file of questions, what unanswerable ones get, and the times."""
    for name, by_meaning in product(("dev", "new", "held", "frozen", "blind"), (False, True)):
        told = score(questions(name), by_meaning=by_meaning)
        label = f"{name} by words{' and meaning' if by_meaning else ''}"
        print(
            f"find: {label:<38} first {told.share_first:>6.1%}   in three {told.share_in_three:>6.1%}   of {told.asked}"
        )
    for name, by_meaning in product(("none", "none_frozen"), (False, True)):
        hits = [found(one, by_meaning=by_meaning) for one in questions(name)]
        surely, shown = sum(bool(one) and one[0].is_sure for one in hits), sum(map(bool, hits))
        label = f"{name} by words{' and meaning' if by_meaning else ''}"
        print(f"find: {label:<38} {shown} get results, {surely} of them as if they answered, of {len(hits)}")
    _print_times(1)
    _print_times(TIMES_AS_MANY)


def _print_times(times: int) -> None:
    many = [replace(bag, name=f"{run}:{bag.name}") for run in range(times) for bag in bags()]
    meant = [replace(sense, name=f"{run}:{sense.name}") for run in range(times) for sense in senses()]
    meaning = model()
    likeness = meaning.likeness if meaning is not None else lambda asked, texts: None
    started = time.process_time()
    index = index_of(many)
    built = time.process_time() - started
    taken = sorted(_timed(index, meant, question, likeness) for question in questions("dev"))
    middle, late = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    nudges = len({bag.name for bag in many})
    print(f"find: in {nudges} nudges, index {built:.2f}s, question {middle:.3f}s, p95 {late:.3f}s of processor time")


def _timed(index: Index, meant: list[Sense], question: Question, likeness: Likeness) -> float:
    started = time.process_time()
    look_up(index, meant, question.words, language=question.lang, likeness=likeness)
    return time.process_time() - started


if __name__ == "__main__":
    finding()
