"""Text of a file in, typed value out: this module is the only way to a Playbook and a Company, every fault listed."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from nudges.domain.company import Company
from nudges.domain.company_checks import check_company
from nudges.domain.findings import Code, Finding
from nudges.domain.guidance import advise
from nudges.domain.playbook import Part, Playbook
from nudges.domain.playbook_checks import check_playbook
from nudges.domain.prose_checks import check_comments, check_message_lengths
from nudges.domain.reading import PartRead, read_fields
from nudges.domain.rule_reading import read_rule
from nudges.domain.segments import AnyOf
from nudges.domain.source import At, Report, open_source
from nudges.domain.yaml_nodes import MapNode, ScalarNode
from nudges.domain.yaml_recovery import Parsed, parse_all

T = TypeVar("T", bound=Part)
FIRST = At(1, 1)


@dataclass(frozen=True)
class Loaded(Generic[T]):
    """The value when the file has no errors, and all findings.

    `draft` is what could be read of a faulty company.yaml, so that playbooks are checked against it all the same;
    `name` is what a playbook calls itself, faulty or not, and `name_at` where it says so.
    """

    value: T | None
    findings: tuple[Finding, ...]
    draft: T | None = None
    name: str = ""
    name_at: At = FIRST


def load_playbook(text: str | bytes, *, file: str, company: Company | None) -> Loaded[Playbook]:
    """Return the playbook or its faults; without a company, segments and channels are not looked up."""
    parsed, report = _open(text, file)
    root = parsed.root
    if not isinstance(root, MapNode):
        return Loaded(None, report.findings())
    read = read_fields(Playbook, root, "the playbook", report, lost=parsed.lost_keys)
    check_playbook(root, company, report, lost=parsed.lost_names)
    check_message_lengths(root, report)
    check_comments(root, frozenset(company.channels if company else ()), report)
    playbook = _value(Playbook, read, report)
    advise(root, playbook, company, report)
    name = root.get("playbook")
    if not isinstance(name, ScalarNode):
        return Loaded(playbook, report.findings(), playbook)
    return Loaded(playbook, report.findings(), playbook, name.text.strip(), At(name.line, name.column))


def load_company(text: str | bytes, *, file: str) -> Loaded[Company]:
    """Return the company or its faults; the draft holds what can be read, so that playbooks can still be checked."""
    parsed, report = _open(text, file)
    root = parsed.root
    if not isinstance(root, MapNode):
        return Loaded(None, report.findings())
    read = read_fields(Company, root, "company.yaml", report, lost=parsed.lost_keys)
    check_company(root, report)
    check_comments(root, frozenset(), report)
    company = _value(Company, read, report)
    draft = None if parsed.lost_keys else _draft(root, read, report)
    return Loaded(company, report.findings(), company or draft)


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
