"""Texts of playbooks for tests: this module reads the good ones and makes faulty ones out of them.

In a faulty piece `¦` marks the place where the finding must point; the mark itself is taken out.
"""

from pathlib import Path

from nudges.domain.checks.findings import Finding
from nudges.domain.files.loading import load_company, load_playbook
from nudges.domain.files.source import At
from nudges.domain.playbooks.company import Company

PLAYBOOKS = Path(__file__).parent / "data" / "playbooks"
GOOD = (PLAYBOOKS / "good" / "ask-first.yaml").read_text(encoding="utf-8")
GOOD_COMPANY = (PLAYBOOKS / "good" / "company.yaml").read_text(encoding="utf-8")
MARK = "¦"


def the_company() -> Company:
    """Return the good company."""
    company = load_company(GOOD_COMPANY, file="company.yaml").value
    assert company is not None
    return company


def with_fault(good: str, old: str, new: str) -> tuple[str, At]:
    """Return the text with one piece replaced, and the place marked in the new piece."""
    assert good.count(old) == 1, f"{old!r} stands {good.count(old)} times in the text"
    marked = good.replace(old, new)
    offset = marked.index(MARK)
    line = marked.count("\n", 0, offset) + 1
    return marked.replace(MARK, ""), At(line, offset - marked.rfind("\n", 0, offset))


def findings_in(text: str | bytes) -> tuple[Finding, ...]:
    """Return what is found in a playbook of the good company."""
    return load_playbook(text, file="ask-first.yaml", company=the_company()).findings


def found(findings: tuple[Finding, ...]) -> list[tuple[str, int, int]]:
    """Return code, line and column of each."""
    return [(finding.code.value, finding.line, finding.column) for finding in findings]
