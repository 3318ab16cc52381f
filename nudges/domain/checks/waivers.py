"""Findings that an author has thought about: this module reads `waive` and sets aside what it names, never silently.

A waiver on the playbook holds for the file, one on a nudge for its lines, one in company.yaml for the whole folder.
Only advice can be waived: what keeps a file from being read cannot be wished away.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from nudges.domain.checks.finding_codes import ADVICE, Code
from nudges.domain.checks.findings import Finding
from nudges.domain.checks.profiles import Judged, as_seen_by, is_asked_for
from nudges.domain.files.nodes import items, named
from nudges.domain.files.scalar_values import fix_of_rule_code, is_rule_code
from nudges.domain.files.source import Place, Report
from nudges.domain.files.yaml_nodes import MapNode, ScalarNode, walk
from nudges.domain.playbooks.company import Profile

NOT_WAIVABLE = frozenset({Code.IDLE_WAIVER})
CODES: Mapping[str, Code] = {code.value: code for code in Code}


@dataclass(frozen=True)
class Waiver:
    """A code, the reason to leave it be, where that stands, and the lines for which it holds."""

    code: Code
    reason: str
    place: Place
    first_line: int = 0
    last_line: int = 10_000_000

    def covers(self, finding: Finding) -> bool:
        """Return whether this waiver speaks of this finding."""
        return finding.code is self.code and self.first_line <= finding.line <= self.last_line


def check_waivers(root: MapNode, report: Report) -> tuple[Waiver, ...]:
    """Return the waivers of a file, nudges' own first, with a finding for each that cannot be."""
    found: list[Waiver] = []
    for nudge in items(root.get("nudges")):
        if isinstance(nudge, MapNode) and nudge.key("waive") is not None:
            last = max((node.end_line for node in walk(nudge)), default=nudge.line)
            found += (replace(one, first_line=nudge.line, last_line=last) for one in _waivers(nudge, report))
    return (*found, *_waivers(root, report))


def judged(
    findings: Iterable[Finding],
    *,
    profile: Profile = Profile.DRAFT,
    waivers: Iterable[Waiver] = (),
    everywhere: Mapping[str, str] | None = None,
) -> Judged:
    """Return the findings as the profile sees them, without those that a waiver names.

    `everywhere` is company.yaml's `waive`: codes with their reasons, for every file.
    """
    seen = as_seen_by(findings, profile)
    waivers, everywhere = tuple(waivers), everywhere or {}
    if not waivers and not everywhere:
        return Judged(seen)
    left: list[Finding] = []
    waived: list[Finding] = []
    for finding in seen:
        reason = _reason(finding, waivers, everywhere)
        if reason is None:
            left.append(finding)
        else:
            waived.append(replace(finding, waived_because=reason))
    return Judged(tuple(left), tuple(waived))


def note_idle(
    waivers: Iterable[Waiver], waived: Iterable[Finding], profile: Profile, report: Report, *, of_folder: bool = False
) -> None:
    """Note waivers that set nothing aside, though the profile looks for what they name."""
    waived = tuple(waived)
    for waiver in waivers:
        if waiver.code is Code.RIVALS and not of_folder:
            continue  # one file cannot tell what another sends
        if is_asked_for(waiver.code, profile) and not any(waiver.covers(finding) for finding in waived):
            where = "in the folder" if of_folder else "here"
            sentence = f"Nothing {where} is found as {waiver.code.value}, so this waiver does nothing."
            report.add(Code.IDLE_WAIVER, waiver.place, sentence, "Delete it, so that it hides nothing later.")


def _reason(finding: Finding, waivers: tuple[Waiver, ...], everywhere: Mapping[str, str]) -> str | None:
    if not _is_waivable(finding.code):
        return None
    own = next((waiver.reason for waiver in waivers if waiver.covers(finding)), None)
    return own if own is not None else everywhere.get(finding.code.value)


def _waivers(block: MapNode, report: Report) -> Iterator[Waiver]:
    waive = block.get("waive")
    for name, reason in named(waive):
        if report.is_full:
            return
        word = name.text.strip().upper()
        code = CODES.get(word)
        if code is not None and _is_waivable(code):
            if isinstance(reason, ScalarNode) and not reason.is_empty:
                yield Waiver(code, reason.text.strip(), name)
        elif code is not None:
            sentence = f"{code.value} cannot be waived: only advice can, and what a profile asks for."
            report.add(Code.BAD_WAIVER, name, sentence, "Mend what it names, and delete this line.")
        elif is_rule_code(word):  # other words are refused where the key is read
            report.add(Code.BAD_WAIVER, name, f"There is no finding {word}.", fix_of_rule_code(word))


def _is_waivable(code: Code) -> bool:
    return code in ADVICE and code not in NOT_WAIVABLE
