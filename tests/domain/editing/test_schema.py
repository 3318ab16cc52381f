"""The schema for editors: as strict as the loader where a schema can be, and never stricter."""

import json
import re
from collections.abc import Callable, Container

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from nudges.domain.checks.finding_codes import severity_of
from nudges.domain.checks.findings import Code, Finding, Severity
from nudges.domain.editing import schema_scalars as scalars
from nudges.domain.editing.guides import GUIDES, guide_of
from nudges.domain.editing.schema import Vocabulary, company_schema, playbook_schema
from nudges.domain.files import scalar_values as readers
from nudges.domain.files.loading import load_company
from nudges.domain.files.reading import read_fields
from nudges.domain.files.source import open_source
from nudges.domain.files.yaml_recovery import parse_all
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.fields import Sort
from nudges.domain.playbooks.playbook import Part, Playbook
from nudges.domain.times.hours import Weekday
from tests.domain.files.test_loading_faults import IN_A_COMPANY, IN_A_PLAYBOOK
from tests.playbook_texts import GOOD, GOOD_COMPANY, MARK, findings_in
from tests.schema_cases import (
    GOOD_IN_A_COMPANY,
    GOOD_IN_A_PLAYBOOK,
    KNOWN_TOO,
    OURS_ALONE,
    OURS_IN_COMPANY,
    WRITTEN_OTHERWISE,
)
from tests.schema_views import COMPANY, PLAYBOOK, faults_in_newer_yaml, faults_in_older_yaml

VIEWS = [faults_in_newer_yaml, faults_in_older_yaml]
View = Callable[[Draft7Validator, str], list[str]]


def company_findings(text: str) -> tuple[Finding, ...]:
    return load_company(text, file="company.yaml").findings


def models(root: type[Part] = Part) -> set[type[Part]]:
    return {root, *(model for child in root.__subclasses__() for model in models(child))}


@pytest.mark.parametrize("view", VIEWS)
def test_good_files_have_no_fault_for_a_schema_either(view: View) -> None:
    assert view(PLAYBOOK, GOOD) == []
    assert view(COMPANY, GOOD_COMPANY) == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("old", "new"), GOOD_IN_A_PLAYBOOK)
def test_what_the_loader_takes_the_schema_takes(old: str, new: str, view: View) -> None:
    text = GOOD.replace(old, new)

    assert text != GOOD
    assert [finding.sentence for finding in findings_in(text) if finding.is_error] == []
    assert view(PLAYBOOK, text) == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("old", "new"), GOOD_IN_A_COMPANY)
def test_what_the_loader_takes_in_company_yaml_the_schema_takes(old: str, new: str, view: View) -> None:
    text = GOOD_COMPANY.replace(old, new)

    assert text != GOOD_COMPANY
    assert [finding.sentence for finding in company_findings(text) if finding.is_error] == []
    assert view(COMPANY, text) == []


def for_a_schema(cases: list[tuple[str, str, str]], ours: Container[Code]) -> list[tuple[str, str]]:
    """The faults that a schema can see: structure, keys, types, words and ranges."""
    errors = [case for case in cases if severity_of(Code(case[2])) is Severity.ERROR]
    seen = [case for case in errors if Code(case[2]) not in ours and case[1] not in WRITTEN_OTHERWISE]
    return [(old, new.replace(MARK, "")) for old, new, _ in seen]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("old", "new"), for_a_schema(IN_A_PLAYBOOK, OURS_ALONE) + [(old, new) for old, new, _ in KNOWN_TOO]
)
def test_what_the_loader_refuses_the_schema_refuses(old: str, new: str, view: View) -> None:
    text = GOOD.replace(old, new)

    assert any(finding.is_error for finding in findings_in(text))
    assert view(PLAYBOOK, text) != []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("old", "new"), for_a_schema(IN_A_COMPANY, OURS_IN_COMPANY))
def test_what_the_loader_refuses_in_company_yaml_the_schema_refuses(old: str, new: str, view: View) -> None:
    text = GOOD_COMPANY.replace(old, new)

    assert any(finding.is_error for finding in company_findings(text))
    assert view(COMPANY, text) != []


def test_an_unknown_key_is_refused_in_every_block() -> None:
    refusing = [block for block in blocks(playbook_schema(Vocabulary())) if "properties" in block]

    assert len(refusing) > 20
    # The two that stand for "neither of the ways" are refused as a whole.
    assert {block["title"] for block in refusing if "additionalProperties" not in block} == {"nudge", "when"}


