"""Barriers in a rehearsal: this module tests that they are found, worked on and judged by the real services."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.simulation.barrier_lines import verdict
from bot.simulation.drawing import picture
from bot.simulation.figures import figures_of
from bot.simulation.flag_owner import Look, PlayedFlag, Truth, truth
from bot.simulation.hindered import Hindrances, hindrances
from bot.simulation.outcome_lines import summary
from bot.simulation.planted import Barrier, Placed, Planted, read_planted
from bot.simulation.rehearsal import Request, rehearse
from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_life import Effect
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.errors import PlaybookRefused
from tests.builders import a_person
from tests.simulation.hindered_soak import SEEDS, hindered, shares
from tests.simulation.long_company import long_folder, people_csv
from tests.simulation.small import FRIDAY
from tests.soak import IS_LONG

MONDAY = date(2027, 1, 11)
HERE = ("team", "billing")
FILE = """
waits: 3d
barriers:
  - {kind: no_time, team: Sales 0, from_week: 2, strength: 90%, play_lifts: 100%, lifts_after: 3d}
"""


def at(week: int) -> datetime:
    return datetime(2027, 1, 13, 12, tzinfo=UTC) + timedelta(weeks=week - 1)


def some_ways(**values: object) -> Hindrances:
    barrier = Barrier(**{"kind": BarrierKind.NO_TIME, "strength": 0.6} | values)  # type: ignore[arg-type]  # read by name
    return Hindrances([Placed(barrier, HERE)], {"U0ANA": frozenset({HERE}), "U0BEN": frozenset()}, MONDAY)


def test_a_planted_barrier_is_flagged_worked_on_and_looked_back_at(tmp_path: Path) -> None:
    planted, faults = read_planted(FILE, "here.yaml")
    assert not faults
    folder = long_folder(tmp_path / "playbooks", weeks=12, days=("tue", "thu"))
    people = people_csv(teams=5, size=10)
    request = Request(folder, weeks=12, starts_on=FRIDAY, people_csv=people, is_whole=True, planted=planted)
    done = rehearse(request, FRIDAY)
    (flag, *_) = [one for one in done.flags if one.group == ("team", "Sales 0")]
    assert flag.was_there
    assert flag.play
    assert [(look.weeks, look.truth) for look in flag.looks][:1] == [(4, Truth.HELPED)]
    told = picture(done, figures_of(done))
    assert "in truth the play helped" in told
    assert summary(done)["barriers"]["flags"]


def test_a_barrier_is_there_in_its_weeks_and_for_its_people() -> None:
    ways = some_ways(from_week=3, until_week=5)
    assert [ways.strength("U0ANA", at(week)) for week in range(1, 7)] == [0, 0, 0.6, 0.6, 0, 0]
    assert ways.strength("U0BEN", at(3)) == 0


def test_a_play_takes_away_what_it_can_and_when_it_can() -> None:
    ways = some_ways(play_lifts=0.5, lifts_after=timedelta(weeks=2))
    ways.begin(("team", "Billing"), at(3))
    assert [ways.strength("U0ANA", at(week)) for week in (2, 4, 5)] == [0.6, 0.6, 0.3]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"play_lifts": 1.0}, Truth.HELPED),
        ({"play_lifts": 0.0}, Truth.STAYED),
        ({"until_week": 6}, Truth.ENDED),
        ({"until_week": 6, "play_lifts": 1.0}, Truth.ENDED),
        ({"from_week": 6}, Truth.GREW),
    ],
)
def test_the_truth_tells_what_a_play_did_from_what_came_by_itself(values: dict[str, object], expected: Truth) -> None:
    ways = some_ways(**values)
    ways.begin(HERE, at(5))
    assert truth(ways, HERE, at(5), 8) is expected


def test_unclear_is_never_wrong_and_better_only_where_the_play_helped() -> None:
    assert all(Look(8, Effect.UNCLEAR, one).is_right for one in Truth)
    assert [one for one in Truth if Look(8, Effect.BETTER, one).is_right] == [Truth.HELPED]
    looks = (Look(4, Effect.BETTER, Truth.ENDED), Look(8, Effect.UNCLEAR, Truth.ENDED))
    flag = PlayedFlag(HERE, "no_time", "confirmed", at(3), True, "a-play", at(4), looks)
    assert "1 of 2 words were right or unclear. Better was said of 1 of 2 looks at plays that did not" in verdict(
        [flag]
    )
    assert shares([flag]) == (1, 0.5, 0.5)


def test_a_barrier_without_a_group_gets_a_team_that_no_other_has() -> None:
    people = [a_person(f"U0{team}{one}", team=f"Team {team}") for team in range(3) for one in range(9)]
    barriers = [Barrier(kind=BarrierKind.NO_TIME, team="team 1"), *(Barrier(kind=BarrierKind.NO_TIME),) * 2]
    ways = hindrances(barriers, people, first_on=MONDAY, seed=1)
    assert len({one.group for one in ways.placed}) == 3
    assert ways.placed[0].group == ("team", "team 1")


@pytest.mark.parametrize(
    ("barriers", "said"),
    [
        ([Barrier(kind=BarrierKind.NO_TIME, place="Atlantis")], "Nobody works in the place Atlantis"),
        ([Barrier(kind=BarrierKind.NO_TIME)] * 2, "not enough teams"),
    ],
)
def test_a_barrier_where_nobody_works_is_refused(barriers: list[Barrier], said: str) -> None:
    people = [a_person(f"U0A{one}", team="Only") for one in range(9)]
    with pytest.raises(PlaybookRefused, match=said):
        hindrances(barriers, people, first_on=MONDAY, seed=1)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("barriers:\n  - {kind: no_tme}\n", "2", "no_tme"),
        ("barriers:\n  - {kind: no_time, strength: 2}\n", "2", "percent"),
        ("barriers:\n  - {kind: no_time}\nwaitz: 3d\n", "3", "waitz"),
        ("- a list\n", "1", "block"),
    ],
)
def test_a_file_with_a_fault_is_told_by_its_line(text: str, line: str, said: str) -> None:
    planted, faults = read_planted(text, "here.yaml")
    assert planted == Planted()
    assert faults[0].startswith(f"here.yaml:{line}:")
    assert said in " ".join(faults)


def test_a_file_says_how_its_owner_goes_about_flags() -> None:
    planted, faults = read_planted("acts_on: early\nwaits: 2d\nbarriers: [{kind: no_time, place: Lisbon}]\n", "x")
    assert (faults, planted.acts_on, planted.waits) == ((), Grade.EARLY, timedelta(days=2))
    assert planted.barriers[0].group == ("place", "Lisbon")


@pytest.mark.skipif(not IS_LONG, reason="ten minutes of processor time: make soak")
@pytest.mark.timeout(7200)
def test_words_are_right_in_many_companies(tmp_path: Path) -> None:
    found = [flag for seed in range(SEEDS) for flag in hindered(seed, tmp_path / str(seed))]
    plays, right, better = shares(found)
    assert plays >= 30
    assert right >= 0.8
    assert better <= 0.1
