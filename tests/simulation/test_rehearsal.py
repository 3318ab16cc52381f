"""Weeks in seconds: this module tests what a rehearsal promises to whoever reads its report."""

import socket
from pathlib import Path

import pytest

from bot.simulation.drawing import picture
from bot.simulation.figures import HIDDEN, figures_of
from bot.simulation.outcome_lines import lines
from bot.simulation.rehearsal import Rehearsal
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.forecasts.reactions import read_reactions
from nudges.errors import PlaybookRefused
from tests.simulation.small import COMPANY, rehearsed, write_folder


def test_one_seed_gives_one_run(folder: Path, four_weeks: Rehearsal) -> None:
    again = rehearsed(folder)
    assert again.digest == four_weeks.digest
    assert lines(again) == lines(four_weeks)


def test_another_seed_gives_other_people_and_another_trace(folder: Path, four_weeks: Rehearsal) -> None:
    other = rehearsed(folder, seed=8)
    assert other.digest != four_weeks.digest
    assert other.people.keys() != four_weeks.people.keys()


def test_no_socket_is_ever_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_values: object) -> None:
        raise AssertionError("a rehearsal asked for a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert rehearsed(folder, weeks=1, size=15).nudges


def test_the_folder_of_the_user_is_left_as_it_was(folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    rehearsed(folder, weeks=1, size=15)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_everybody_meant_is_reached_and_nobody_out_of_hours(four_weeks: Rehearsal) -> None:
    figures = figures_of(four_weeks)
    assert figures.messages == len(four_weeks.nudges) > 40
    assert figures.outside == 0
    assert figures.most_in_a_week <= 2
    assert figures.most_in_a_day == 1
    assert 0 < figures.reached <= figures.audience


def test_people_outside_the_segments_get_nothing(four_weeks: Rehearsal) -> None:
    outside = {
        one.person_id for one in four_weeks.people.values() if one.department not in ("Customer service", "Sales")
    }
    assert not outside & {post.person_id for post in four_weeks.nudges}


def test_people_do_exactly_what_the_script_says(folder: Path, four_weeks: Rehearsal) -> None:
    somebody = next(one for one in four_weeks.outcomes if one.nudge_key == "ask-first" and one.sent_at)
    script = f"""person,playbook,nudge,reaction,value,after
{somebody.person_id},find-an-expert,ask-first,useful,,15m
{somebody.person_id},find-an-expert,where-to-ask,answer,channel,1h
{somebody.person_id},find-an-expert,where-to-ask,stop,,2h
"""
    reactions, faults = read_reactions(script)
    assert not faults
    done = rehearsed(folder, reactions=reactions)
    assert [(deed.kind.value, is_done) for deed, is_done in done.deeds] == [
        ("useful", True),
        ("answer", True),
        ("stop", True),
    ]
    after = [one for one in done.outcomes if one.person_id == somebody.person_id and one.status == "skipped"]
    assert "stopped" in {one.reason for one in after}
    stopped_at = done.deeds[-1][0].at
    assert not [post for post in done.nudges if post.person_id == somebody.person_id and post.at > stopped_at]


def test_a_choice_that_does_not_exist_changes_nothing(folder: Path, four_weeks: Rehearsal) -> None:
    somebody = next(one for one in four_weeks.outcomes if one.nudge_key == "where-to-ask" and one.sent_at)
    text = (
        f"person,playbook,nudge,reaction,value,after\n{somebody.person_id},find-an-expert,ask-first,answer,no-such,1m\n"
    )
    reactions, _ = read_reactions(text)
    done = rehearsed(folder, reactions=reactions)
    assert [is_done for _, is_done in done.deeds] == [False]


def test_ones_own_people_file_can_be_rehearsed_with(folder: Path) -> None:
    text = "email,department,place,country,manager\n" + "".join(
        f"ana{number}@example.com,Sales,Berlin,DE,{'ana0@example.com' if number else ''}\n" for number in range(12)
    )
    done = rehearsed(folder, playbooks=("write-it-once",), people_csv=text, weeks=1)
    assert len(done.nudges) == 12
    assert {done.calendars[post.person_id].zone for post in done.nudges} == {"Europe/Berlin"}
    assert "example.com" not in str(done.people)


def test_small_groups_stay_hidden(tmp_path: Path) -> None:
    shy = write_folder(tmp_path / "playbooks", company=COMPANY + "k: 12\n")
    figures = figures_of(rehearsed(shy, size=14, playbooks=("find-an-expert",), weeks=2))
    assert {week.answered for week in figures.weeks} == {HIDDEN}


def test_the_plan_told_what_people_did_foresees_what_was_sent(four_weeks: Rehearsal) -> None:
    for one in figures_of(four_weeks).campaigns:
        assert one.foreseen_sent == one.sent


def test_the_picture_names_what_was_left_out(four_weeks: Rehearsal) -> None:
    drawn = picture(four_weeks, figures_of(four_weeks))
    assert four_weeks.digest in drawn
    assert "Not sent, and why" in drawn
    assert "weekly limit" in drawn or "held back after three unanswered" in drawn


def test_every_decision_has_one_line(four_weeks: Rehearsal) -> None:
    found = lines(four_weeks)
    assert len(found) == len(four_weeks.outcomes)
    sent = [line for line in found if line["outcome"] == DeliveryStatus.SENT.value]
    assert len(sent) == len({(one.person_id, one.campaign, one.nudge_key) for one in four_weeks.nudges})
    assert all(line["sent_local"] and line["zone"] and line["sent_at"] for line in sent)


def test_an_unknown_playbook_is_refused_with_the_known_ones(folder: Path) -> None:
    with pytest.raises(PlaybookRefused) as refused:
        rehearsed(folder, playbooks=("find-an-export",))
    assert "find-an-expert" in refused.value.hint
