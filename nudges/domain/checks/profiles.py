"""How strict to be: this module is the table of what each profile asks for, and the judgement of findings by it.

Draft, pilot and live: the riper a playbook is meant to be, the more of what is advice at first has to be in order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from nudges.domain.checks.finding_codes import ADVICE, Code, Severity
from nudges.domain.checks.findings import Finding
from nudges.domain.playbooks.company import Profile


class Level(Enum):
    """What a profile makes of a code."""

    OFF = "not looked for"
    ADVICE = "advice"
    ERROR = "error"


OFF, TOLD, ERROR = Level.OFF, Level.ADVICE, Level.ERROR

# The one place that says what is asked for from which profile on; advice that is not listed is advice in all three.
LEVELS: Mapping[Code, Mapping[Profile, Level]] = {
    code: dict(zip(Profile, levels, strict=True))
    for code, levels in {
        #                        draft pilot  live
        Code.NO_WIN: (TOLD, ERROR, ERROR),
        Code.NO_SPONSOR: (TOLD, TOLD, ERROR),
        Code.NO_REMEDY: (TOLD, TOLD, ERROR),
        Code.NO_PARTNER: (TOLD, TOLD, ERROR),
        Code.NO_ALT: (TOLD, TOLD, ERROR),
        Code.NO_TRANSLATION: (TOLD, TOLD, ERROR),
        Code.SENSITIVE_LINK: (TOLD, ERROR, ERROR),
        Code.NO_POLICY: (OFF, TOLD, ERROR),
        Code.NO_BASELINE: (OFF, TOLD, ERROR),
        Code.STAND_IN: (OFF, TOLD, ERROR),
        Code.NO_FALLBACK: (OFF, OFF, ERROR),
        Code.STARTS_IN_PAST: (OFF, OFF, ERROR),
        Code.SESSION_PAST: (OFF, ERROR, ERROR),
        # A playbook that is live has its pilot behind it.
        Code.NO_PILOT: (OFF, ERROR, TOLD),
        Code.NO_STOP_RULES: (OFF, ERROR, TOLD),
    }.items()
}


@dataclass(frozen=True)
class Judged:
    """Findings as a profile sees them, and those that were waived, each with its reason."""

    findings: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings refuse what the profile is for."""
        return sum(finding.is_error for finding in self.findings)


def level_of(code: Code, profile: Profile) -> Level:
    """Return what the profile makes of this code."""
    if code in LEVELS:
        return LEVELS[code][profile]
    return Level.ADVICE if code in ADVICE else Level.ERROR


def is_asked_for(code: Code, profile: Profile) -> bool:
    """Return whether the profile looks for this at all."""
    return level_of(code, profile) is not Level.OFF


def as_seen_by(findings: Iterable[Finding], profile: Profile) -> tuple[Finding, ...]:
    """Return the findings that the profile looks for, with the severity it gives them."""
    seen = []
    for finding in findings:
        levels = LEVELS.get(finding.code)
        if levels is None:
            seen.append(finding)
        elif levels[profile] is not Level.OFF:
            seen.append(replace(finding, severity=Severity(levels[profile].value)))
    return tuple(seen)
