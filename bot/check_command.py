"""What `nudger check` prints: this module is a report as text or JSON, and its exit code."""

import json
from typing import Literal

from nudges.domain.findings import Finding
from nudges.services.import_playbooks import CheckReport

CLEAN, FOUND, COULD_NOT_RUN = 0, 1, 2
_RED, _YELLOW, _DIM, _BOLD, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"


def exit_code(report: CheckReport) -> int:
    """Return 2 when something could not be looked at, 1 when there are errors, 0 otherwise: advice alone is clean."""
    if report.could_not_run:
        return COULD_NOT_RUN
    return FOUND if report.errors else CLEAN


def render_report(report: CheckReport, *, format: Literal["text", "json"] = "text", color: bool = False) -> str:
    """Return the whole answer, ready to print."""
    if format == "json":
        return _as_json(report)
    blocks = [_coloured(finding) if color else finding.text() for finding in report.findings]
    return "\n\n".join([*blocks, *report.could_not_run, summary(report)])


def summary(report: CheckReport) -> str:
    """Return the last line: how many files, faults and pieces of advice."""
    files = _counted(len(report.files), "file")
    return f"{files} checked: {_counted(report.errors, 'fault')}, {report.advice} advice"


def _as_json(report: CheckReport) -> str:
    answer = {
        "files": list(report.files),
        "faults": report.errors,
        "advice": report.advice,
        "findings": [finding.as_json() for finding in report.findings],
        "could_not_run": list(report.could_not_run),
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _coloured(finding: Finding) -> str:
    head, *rest = finding.text().split("\n")
    shade = _RED if finding.is_error else _YELLOW
    head = head.replace(f" {finding.code.value} ", f" {shade}{finding.code.value}{_PLAIN} ", 1)
    lines = [f"{_BOLD}{finding.place}{_PLAIN}{head.removeprefix(finding.place)}"]
    lines += [f"{_DIM}{line}{_PLAIN}" for line in rest[:-1]]
    return "\n".join([*lines, rest[-1]])


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
