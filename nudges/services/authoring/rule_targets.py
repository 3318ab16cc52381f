"""Rules that ask about nudges: this module finds names in company.yaml that no playbook of the folder has.

It is advice: a rule may well ask about a playbook that is over and was taken out of the folder.
"""

from collections.abc import Collection, Iterator, Mapping

from nudges.domain.checks.findings import Code, Finding, make_finding
from nudges.domain.files.loading import Loaded
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.people.facts import wanted_by
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook


def unknown_targets(company: Company, text: str, file: str, loaded: Collection[Loaded[Playbook]]) -> list[Finding]:
    """Return a finding for each nudge or playbook that rules name and no file of the folder has."""
    known = {one.name: one.value or one.draft for one in loaded if one.name}
    wanted = wanted_by(company.segments.values(), company.segments)
    return [
        _finding(name, text, file, fix)
        for name in sorted(wanted.nudges | wanted.quizzes)
        if (fix := _fix(name, known)) is not None
    ]


def _fix(name: str, known: Mapping[str, Playbook | None]) -> str | None:
    playbook, _, nudge = name.partition("/")
    if playbook not in known:
        return did_you_mean(playbook, known)
    found = known[playbook]
    keys = [one.key for one in getattr(found, "nudges", ())]
    # Of a playbook that cannot be read nobody knows the nudges.
    return did_you_mean(nudge, keys) if nudge and keys and nudge not in keys else None


def _finding(name: str, text: str, file: str, fix: str) -> Finding:
    line, column, source = next(_places(name, text), (1, 1, ""))
    sentence = f"A rule asks about `{name[:60]}`, and no playbook here has it, so nobody can have answered."
    return make_finding(
        Code.UNKNOWN_TARGET,
        file=file,
        line=line,
        column=column,
        source_line=source,
        sentence=sentence,
        fix=f"{fix} If the playbook is over and was taken out, this is fine for 180 days.",
    )


def _places(name: str, text: str) -> Iterator[tuple[int, int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        start = line.find(name)
        before, after = line[:start].split("#")[0], line[start + len(name) : start + len(name) + 1]
        # Not a longer name that only begins the same, and not in a comment.
        if start >= 0 and len(before) == start and not (after.isalnum() or after in ("-", "_", "/")):
            yield number, start + 1, line
