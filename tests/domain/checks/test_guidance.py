"""Content rules: this module holds what authors are advised, and that good content is left in peace."""

from collections.abc import Callable

import pytest

from nudges.domain.checks.pressure import pressing_word
from nudges.domain.files.loading import load_playbook
from tests.playbook_texts import GOOD, findings_in, found, the_company, with_fault


def _cut(text: str, start: str, end: str) -> str:
    return text[: text.index(start)] + text[text.index(end) :]


ADVICE: list[tuple[str, Callable[[str], str]]] = [
    ("PB101", lambda text: _cut(text, "  sales: {kind", "nudges:")),
    ("PB102", lambda text: text.replace("I asked, and had", "one " * 121)),
    ("PB103", lambda text: _cut(text, "sponsor:", "audience:")),
    ("PB104", lambda text: _cut(text, "  not_comfortable_sharing:", "starts_on:")),
    ("PB105", lambda text: text.replace("stage: sell", "stage: ask")),
    ("PB106", lambda text: text.replace("I asked, and had", "Win a voucher! I had")),
    ("PB107", lambda text: text.replace("right: yes, ", "").replace("billing lead,", "billing lead, right: yes,")),
    (
        "PB108",
        lambda text: text.replace("text: Anybody", "text: Quite simply anybody").replace(
            "A mail to the billing lead", "A mail"
        ),
    ),
    ("PB109", lambda text: _cut(text, "  - story:", "remedies:")),
    ("PB111", lambda text: text.replace("segments: [customer-service, sales]", "segments: [customer-service]")),
    ("PB112", lambda text: text.replace("at: 10:30", "at: 22:30")),
    ("PB116", lambda text: text.replace("week: 2, day: wed", "week: 1, day: tue")),
    ("PB112", lambda text: text.replace("day: wed", "day: sun")),
]


@pytest.mark.parametrize(("code", "change"), ADVICE)
def test_content_that_could_be_better_is_advised_on(code: str, change: Callable[[str], str]) -> None:
    loaded = load_playbook(change(GOOD), file="x.yaml", company=the_company())

    assert {finding.code.value for finding in loaded.findings} == {code}
    assert loaded.value is not None, "advice keeps nothing from being used"


def test_advice_stands_where_it_belongs() -> None:
    text, place = with_fault(GOOD, "segments: [customer-service, sales]", "segments: [customer-service, ¦sales]")
    text = _cut(text, "  sales: {kind", "nudges:")

    assert found(findings_in(text)) == [("PB101", *place)]


def test_the_whole_is_not_judged_while_there_are_errors() -> None:
    text = _cut(GOOD, "sponsor:", "audience:").replace("owner: U0PRIYA", "owner: priya")

    assert [code for code, *_ in found(findings_in(text))] == ["PB023"]


@pytest.mark.parametrize(
    "text",
    [
        "Win a voucher for the canteen",
        "Attendance is mandatory",
        "See who tops the leaderboard",
        "Es gibt einen Gutschein",
    ],
)
def test_pressure_is_heard(text: str) -> None:
    assert pressing_word(text)


@pytest.mark.parametrize(
    "text",
    [
        "Win back your Friday afternoon",
        "A rewarding way to work",
        "Our competitors do it too",
        "You may skip this",
        "a top tip",
    ],
)
def test_ordinary_words_are_no_pressure(text: str) -> None:
    assert pressing_word(text) is None
