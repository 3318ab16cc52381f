"""Why a flag was raised: this module is groups with a known lack, and every sentence that can come of them."""

import itertools

import numpy as np
import pytest

from bot.texts import has_text, text
from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_reasons import why_lines
from nudges.domain.detection.history import Groups
from nudges.domain.detection.reasons import Key, Share, why_said, why_silent

WEEKS = 12
NOBODY = np.zeros((4, WEEKS), dtype=np.intp)


def teams(share: float, *, since: int = 0, use: float | None = None) -> Groups:
    """Return four teams of twenty of one department; the first answers only this share of what the others do."""
    asked = np.full((4, WEEKS), 20.0)
    answered = np.full((4, WEEKS), 12.0)
    answered[0, since:] *= share
    used = np.full((4, WEEKS), 60.0)
    if use is not None:
        used[0] *= use
    return Groups(
        "team",
        ("a", "b", "c", "d"),
        members=asked,
        asked=asked,
        answered=np.round(answered),
        usable=asked * 5 if use is not None else None,
        used=used if use is not None else None,
        rows=NOBODY,
        columns=NOBODY,
    )


@pytest.mark.parametrize(
    ("share", "told"), [(0.1, Share.HARDLY), (0.25, Share.QUARTER), (0.5, Share.HALF), (0.67, Share.TWO_THIRDS)]
)
def test_the_share_is_told_in_steps(share: float, told: Share) -> None:
    assert dict(why_silent(teams(share), "a", WEEKS - 1))[Key.SHARE] == told


def test_a_row_of_weeks_is_told_rounded_down() -> None:
    assert dict(why_silent(teams(0.5, since=5), "a", WEEKS - 1))[Key.IN_A_ROW] == "6"  # of seven


def test_weeks_that_are_not_in_a_row_are_not_called_one() -> None:
    groups = teams(0.5)
    groups.answered[0, -2] = 19
    assert Key.IN_A_ROW not in dict(why_silent(groups, "a", WEEKS - 1))
    assert dict(why_silent(groups, "a", WEEKS - 1))[Key.MOSTLY] == "8"


@pytest.mark.parametrize(("use", "told"), [(0.6, "less"), (1.0, "as_much")])
def test_use_is_told_where_it_is_known(use: float, told: str) -> None:
    assert dict(why_silent(teams(0.5, use=use), "a", WEEKS - 1))[Key.USE] == told
    assert Key.USE not in dict(why_silent(teams(0.5), "a", WEEKS - 1))


def test_a_week_without_questions_breaks_no_row() -> None:
    groups = teams(0.5)
    for counts in (groups.asked, groups.answered):
        counts[:, -3] = 0
    assert dict(why_silent(groups, "a", WEEKS - 1))[Key.IN_A_ROW] == "8"  # of eleven


def test_every_reason_has_its_sentences_in_every_language() -> None:
    spans, uses = ((Key.IN_A_ROW, "6"), (Key.MOSTLY, "8")), ("less", "as_much")
    for share, span, likes, use in itertools.product(Share, spans, ("team", "company"), uses):
        why = (*why_said(5, 4.0), (Key.SHARE, share), span, (Key.LIKES, likes), (Key.USE, use))
        for (key, value), grade in itertools.product(why_lines(why, Grade.CONFIRMED), Grade):
            assert has_text(key), key
            assert "{" not in text(key, "de", why=value)
            assert why_lines(why, grade)[-1][0].endswith(grade.value)


def test_a_flag_without_a_stored_reason_says_nothing() -> None:
    assert why_lines(None, Grade.EARLY) == ()