def blocks(value: object) -> list[dict[str, object]]:
    if isinstance(value, list):
        return [block for item in value for block in blocks(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("type") == "object" and "title" in value else []
    return own + [block for inner in value.values() for block in blocks(inner)]


def test_the_names_of_the_company_are_the_only_ones() -> None:
    text = GOOD.replace("segments: [customer-service, sales]", "segments: [slaes]")

    assert "slaes" in faults_in_newer_yaml(PLAYBOOK, text)[0]
    assert faults_in_newer_yaml(Draft7Validator(playbook_schema(Vocabulary())), text) == []


@pytest.mark.parametrize("schema", [playbook_schema(Vocabulary()), company_schema(Vocabulary())])
def test_the_schema_is_draft_seven(schema: dict[str, object]) -> None:
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("schema", [playbook_schema(Vocabulary()), company_schema(Vocabulary())])
def test_the_patterns_are_those_of_javascript_too(schema: dict[str, object]) -> None:
    # In its Unicode mode JavaScript takes a backslash before a special sign only; other validators are as strict.
    patterns = re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(schema))
    escaped = {sign for pattern in patterns for sign in re.findall(r"\\(.)", json.loads(pattern))}

    assert len(patterns) > 20
    assert escaped <= set("sSxutn.[]()\\")


def test_every_key_has_a_sentence_and_an_example() -> None:
    own = {model for model in models() if model.__module__.endswith((".playbook", ".company"))}
    kind = ("kind",)
    keys = {
        (model, key) for model in own for key in model.fields_by_key() if key not in kind or model.__name__ != "Quiz"
    }
    keys -= {(model, "kind") for model in own if "key" in model.model_fields and model.__name__ != "Choice"}

    assert {Playbook, Company} <= own
    assert [f"{m.__name__}.{k}" for m, k in keys if not (guide_of(m, k).description and guide_of(m, k).examples)] == []


def test_no_sentence_is_about_a_key_that_is_gone() -> None:
    keys = {f"{model.__name__}.{key}" for model in models() for key in model.fields_by_key()}

    assert set(GUIDES) <= keys


@pytest.mark.parametrize("place", sorted(GUIDES))
def test_every_example_is_a_good_value(place: str) -> None:
    name, key = place.split(".")
    model = next(one for one in models() if one.__name__ == name)
    for example in GUIDES[place].examples:
        source, report = open_source(yaml.safe_dump({key: example}, allow_unicode=True), "example.yaml")
        read = read_fields(model, parse_all(source, report).root, name, report)  # type: ignore[arg-type]

        assert [f.sentence for f in report.findings() if f.is_error and f.code is not Code.MISSING_KEY] == []
        assert key in read.values


READERS = [
    (scalars.of_type(readers.time), readers.read_time, "0123456789: "),
    (scalars.of_type(readers.date), readers.read_date, "0123456789-"),
    (scalars.of_type(Weekday), readers.read_day, "mondaytuewsrfi SU"),
    (scalars.of_type(bool), readers.read_switch, "trueyosnofalTRUEYOSNFAL "),
    (scalars.whole_schema(1, 104), lambda text: 1 <= readers.read_whole(text) <= 104 or 1 / 0, "0123456789- "),
    (scalars.whole_schema(5), lambda text: readers.read_whole(text) >= 5 or 1 / 0, "0123456789 "),
    (scalars.share_schema(0, 0.5), lambda text: readers.read_share(text) <= 0.5 or 1 / 0, "0123456789.% "),
    (scalars.of_sort(Sort.PERSON_ID), readers.read_person_id, "UW0A1b- "),
    (scalars.of_sort(Sort.OWNER), readers.read_owner, "ownerUW0A "),
    (scalars.of_sort(Sort.CHANNEL_ID), readers.read_channel_id, "CG0Ab "),
    (scalars.of_sort(Sort.CHANNEL_NAME), readers.read_channel_name, "#ab-_1. é–"),
    (scalars.of_sort(Sort.NAME), readers.read_name, "aB-_1. éß–/"),
    (scalars.of_sort(Sort.COUNTRY), readers.read_country, "PTDEptNOX "),
    (scalars.of_sort(Sort.LANGUAGE), readers.read_language, "dept-_BR "),
    (scalars.of_sort(Sort.AMOUNT), readers.read_amount, "0123456789.- "),
    (scalars.of_sort(Sort.RULE_CODE), readers.read_rule_code, "PBpb0123 "),
]


@pytest.mark.parametrize(("schema", "read", "letters"), READERS)
@given(data=st.data())
def test_a_text_is_good_to_the_schema_when_it_is_to_the_reader(
    schema: dict[str, object], read: Callable[[str], object], letters: str, data: st.DataObject
) -> None:
    text = data.draw(st.text(alphabet=letters, min_size=1, max_size=8).filter(str.strip))

    assert Draft7Validator(schema).is_valid(text) == is_readable(read, text.strip())


LENGTHS = st.from_regex(r"([0-9]{1,2}w)?([0-9]{1,3}d)?([0-9]{1,2}h)?([0-9]{1,2}M)?", fullmatch=True).filter(bool)


@given(text=LENGTHS)
def test_a_length_of_time_the_reader_takes_the_schema_takes(text: str) -> None:
    schema = Draft7Validator(scalars.of_type(readers.timedelta))
    parts = sum(text.lower().count(unit) for unit in "wdhm")

    if is_readable(readers.read_duration, text):
        assert schema.is_valid(text)
    elif parts == 1:  # several parts may together be more than a year, which a pattern cannot add up
        assert not schema.is_valid(text)


@pytest.mark.parametrize(
    "text", ["https://a.example", "https://a.example:99/b?c=d#e", "https://[::1]/", "https://münchen.example"]
)
def test_good_links_are_good_to_the_schema(text: str) -> None:
    assert readers.read_link(text) == text
    assert Draft7Validator(scalars.of_sort(Sort.LINK)).is_valid(text)


@pytest.mark.parametrize(
    "text",
    ["http://a.example", "https://", "https://.a", "https://a..b", "https://a b", "https://x@a.example", "https://a|b"],
)
def test_faulty_links_are_faulty_to_the_schema(text: str) -> None:
    assert not is_readable(readers.read_link, text)
    assert not Draft7Validator(scalars.of_sort(Sort.LINK)).is_valid(text)


def is_readable(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (readers.Unreadable, ZeroDivisionError):
        return False
    return True
