"""The text of a file as its author sees it: this module is decoding, lines and places, and the list of findings."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, islice
from typing import NamedTuple, Protocol

from nudges.domain.checks.finding_codes import Severity, severity_of
from nudges.domain.checks.findings import Code, Finding, make_finding

SIZE_MAX = 1024 * 1024
FINDINGS_MAX = 200
UNUSABLE_MAX = 1_000
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# What YAML cannot hold, plus characters that hide or turn text: byte-order marks inside, bidirectional overrides,
# and the line ends that editors do not count as lines.
_UNUSABLE = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_PLAIN = bytes([9, 10, *range(0x20, 0x7F)])  # what plain English is written with
_LEAD_OF_OTHER_SPACES = re.compile(r"^ *[\xa0\u2000-\u200b\u202f\u3000][ \xa0\u2000-\u200b\u202f\u3000]*", re.MULTILINE)


class Place(Protocol):
    """A point of a file, counted from 1."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class At(NamedTuple):
    """A place by its numbers."""

    line: int
    column: int


class Source:
    """A file's name and its text with plain line ends."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def line(self, number: int) -> str:
        """Return the line with this number, counted from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def offset_of(self, line: int, column: int) -> int:
        """Return the offset in the text of a place."""
        return self._line_starts[min(line, len(self._line_starts)) - 1] + column - 1

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.lines)]

    def place_of(self, offset: int) -> At:
        """Return the place of the character at this offset of the text."""
        before = self.text.count("\n", 0, offset)
        return At(before + 1, offset - self.text.rfind("\n", 0, offset))


class Report:
    """The findings of one file, gathered while it is read; at most 200, and then it says so."""

    def __init__(self, source: Source, *, is_lenient: bool = False) -> None:
        self.source = source
        self.is_lenient = is_lenient  # for a text that was accepted once: what can be read is taken
        self._findings: list[Finding] = []
        self._more = 0
        self._silent: set[int] = set()
        self.errors = 0  # counted past the most that are listed

    @property
    def is_full(self) -> bool:
        """Whether further findings are only counted; what costs time need not be worked out any more."""
        return len(self._findings) >= FINDINGS_MAX

    def add(self, code: Code, place: Place, sentence: str, fix: str) -> None:
        """Note one finding at this place, unless the line is silent."""
        if place.line in self._silent:
            return
        self.errors += severity_of(code) is Severity.ERROR
        if self.is_full:
            self._more += 1
            return
        line = min(place.line, max(1, len(self.source.lines)))
        self._findings.append(
            make_finding(
                code,
                file=self.source.file,
                line=line,
                column=place.column if line == place.line else 1,
                source_line=self.source.line(line),
                sentence=sentence,
                fix=fix,
            )
        )

    def silence(self, line: int) -> None:
        """Take no more findings on this line: what is to be said about it has been said."""
        self._silent.add(line)

    def is_silent(self, line: int) -> bool:
        """Return whether findings on this line are no longer taken."""
        return line in self._silent

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found, in the order of the file, each once."""
        found = sorted(set(self._findings))
        if not self._more:
            return tuple(found)
        last = make_finding(
            Code.TOO_MANY_FINDINGS,
            file=self.source.file,
            sentence=f"The file has {self._more} more findings than the {FINDINGS_MAX} listed here.",
            fix="Mend the ones listed, often one of them causes many, and check again.",
        )
        # More advice than is listed keeps no file from being used.
        return (*found, last if self.errors else replace(last, severity=Severity.ADVICE))


def open_source(text: str | bytes, file: str) -> tuple[Source, Report]:
    """Return the text ready to be parsed, with what had to be replaced in it noted as findings."""
    words, complaint = _decoded(text[: SIZE_MAX + 1])
    words = words.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    report = Report(Source(file, words))
    if complaint:
        report.add(Code.NOT_TEXT, complaint.place, complaint.sentence, "Save the file again with the encoding UTF-8.")
    if len(text) > SIZE_MAX:
        sentence = "The file is larger than 1 MiB, so it was not read."
        report.add(Code.TOO_BIG, At(1, 1), sentence, "Split the playbook into several files.")
        return Source(file, ""), report
    if words.isascii() and not words.encode().translate(None, _PLAIN):
        return report.source, report
    if not _UNUSABLE.search(words) and (words.isascii() or not _LEAD_OF_OTHER_SPACES.search(words)):
        return report.source, report
    if sum(1 for _ in islice(_UNUSABLE.finditer(words), UNUSABLE_MAX)) == UNUSABLE_MAX:
        sentence = "The file is not text: it is full of characters that no text holds."
        report.add(Code.NOT_TEXT, At(1, 1), sentence, "Check that it is a playbook, and save it as UTF-8 text.")
        return Source(file, ""), report
    return Source(file, _without_unusable(words, report)), report


class _Complaint(NamedTuple):
    place: At
    sentence: str


def _decoded(text: str | bytes) -> tuple[str, _Complaint | None]:
    if isinstance(text, str):
        return text, None
    encoding = _BYTE_ORDER_MARKS.get(text[:2])
    if encoding:
        words = text[2:].decode(encoding, errors="replace")
        return words, _Complaint(At(1, 1), "The file is saved as UTF-16 and not as UTF-8.")
    try:
        return text.decode("utf-8"), None
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8").removeprefix("\ufeff")
        place = Source("", before.replace("\r\n", "\n").replace("\r", "\n") + "x").place_of(len(before))
        sentence = f"The file is not UTF-8 text: the byte 0x{text[error.start]:02x} stands for no character."
        return text.decode("utf-8", errors="replace"), _Complaint(place, sentence)


def _without_unusable(words: str, report: Report) -> str:
    def replacement(sentence: Callable[[str], str], fix: str) -> Callable[[re.Match[str]], str]:
        def note(match: re.Match[str]) -> str:
            if not report.is_full:
                place = report.source.place_of(match.start() + len(match[0]) - len(match[0].lstrip(" ")))
                report.add(Code.BAD_CHARACTER, place, sentence(match[0]), fix)
            return " " * len(match[0])

        return note

    hidden = replacement(
        lambda found: f"The invisible character U+{ord(found):04X} cannot stand in a playbook.",
        "Delete it: put the cursor after the place shown and press backspace, or type the line again.",
    )
    spaces = replacement(
        lambda _: "The line is indented with a space that is not the ordinary one (it was probably pasted).",
        "Delete the spaces at the start of the line and type them again.",
    )
    return _LEAD_OF_OTHER_SPACES.sub(spaces, _UNUSABLE.sub(hidden, words))
