"""Why a flag was raised, as sentences: this module turns what was stored of it into keys of texts, one a sentence.

The words stand in bot/texts under `barrier_why`; none of them holds a count of people that is not a limit anybody may
know, and none names more than steps (half, a third; six weeks, eight).
"""

from collections.abc import Iterable, Iterator, Sequence

from nudges.domain.barriers.barriers import Grade


def why_lines(why: Iterable[Sequence[str]] | None, grade: str) -> tuple[tuple[str, str], ...]:
    """Return the sentences as (key of a text, what stands in it); empty for a flag of which no reason was stored."""
    told = [(key, value) for key, value in why or ()]
    return tuple(_lines(told, grade)) if told else ()


def _lines(told: Sequence[tuple[str, str]], grade: str) -> Iterator[tuple[str, str]]:
    said = dict(told)
    if "said" in said:
        yield "barrier_why.said", said["said"]
        yield "barrier_why.times", said.get("times", "")
    if "share" in said:
        yield f"barrier_why.{said.get('likes', 'company')}.{said['share']}", ""
        span = "in_a_row" if "in_a_row" in said else "mostly"
        yield f"barrier_why.{span}", said.get(span, "")
        if "use" in said:
            yield f"barrier_why.use_{said['use']}", ""
    yield f"barrier_why.chance_{Grade(grade).value}", ""
