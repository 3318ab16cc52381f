"""Findings for editors and code hosts: this module writes a report as SARIF 2.1.0.

Each code is a rule with its heading and, where the guide lies beside the program, the guide's own words; a waived
finding is a result with a suppression, so that it is never lost.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nudges.domain.checks.finding_codes import TITLES, Code, severity_of
from nudges.domain.checks.findings import Finding, Severity
from nudges.services.authoring.import_playbooks import CheckReport

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
GUIDE = "docs/playbooks.md"
_LEVELS = {Severity.ERROR: "error", Severity.ADVICE: "note"}
_SECTION = re.compile(r"^### (PB\d{3}) .*\n((?:(?!#).*\n)*)", re.MULTILINE)


def as_sarif(report: CheckReport) -> dict[str, Any]:
    """Return the report as a SARIF log with one run."""
    found = (*report.findings, *report.waived)
    codes = sorted({finding.code for finding in found})
    places = {code: number for number, code in enumerate(codes)}
    driver: dict[str, Any] = {"name": "nudger", "version": _version(), "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(file)}} for file in report.files],
        "invocations": [_invocation(report)],
        "results": [_result(finding, places[finding.code]) for finding in found],
        "properties": {"profile": report.profile.value},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> dict[str, Any]:
    heading = f"{code.value} {TITLES[code]}"
    told = _guide().get(code.value) or f"{TITLES[code]}."
    return {
        "id": code.value,
        "name": "".join(word.title() for word in code.name.split("_")),
        "shortDescription": {"text": TITLES[code]},
        "fullDescription": {"text": told},
        "help": {"text": f"{told} See {GUIDE}, under “{heading}”.", "markdown": f"**{heading}**\n\n{told}\n"},
        "defaultConfiguration": {"level": _LEVELS[severity_of(code)]},
        "properties": {"heading": heading, "page": f"{GUIDE}#{_anchor(heading)}"},
    }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": finding.line, "startColumn": finding.column}
    if finding.source_line.strip():
        region["snippet"] = {"text": finding.source_line}
    result: dict[str, Any] = {
        "ruleId": finding.code.value,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.sentence} {finding.fix}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}}],
    }
    if finding.waived_because:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": finding.waived_because}]
    return result


def _invocation(report: CheckReport) -> dict[str, Any]:
    notes = [{"level": "error", "message": {"text": text}} for text in report.could_not_run]
    return {"executionSuccessful": not notes, "toolExecutionNotifications": notes}


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@lru_cache(maxsize=1)
def _guide() -> dict[str, str]:
    # An installed program has no documentation beside it; the titles must do then.
    page = Path(__file__).resolve().parents[1] / GUIDE
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return {code: " ".join(words.split()) for code, words in _SECTION.findall(text)}


def _version() -> str:
    from importlib import metadata  # slow to import, and only this format wants it

    try:
        return metadata.version("nudger")
    except metadata.PackageNotFoundError:
        return "0"
