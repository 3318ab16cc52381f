"""The shipped playbooks are worth reading and fit the demo company: this module is an editor's checklist."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.sandbox.company import demo_company
from bot.sandbox.company_places import PLACES
from nudges.domain.people.samples import is_drawn
from nudges.domain.playbooks.company import Profile
from nudges.services.authoring.import_playbooks import check_paths

FOLDER = Path(__file__).parents[2] / "playbooks"
FILES = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "company.yaml")
COMPANY: dict[str, Any] = yaml.safe_load((FOLDER / "company.yaml").read_text("utf-8"))
PLAYBOOKS: dict[str, dict[str, Any]] = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in FILES}
BARRIER_KINDS = {
    "manager_discourages",
    "not_comfortable_sharing",
    "no_time",
    "no_personal_value",
    "lacks_skill",
    "access_or_it_problem",
    "tool_fatigue",
    "policy_worry",
    "colleagues_absent",
    "language_or_accessibility",
}
STAGES = ("sell", "show", "ask")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFTEN = ("tip", "story", "quiz")
KINDS = (*OFTEN, "howto", "workshop", "challenge", "exclusive", "poll", "leader")

Row = dict[str, str]


def _kind(nudge: dict[str, Any]) -> str:
    return next(kind for kind in KINDS if kind in nudge)


def _key(nudge: dict[str, Any]) -> str:
    return str(nudge[_kind(nudge)])


# A day on which they were as they are, so that no date in them grows old here.
TODAY = date(2026, 12, 1)
NUDGES = [(name, nudge) for name, playbook in PLAYBOOKS.items() for nudge in playbook["nudges"]]
QUIZZES = [nudge for _, nudge in NUDGES if "quiz" in nudge]
each_playbook = pytest.mark.parametrize("playbook", PLAYBOOKS.values(), ids=PLAYBOOKS.keys())
each_nudge = pytest.mark.parametrize("nudge", [n for _, n in NUDGES], ids=[f"{p}-{_key(n)}" for p, n in NUDGES])


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(csv.DictReader(io.StringIO(demo_company().people_csv)))


def _matches(rule: dict[str, Any], row: Row) -> bool:
    return all(_holds(key, value, row) for key, value in rule.items())


def _holds(key: str, value: Any, row: Row) -> bool:
    if key in ("all", "any"):
        return (all if key == "all" else any)(_matches(rule, row) for rule in value)
    if key == "not":
        return not _matches(value, row)
    if key == "segment":
        return _matches(COMPANY["segments"][value], row)
    if key == "attribute":
        return _matches(value, row)
    if key == "sample":
        return is_drawn(row["slack_id"], share=float(value["share"].rstrip("%")) / 100, draw=value["draw"])
    return row[key] in (value if isinstance(value, list) else [value])


def _in_segment(name: str, rows: list[Row]) -> list[Row]:
    return [row for row in rows if _matches(COMPANY["segments"][name], row)]


def _day(playbook: dict[str, Any], nudge: dict[str, Any]) -> int:
    """Return the day of the campaign on which a nudge is meant, were nobody away."""
    when = nudge["when"]
    if "after" in when:
        before = next(other for other in playbook["nudges"] if _key(other) == when["after"])
        return _day(playbook, before) + int(when["days"])
    return (int(when["week"]) - 1) * 7 + DAYS.index(when["day"])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)


def test_there_are_three_playbooks_named_as_their_files() -> None:
    assert len(PLAYBOOKS) >= 3
    assert all(playbook["playbook"] == name for name, playbook in PLAYBOOKS.items())


@each_playbook
def test_a_playbook_has_eight_nudges_over_six_weeks_with_two_of_each_kind(playbook: dict[str, Any]) -> None:
    days = [_day(playbook, nudge) for nudge in playbook["nudges"]]
    assert len(days) >= 8
    assert max(days) // 7 + 1 >= 6
    assert min(Counter(_kind(nudge) for nudge in playbook["nudges"])[kind] for kind in OFTEN) >= 2


def test_every_kind_there_is_stands_in_some_playbook() -> None:
    assert {_kind(nudge) for _, nudge in NUDGES} == set(KINDS)


@each_playbook
def test_it_sells_before_it_shows_and_shows_before_it_asks(playbook: dict[str, Any]) -> None:
    nudges = sorted(playbook["nudges"], key=lambda nudge: _day(playbook, nudge))
    stages = [STAGES.index(nudge["stage"]) for nudge in nudges]
    assert stages == sorted(stages)
    assert set(stages) == {0, 1, 2}


@each_playbook
def test_nudges_stand_in_the_file_in_the_order_in_which_they_go(playbook: dict[str, Any]) -> None:
    days = [_day(playbook, nudge) for nudge in playbook["nudges"]]
    assert days == sorted(set(days))


def test_nobody_is_meant_to_get_two_on_a_day_or_four_in_any_seven(rows: list[Row]) -> None:
    for row in rows:
        theirs = [
            p for p in PLAYBOOKS.values() if any(_matches({"segment": s}, row) for s in p["audience"]["segments"])
        ]
        days = sorted(_day(playbook, nudge) for playbook in theirs for nudge in playbook["nudges"])
        assert len(set(days)) == len(days), row
        assert all(later - day >= 7 for day, later in zip(days, days[COMPANY["caps"]["week"] :], strict=False)), row


@each_nudge
def test_a_nudge_is_short_and_says_its_links_and_variables_right(nudge: dict[str, Any]) -> None:
    choices = nudge.get("choices", nudge.get("options", ()))
    words = nudge.get("text") or " ".join([nudge["question"], *(choice["text"] for choice in choices)])
    assert len(words.split()) < 120
    for text in _texts(nudge):
        assert set(re.findall(r"\{(.*?)\}", text)) <= {"first_name", "team", "place"}
        assert "**" not in text
        assert not re.search(r"http:|https://(?!intranet\.example\.com/)", text)
        assert not re.search(r"\b20\d\d\b", text)
    try_it = nudge.get("try_it", {})
    assert len(try_it.get("label", "")) <= 30
    assert try_it.get("channel", "ask-billing") in COMPANY["channels"]


@pytest.mark.parametrize("quiz", QUIZZES, ids=_key)
def test_a_quiz_has_one_right_choice_and_every_choice_teaches(quiz: dict[str, Any]) -> None:
    choices = quiz["choices"]
    assert 2 <= len(choices) <= 4
    rights = sum(choice.get("right", False) for choice in choices)
    assert rights == 1 if quiz.get("pick", "one") == "one" else rights > 1
    assert len({choice["key"] for choice in choices}) == len(choices)
    assert all(len(choice["reply"].split()) >= 10 and len(choice["text"]) <= 75 for choice in choices)
    assert "\n" not in quiz["question"]


@each_playbook
def test_the_right_choice_is_neither_always_in_one_place_nor_always_the_longest(playbook: dict[str, Any]) -> None:
    quizzes = [nudge["choices"] for nudge in playbook["nudges"] if "quiz" in nudge]
    right = [next(i for i, choice in enumerate(choices) if choice.get("right")) for choices in quizzes]
    longest = [max(range(len(choices)), key=lambda i: len(choices[i]["text"])) for choices in quizzes]
    assert len(set(right)) > 1
    assert right != longest


@each_playbook
def test_every_segment_gains_something_and_the_hard_barriers_have_remedies(playbook: dict[str, Any]) -> None:
    assert set(playbook["personal_wins"]) == set(playbook["audience"]["segments"])
    assert {win["kind"] for win in playbook["personal_wins"].values()} <= {"easier_day", "marketable_skill", "contact"}
    assert {"manager_discourages", "not_comfortable_sharing"} <= set(playbook["remedies"]) <= BARRIER_KINDS


def test_the_company_has_a_remedy_for_every_barrier_by_somebody_within_a_time(rows: list[Row]) -> None:
    ids = {row["slack_id"] for row in rows}
    remedies = COMPANY["barriers"]["remedies"]
    assert set(remedies) == BARRIER_KINDS
    plans = (COMPANY["barriers"], *PLAYBOOKS.values())
    for step in (step for plan in plans for steps in plan["remedies"].values() for step in steps):
        assert set(step) == {"do", "by", "within"}
        assert step["by"] == "owner" or step["by"] in ids
        assert re.fullmatch(r"\d+d", step["within"])


@pytest.mark.parametrize("segment", COMPANY["segments"])
def test_every_segment_matches_somebody_and_nobody_s_is_everybody(segment: str, rows: list[Row]) -> None:
    assert 3 <= len(_in_segment(segment, rows)) < len(rows) / 2


def test_segments_use_every_kind_of_rule() -> None:
    used = set(re.findall(r"'(\w+)':", str(COMPANY["segments"])))
    fields = {"department", "place", "country", "region", "role", "title", "team", "manager", "language", "attribute"}
    assert {"all", "any", "not", "segment"} | fields <= used


@each_playbook
def test_a_pilot_lies_inside_its_audience_and_is_large_enough(playbook: dict[str, Any], rows: list[Row]) -> None:
    audience = [row["slack_id"] for s in playbook["audience"]["segments"] for row in _in_segment(s, rows)]
    pilot = [row["slack_id"] for row in _in_segment(playbook["audience"]["pilot"]["segment"], rows)]
    assert set(pilot) <= set(audience)
    assert len(pilot) >= int(playbook["audience"]["pilot"]["answers"])


def test_the_audiences_are_at_least_four_segments_in_five_countries(rows: list[Row]) -> None:
    segments = {name for playbook in PLAYBOOKS.values() for name in playbook["audience"]["segments"]}
    countries = {row["country"] for name in segments for row in _in_segment(name, rows)}
    assert len(segments) >= 4
    assert len(countries) >= 5


def test_a_new_employee_in_lisbon_finds_a_tip_on_monday_and_a_quiz_on_tuesday() -> None:
    playbook = PLAYBOOKS["find-an-expert"]
    assert [(_kind(n), _day(playbook, n)) for n in playbook["nudges"][:2]] == [("tip", 0), ("quiz", 1)]


def test_story_tellers_sponsors_and_officials_are_people_of_the_demo_company(rows: list[Row]) -> None:
    demo = demo_company()
    names = {user["id"]: user["profile"]["real_name"] for user in demo.users}
    at = {(names[row["slack_id"]].split()[0], f"{row['department']} {row['place']}") for row in rows}
    titles = {(names[row["slack_id"]], row["title"]) for row in rows}
    for playbook, (_, nudge) in product(PLAYBOOKS.values(), NUDGES):
        assert (playbook["sponsor"]["name"], playbook["sponsor"]["role"]) in titles
        assert {playbook["owner"], playbook["goal"]["it_partner"]} <= set(names)
        assert "story" not in nudge or (nudge["by"]["name"], nudge["by"]["team"]) in at
    assert {*COMPANY["admins"], *COMPANY["authors"], *COMPANY["approvers"], COMPANY["barriers"]["owner"]} <= set(names)
    assert COMPANY["channels"] == demo.channels


def test_every_place_has_its_zone_and_every_country_its_holidays(rows: list[Row]) -> None:
    zones = {place.name: place.zone for place in PLACES}
    assert COMPANY["place_zones"] == zones
    assert set(COMPANY["holidays"]) == {row["country"] for row in rows}


@pytest.mark.parametrize("profile", list(Profile))
def test_they_are_clean_in_every_profile(profile: Profile) -> None:
    report = check_paths([FOLDER], profile, today=TODAY)
    assert [finding.text() for finding in report.findings] == []
