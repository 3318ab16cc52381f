"""Text of a file in, typed value out: this module is the only way to a Playbook and a Company, every fault listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, cast

from nudges.domain.checks.company_checks import check_company
from nudges.domain.checks.findings import Code, Finding
from nudges.domain.checks.guidance import advise
from nudges.domain.checks.message_lengths import check_message_lengths
from nudges.domain.checks.playbook_checks import check_playbook
from nudges.domain.checks.prose_checks import check_comments
from nudges.domain.checks.translation_checks import check_translations
from nudges.domain.checks.waivers import Waiver, check_waivers, judged, note_idle
from nudges.domain.files.reading import PartRead, read_fields, read_leniently
from nudges.domain.files.rule_reading import read_rule
from nudges.domain.files.source import At, Report, open_source
from nudges.domain.files.yaml_nodes import MapNode, ScalarNode
from nudges.domain.files.yaml_recovery import Parsed, parse_all
from nudges.domain.people.segments import AnyOf
from nudges.domain.playbooks.company import Company, Profile
from nudges.domain.playbooks.playbook import Part, Playbook
from nudges.domain.plays.checks import check_plays
from nudges.domain.plays.models import Plays

T = TypeVar("T", bound=Part)
FIRST = At(1, 1)


@dataclass(frozen=True)
class Loaded(Generic[T]):
    """The value when the file has no errors, and all findings.

    `draft` is what could be read of a faulty company.yaml, so that playbooks are checked against it all the same;
    `name` is what a playbook calls itself, faulty or not, and `name_at` where it says so. `waived` are findings that
    the author has thought about, each with the reason.
    """

    value: T | None
    findings: tuple[Finding, ...]
    draft: T | None = None
    name: str = ""
    name_at: At = FIRST
    waived: tuple[Finding, ...] = ()
    waivers: tuple[Waiver, ...] = ()


def load_playbook(
    text: str | bytes,
    *,
    file: str,
    company: Company | None,
    profile: Profile = Profile.DRAFT,
    today: date | None = None,
) -> Loaded[Playbook]:
    """Return the playbook or its faults, and what the profile asks for; faults of a profile keep none from being used.

    Without a company, segments and channels are not looked up; without `today`, no start is past.
    """
    parsed, report = _open(text, file)
    root = parsed.root
    if not isinstance(root, MapNode):
        return Loaded(None, report.findings())
    read = read_fields(Playbook, root, "the playbook", report, lost=parsed.lost_keys)
    check_playbook(root, company, report, lost=parsed.lost_names)
    check_translations(root, report)
    check_message_lengths(root, report)
    check_comments(root, frozenset(company.channels if company else ()), report)
    waivers = check_waivers(root, report)
    playbook = _value(Playbook, read, report)
    advise(root, playbook, company, report, profile=profile, today=today)
    everywhere = company.waive if company else {}
    result = judged(report.findings(), profile=profile, waivers=waivers, everywhere=everywhere)
    if waivers and playbook is not None:
        note_idle(waivers, result.waived, profile, report)
        result = judged(report.findings(), profile=profile, waivers=waivers, everywhere=everywhere)
    name = root.get("playbook")
    if not isinstance(name, ScalarNode):
        return Loaded(playbook, result.findings, playbook, waived=result.waived, waivers=waivers)
    whole = _whole(playbook)
    place = At(name.line, name.column)
    return Loaded(whole, result.findings, whole, name.text.strip(), place, result.waived, waivers)


def load_company(text: str | bytes, *, file: str, profile: Profile = Profile.DRAFT) -> Loaded[Company]:
    """Return the company or its faults; the draft holds what can be read, so that playbooks can still be checked."""
    parsed, report = _open(text, file)
    root = parsed.root
    if not isinstance(root, MapNode):
        return Loaded(None, report.findings())
    read = read_fields(Company, root, "company.yaml", report, lost=parsed.lost_keys)
    check_company(root, report)
    check_comments(root, frozenset(), report)
    waivers = check_waivers(root, report)
    company = _value(Company, read, report)
    draft = None if parsed.lost_keys else _draft(root, read, report)
    result = judged(report.findings(), profile=profile, waivers=waivers)
    return Loaded(company, result.findings, company or draft, waived=result.waived)


def load_plays(text: str | bytes, *, file: str) -> Loaded[Plays]:
    """Return the plays or the faults of the file."""
    parsed, report = _open(text, file)
    root = parsed.root
    if not isinstance(root, MapNode):
        return Loaded(None, report.findings())
    read = read_fields(Plays, root, "plays.yaml", report, lost=parsed.lost_keys)
    check_plays(root, report)
    return Loaded(_value(Plays, read, report), report.findings())


def idle_company_waivers(text: str | bytes, *, file: str, waived: Sequence[Finding], profile: Profile) -> list[Finding]:
    """Return a finding for each waiver of company.yaml that sets nothing aside in the whole folder."""
    parsed, report = _open(text, file)
    if not isinstance(parsed.root, MapNode):
        return []
    unheard = Report(report.source)
    idle = Report(report.source)
    note_idle(check_waivers(parsed.root, unheard), waived, profile, idle, of_folder=True)
    return list(idle.findings())


def read_accepted(model: type[T], text: str) -> T | None:
    """Return what an accepted text meant; rules that have become stricter since do not count. None: it is lost."""
    source, _ = open_source(text, "accepted")
    report = Report(source, is_lenient=True)
    root = parse_all(source, report).root
    if not isinstance(root, MapNode):
        return None
    value: T | None = read_leniently(model, read_fields(model, root, "the file", report))
    return _whole(value)


def _whole(value: T | None) -> T | None:
    whole: Any = value.with_sequels() if isinstance(value, Playbook) else value
    return cast(T | None, whole)


def _open(text: str | bytes, file: str) -> tuple[Parsed, Report]:
    source, report = open_source(text, file)
    if not source.text and report.errors:
        return Parsed(None), report
    parsed = parse_all(source, report)
    if parsed.root is not None and not isinstance(parsed.root, MapNode):
        sentence = "The file must be a block of `key: value` lines."
        report.add(Code.WRONG_SHAPE, parsed.root, sentence, "Start it with `playbook: a-name`.")
    return parsed, report


def _value(model: type[T], read: PartRead, report: Report) -> T | None:
    values: dict[str, Any] = read.values
    return model(**values) if read.is_whole and not report.errors else None


def _draft(root: MapNode, read: PartRead, report: Report) -> Company:
    # A faulty segment or channel still exists: a playbook that names it has no fault of its own.
    unheard = Report(report.source)
    segments, channels = root.get("segments"), root.get("channels")
    values: dict[str, Any] = dict(read.values)
    if isinstance(segments, MapNode):
        values["segments"] = {n.text: read_rule(rule, unheard) or AnyOf(()) for n, rule in segments.entries}
    if isinstance(channels, MapNode):
        values["channels"] = {name.text: "" for name, _ in channels.entries}
    return Company.model_construct(**values)
