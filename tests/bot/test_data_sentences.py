"""`my data` in plain sentences: no word of the program stands in them, in any language."""

import re
from typing import Any

import pytest

from bot.blocks.data_sentences import sentence
from bot.texts import languages
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.delivery.taps import SeatState, Tap
from nudges.domain.recall.recall import Ending
from tests.bot.examples import NOW, ZONE

RECORDS: list[tuple[str, dict[str, Any]]] = [
    *(
        ("questions", {"question": "where-to-ask", "met": NOW, "times_asked": 2, "rests_because": one})
        for one in Ending
    ),
    *(
        ("responses", {"at": NOW, "nudge": "where-to-ask", "what": one, "value": "mail"})
        for one in ResponseKind
        if one != "feedback"
    ),
    *(("responses", {"at": NOW, "nudge": "where-to-ask", "what": "tap", "value": one}) for one in Tap),
    *(("workshops", {"nudge": "together", "seat": one, "at": NOW}) for one in SeatState),
    ("workshops", {"nudge": "t", "seat": "seated", "at": NOW, "you_said": "came", "the_host_said": "missed"}),
    ("nudges", {"nudge": "first-tip", "state": "skipped", "reason": "cap_week", "due": NOW}),
    ("nudges", {"nudge": "together.reminder", "state": "planned", "due": NOW}),
    ("meant_for", {"campaign": "find-an-expert", "as": "all", "since": NOW, "until": NOW, "spared": True}),
    ("reported", {"kind": "no_time", "week": 3, "period": 1, "weight": 0.4}),
]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("part", "record"), RECORDS)
def test_every_record_is_a_sentence_without_a_raw_word(part: str, record: dict[str, Any], language: str) -> None:
    told = sentence(part, {name: getattr(one, "value", one) for name, one in record.items()}, ZONE, language)

    assert told is not None and not re.search(r"\b[a-z]+_[a-z_]+\b|rests because|\{|True", told)
    assert "-" not in told.split("”")[0].split("»")[0]


def test_a_record_that_no_sentence_fits_is_left_to_names_and_values() -> None:
    assert sentence("nobody-knows", {"a": 1}, ZONE) is None
    assert (
        sentence("questions", {"question": "x", "met": NOW, "times_asked": 1, "rests_because": "new word"}, ZONE)
        is None
    )
