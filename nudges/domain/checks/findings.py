"""A fault or a piece of advice: this module is the finding with its code, its place, one sentence and one fix."""

from dataclasses import dataclass

from nudges.domain.checks.finding_codes import Code, Severity, severity_of

__all__ = ["Code", "Finding", "Severity", "make_finding"]

SHOWN_LINE = 160  # characters of a source line shown around the fault


@dataclass(frozen=True, order=True)
class Finding:
    """What happened, where, and what to do; `source_line` may be cut, `caret` is the fault's place in it from 0.

    `waived_because` is the author's reason to leave it be, for findings that are waived.
    """

    file: str
    line: int
    column: int
    code: Code
    severity: Severity
    sentence: str
    fix: str
    source_line: str
    caret: int
    waived_because: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the file cannot be used because of this."""
        return self.severity is Severity.ERROR

    @property
    def place(self) -> str:
        """Return file, line and column as editors understand them."""
        return f"{self.file}:{self.line}:{self.column}"

    def text(self) -> str:
        """Return the finding as four lines: place and sentence, source line, caret, and the fix or why it is waived."""
        label = "waived: " if self.waived_because else "" if self.is_error else "advice: "
        lines = [f"{self.place} {self.code.value} {label}{self.sentence}"]
        if self.source_line.strip():
            # A tab is as wide as the terminal likes, so it is kept in the caret's line too.
            lead = "".join("\t" if character == "\t" else " " for character in self.source_line[: self.caret])
            lines += [f"    {self.source_line}", f"    {lead}^"]
        last = f"because: {_printable(self.waived_because)}" if self.waived_because else f"fix: {self.fix}"
        return "\n".join([*lines, f"    {last}"])

    def as_json(self) -> dict[str, str | int]:
        """Return the finding for machines."""
        reason = {"waived_because": self.waived_because} if self.waived_because else {}
        return reason | {
            "code": self.code.value,
            "severity": self.severity.value,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "source_line": self.source_line,
            "sentence": self.sentence,
            "fix": self.fix,
        }


def make_finding(
    code: Code, *, file: str, line: int = 1, column: int = 1, source_line: str = "", sentence: str, fix: str
) -> Finding:
    """Return a finding with its code's usual severity and a source line short enough to show."""
    start = max(0, column - SHOWN_LINE // 2) if len(source_line) > SHOWN_LINE else 0
    cut = _printable(source_line[start : start + SHOWN_LINE])
    return Finding(
        file=file,
        line=line,
        column=column,
        code=code,
        severity=severity_of(code),
        sentence=_printable(sentence),
        fix=_printable(fix),
        source_line=cut,
        caret=min(column - 1 - start, len(cut)),
    )


def _printable(text: str) -> str:
    # What an author pasted must not move the reader's cursor or hide the rest of the line.
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
