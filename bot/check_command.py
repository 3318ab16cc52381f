"""What `nudger check` prints: this module is a report as text, JSON or SARIF, and its exit code."""

import json
from enum import StrEnum

from bot.check_sarif import as_sarif
from nudges.domain.checks.findings import Finding
from nudges.domain.playbooks.company import Profile
from nudges.services.authoring.import_playbooks import CheckReport

CLEAN, FOUND, COULD_NOT_RUN = 0, 1, 2
_RED, _YELLOW, _DIM, _BOLD, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"


class CheckFormat(StrEnum):
    """How the findings are printed: for people, for programs, for editors and code hosts."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def exit_code(report: CheckReport) -> int:
    """Return 2 when something could not be looked at, 1 when there are errors, 0 otherwise: advice alone is clean."""
    if report.could_not_run:
        return COULD_NOT_RUN
    return FOUND if report.errors else CLEAN


def render_report(report: CheckReport, *, format: str = CheckFormat.TEXT, color: bool = False) -> str:
    """Return the whole answer, ready to print."""
    if format == CheckFormat.JSON:
        return _as_json(report)
    if format == CheckFormat.SARIF:
        return json.dumps(as_sarif(report), ensure_ascii=False, indent=2)
    blocks = [_shown(finding, color=color) for finding in report.findings]
    if report.waived:
        blocks.append("Waived, each with its author's reason:")
        blocks += [_shown(finding, color=color) for finding in report.waived]
    return "\n\n".join([*blocks, *report.could_not_run, summary(report)])


def summary(report: CheckReport) -> str:
    """Return the last line: how many files, faults, pieces of advice and waivers, and for which profile."""
    files = _counted(len(report.files), "file")
    profile = "" if report.profile is Profile.DRAFT else f" as {report.profile}"
    waived = f", {len(report.waived)} waived" if report.waived else ""
    return f"{files} checked{profile}: {_counted(report.errors, 'fault')}, {report.advice} advice{waived}"


def _as_json(report: CheckReport) -> str:
    answer = {
        "profile": report.profile.value,
        "files": list(report.files),
        "faults": report.errors,
        "advice": report.advice,
        "findings": [finding.as_json() for finding in report.findings],
        "waived": [finding.as_json() for finding in report.waived],
        "could_not_run": list(report.could_not_run),
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _shown(finding: Finding, *, color: bool) -> str:
    if not color:
        return finding.text()
    head, *rest = finding.text().split("\n")
    shade = _DIM if finding.waived_because else _RED if finding.is_error else _YELLOW
    head = head.replace(f" {finding.code.value} ", f" {shade}{finding.code.value}{_PLAIN} ", 1)
    lines = [f"{_BOLD}{finding.place}{_PLAIN}{head.removeprefix(finding.place)}"]
    lines += [f"{_DIM}{line}{_PLAIN}" for line in rest[:-1]]
    return "\n".join([*lines, rest[-1]])


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
