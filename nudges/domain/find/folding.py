"""What people type, taken to pieces: this module turns a text into plain words, the same for every way of writing them.

Accents, capitals, curly quotes and hyphens make no difference afterwards. Scripts that put no space between words are
cut into pairs of signs. All of it takes one pass, whatever the text is.
"""

import re
import unicodedata
from html import unescape
from typing import NamedTuple

LONGEST = 3_000  # characters looked at of what somebody typed
LONGEST_WORD = 40
# Scripts without spaces: Han, kana, Thai, Lao, Khmer, Burmese. A pair of signs says more there than a whole run.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"(?P<run>[{_UNSPACED}]+)|[^\W_{_UNSPACED}]+(?:['’][^\W_{_UNSPACED}]+)*")
_LABELLED = re.compile(r"<[^<>|]{0,500}\|([^<>]{0,300})>")
_REFERENCE = re.compile(r"<[^<>]{0,500}>|https?://\S+|:[a-z0-9_+-]{2,40}:")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
_UNWRITTEN = re.compile(r"['’](?:s|re|ve|ll|d|m|t)?\Z")
# Letters that no decomposition takes apart.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
# Written without the hyphen as often as with it.
_JOINED = re.compile(r"\b(e|re|co|pre|log|sign|check|hand|follow|to|on|off)-(?=[a-z])", re.IGNORECASE)


class Word(NamedTuple):
    """One word of a text: as it is compared, and where it stands."""

    text: str
    start: int
    end: int


def words_of(text: str, language: str = "") -> list[Word]:
    """Return the words of a text in their order, lower case, accents kept; `e-mail` is one word, `l'équipe` one too."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match["run"]:
            found += _pairs(match["run"], start)
            continue
        written = match[0][:LONGEST_WORD].casefold()
        if language == "fr" and (elided := _ELIDED.match(written)):
            start, written = start + elided.end(), written[elided.end() :]
        if "'" in written or "’" in written:
            written = _UNWRITTEN.sub("", written)
        found.append(Word(written, start, end))
    return [word for word in _rejoined(found, text) if word.text]


def plain(word: str) -> str:
    """Return the word without accents."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def spoken(text: str) -> str:
    """Return what was written in Slack as it reads: labels of links and channels, no addresses, no emoji codes."""
    return " ".join(unescape(_REFERENCE.sub(" ", _LABELLED.sub(r" \1 ", text[:LONGEST]))).split())


def _pairs(run: str, start: int) -> list[Word]:
    if len(run) < 2:
        return [Word(run, start, start + len(run))]
    return [Word(run[at : at + 2], start + at, start + at + 2) for at in range(len(run) - 1)]


def _rejoined(words: list[Word], text: str) -> list[Word]:
    """Return the words with `e-mail`, `log-in` and their like as one word, as many write them."""
    if "-" not in text:
        return words
    heads = {match.start() for match in _JOINED.finditer(text)}
    joined: list[Word] = []
    for word in words:
        before = joined[-1] if joined else None
        if before is not None and before.start in heads and text[before.end : word.start] == "-":
            joined[-1] = Word(before.text + word.text, before.start, word.end)
        else:
            joined.append(word)
    return joined
