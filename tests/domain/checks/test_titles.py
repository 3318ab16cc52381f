"""A playbook's title in the reader's language, and a finding where a promised one is missing."""

import pytest

from nudges.domain.checks.finding_codes import Code
from nudges.domain.playbooks.languages import title_for
from tests.builders import a_playbook, a_tip
from tests.playbook_texts import GOOD, findings_in

TITLED = a_playbook(nudges=(a_tip(),)).model_copy(
    update={"title": "Ask first", "titles": {"de": "Frag zuerst", "pt-BR": "Pergunte"}}
)


@pytest.mark.parametrize(
    ("language", "read"),
    [
        ("", "Ask first"),
        ("en", "Ask first"),
        ("de", "Frag zuerst"),
        ("de-AT", "Frag zuerst"),
        ("pt", "Pergunte"),
        ("fr", "Ask first"),
    ],
)
def test_the_title_is_read_in_the_readers_language_where_there_is_one(language: str, read: str) -> None:
    assert title_for(language, TITLED) == read


def codes(titles: str, languages: str) -> list[Code]:
    text = GOOD.replace("\ntool:", f"\n{titles}tool:", 1)
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("languages:")]
    return [one.code for one in findings_in("".join([f"languages: {languages}\n", *lines]))]


def test_a_promised_title_that_is_missing_is_told_and_one_too_many_too() -> None:
    complete = codes("titles: {de: Frag zuerst}\n", "[en, de]")

    assert len(codes("", "[en, de]")) == len(complete) + 1
    assert Code.NO_TRANSLATION in codes("", "[en, de]")
    assert Code.UNPROMISED_LANGUAGE in codes("titles: {de: Frag zuerst, fr: Demande}\n", "[en, de]")
    assert Code.STRAY_TRANSLATION in codes("titles: {de: Frag zuerst, en: Ask}\n", "[en, de]")
