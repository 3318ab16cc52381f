"""The place that answers: this module cuts out the sentence that fits best, and marks the words that match."""

import re
from collections.abc import Collection, Iterable, Mapping

from nudges.domain.find.terms import terms_of

LONGEST_SNIPPET = 180
BEFORE = 60  # characters of a long sentence shown before the first word that matches
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")

Piece = tuple[str, bool]  # some of the text, and whether it is a word that matches


def snippet(text: str, language: str, rarity: Mapping[str, float]) -> tuple[Piece, ...]:
    """Return the sentence that says most of what is sought, in pieces; the first where none does.

    `rarity` says how much each term that is sought would say.
    """
    sentences = [sentence for part in _SENTENCE.findall(text) if (sentence := part.strip())]
    if not sentences:
        return ()
    found = [_matches(sentence, language, rarity) for sentence in sentences]
    said = [sum({term: rarity[term] for *_, term in one}.values()) for one in found]
    best = max(range(len(sentences)), key=lambda place: (said[place], -place))
    return _marked(sentences[best], [(start, end) for start, end, _ in found[best]])


def shortened(text: str, longest: int) -> str:
    """Return the text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _matches(sentence: str, language: str, sought: Collection[str]) -> list[tuple[int, int, str]]:
    found = []
    for term in terms_of(sentence, language):
        named = next(
            (name for name in (term.stem, *term.ideas, *term.expressions, *term.part_ideas) if name in sought), None
        )
        if named is not None:
            found.append((term.word.start, term.word.end, named))
    return found


def _marked(sentence: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    spans = list(spans)
    first = spans[0][0] if spans else 0
    start = 0
    if len(sentence) > LONGEST_SNIPPET and first > BEFORE:
        start = sentence.find(" ", first - BEFORE) + 1
    end = len(sentence)
    if end - start > LONGEST_SNIPPET:
        end = max(sentence.rfind(" ", start, start + LONGEST_SNIPPET), start + LONGEST_SNIPPET // 2)
    pieces: list[Piece] = [("…", False)] if start else []
    at = start
    for begin, stop in spans:
        if begin >= at and stop <= end:
            pieces += [(sentence[at:begin], False), (sentence[begin:stop], True)]
            at = stop
    pieces.append((sentence[at:end].rstrip() + ("…" if end < len(sentence) else ""), False))
    return tuple((piece, is_match) for piece, is_match in pieces if piece)
