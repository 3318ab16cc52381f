"""A sandbox that is killed and goes on: this module acts in one, drops it, builds it anew and compares."""

from __future__ import annotations

import errno
import json
import os
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import journal
from bot.sandbox.keeping import Kept, keep
from bot.sandbox.workspace import BOT_TOKEN, Slack
from tests.sandbox.helpers import TUESDAY, StoppedClock, a_button, a_section, call, some_people

METADATA = {"event_type": "nudge", "event_payload": {"delivery_id": "d1"}}
HOME = {"type": "home", "blocks": [a_section("At home")]}
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "blocks": [{"type": "actions", "block_id": "acts", "elements": [a_button("go")]}],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "slack.jsonl"


def a_kept(path: Path, real: StoppedClock | None = None) -> tuple[Slack, Kept]:
    """Return a sandbox that goes on from that file, as a new process would build it."""
    slack = Slack(people=some_people(), start=TUESDAY, real=real or StoppedClock())
    slack.add_channel("C0HELP", name="help", members=["U0ANA"])
    return slack, keep(slack, path)


def remembered(slack: Slack) -> dict[str, Any]:
    """Return all that must be there after a kill."""
    state, installs = slack.state, slack.workspaces.installs
    names = ("users", "channels", "user_groups", "dms", "views", "homes", "response_urls", "read_until", "posted")
    return {
        **{name: getattr(state, name) for name in names if name != "users"},
        "users": dict(state.users),
        "stacks": {user: stack for user, stack in state.stacks.items() if stack},
        "counters": dict(state.counters),
        "installs": [
            installs.tokens,
            installs.refresh_tokens,
            installs.codes,
            installs.installations,
            installs.counters,
        ],
        "faults": slack.dice.faults,
        "offset": slack.clock.offset,
        "move": replace(slack.clock.move, asked_real=0.0, heard_real=None),
    }


def live(slack: Slack) -> None:
    """Do a little of everything."""
    first = call(slack, "chat.postMessage", channel="U0ANA", text="One", blocks=[a_section()], metadata=METADATA)
    second = call(slack, "chat.postMessage", channel="U0BEN", text="Two")
    call(slack, "chat.update", channel=first["channel"], ts=first["ts"], text="Mended")
    call(slack, "chat.delete", channel=second["channel"], ts=second["ts"])
    call(slack, "views.publish", user_id="U0ANA", view=HOME)
    slack.delivery.connect(lambda envelope: opened(slack, envelope.payload))
    slack.do.command("U0ANA", "/nudge", "help")
    slack.do.message("U0BEN", "Hello <b>")
    slack.respond(next(iter(slack.state.response_urls)), {"text": "Later"})
    slack.add_user_group("S0ONE", name="One", members=["U0ANA"])
    slack.deactivate("U0BEN")
    slack.set_faults(lost_answer=0.25)
    slack.clock.advance_to(slack.clock.now() + 3_600)
    slack.clock.begin_move(target=slack.clock.now() + 60, kind="to", person="U0ANA")
    slack.oauth.install("T0SANDBOX")


def opened(slack: Slack, payload: dict[str, Any]) -> None:
    """Answer a command with a form."""
    if "trigger_id" in payload:
        call(slack, "views.open", trigger_id=payload["trigger_id"], view=MODAL)


def test_a_sandbox_that_was_dropped_goes_on_with_all_it_had(path: Path) -> None:
    slack, fresh = a_kept(path)
    live(slack)

    again, kept = a_kept(path)

    assert not fresh.past.is_usable and kept.past.is_usable
    assert kept.trouble == ""
    assert remembered(again) == remembered(slack)
    assert again.state.stacks["U0ANA"] == slack.state.stacks["U0ANA"] != []


def test_every_answer_is_in_the_file_before_it_leaves(path: Path) -> None:
    slack, _ = a_kept(path)
    for number in range(20):
        answer = call(slack, "chat.postMessage", channel="U0ANA", text=f"Message {number}", metadata=METADATA)
        again = Slack(people=some_people(), start=TUESDAY, real=StoppedClock())
        copy = path.with_name(f"copy-{number}.jsonl")
        copy.write_bytes(path.read_bytes())
        keep(again, copy)
        assert answer["ts"] in again.state.channels[answer["channel"]].messages
        assert [one.delivery_id for one in again.posted()] == ["d1"] * (number + 1)


def test_new_ids_and_timestamps_never_meet_old_ones(path: Path) -> None:
    slack, _ = a_kept(path)
    before = call(slack, "chat.postMessage", channel="U0ANA", text="Before", blocks=[a_section()])
    again, _ = a_kept(path)
    after = call(again, "chat.postMessage", channel="U0ANA", text="After", blocks=[a_section()])
    assert after["channel"] == before["channel"]
    assert after["ts"] != before["ts"]
    assert after["message"]["blocks"][0]["block_id"] != before["message"]["blocks"][0]["block_id"]


def test_a_walk_that_was_under_way_waits_for_the_app_that_starts_again(path: Path) -> None:
    real = StoppedClock()
    slack, _ = a_kept(path, real)
    slack.clock.begin_move(target=TUESDAY + 60, kind="to")
    real.at += 10  # as long as nobody runs, time goes on
    again, _ = a_kept(path, real)
    real.at += 10  # longer than a stranger may take
    assert not again.clock.carry_out_unfollowed()
    move = again.clock.hear(0)
    assert move is not None and move.target == TUESDAY + 60
    assert again.clock.now() == TUESDAY + 20


def test_what_was_kept_is_kept_on_through_several_lives(path: Path) -> None:
    for number in range(4):
        slack, _ = a_kept(path)
        assert len(slack.posted()) == number
        call(slack, "chat.postMessage", channel="U0ANA", text=f"Life {number}")


def test_a_last_line_that_was_cut_off_is_left_out_and_said(path: Path) -> None:
    slack, _ = a_kept(path)
    whole = call(slack, "chat.postMessage", channel="U0ANA", text="Whole")
    call(slack, "chat.postMessage", channel="U0ANA", text="Torn")
    path.write_bytes(path.read_bytes()[:-7])

    again, kept = a_kept(path)

    assert [one.text for one in again.posted()] == ["Whole"]
    assert list(again.state.channels[whole["channel"]].messages) == [whole["ts"]]
    assert "was cut off and is left out" in kept.trouble
    assert a_kept(path)[1].trouble == "", "the file is whole again"


def test_a_file_cut_at_any_place_gives_a_sandbox_that_starts(path: Path) -> None:
    slack, _ = a_kept(path)
    live(slack)
    data, dice = path.read_bytes(), random.Random(3)
    for place in sorted(dice.sample(range(len(data)), 40)):
        path.write_bytes(data[:place])
        again, kept = a_kept(path)
        assert len(again.posted()) <= len(slack.posted())
        assert kept.trouble or data[place - 1 : place] == b"\n"


def test_damage_in_the_middle_leaves_what_came_before_and_counts_the_rest(path: Path) -> None:
    slack, _ = a_kept(path)
    for number in range(5):
        call(slack, "chat.postMessage", channel="U0ANA", text=f"Message {number}")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[-3] = b"\0" * 20 + b"\n"
    path.write_bytes(b"".join(lines))

    again, kept = a_kept(path)

    assert [one.text for one in again.posted()] == ["Message 0", "Message 1"]
    assert f"damaged from line {len(lines) - 2} on" in kept.trouble and "3 later changes are missing" in kept.trouble


@pytest.mark.parametrize("head", [b'{"sandbox":0}\n{"dms":{"U0ANA":"D1"}}\n', b"not ours\n", b""])
def test_a_file_of_another_version_or_of_nobody_is_not_gone_on_from_and_says_so(path: Path, head: bytes) -> None:
    path.write_bytes(head)
    slack, kept = a_kept(path)
    assert not kept.past.is_usable
    assert kept.trouble.endswith("so the sandbox starts with nothing.")
    assert slack.state.dms == {}
    assert call(slack, "chat.postMessage", channel="U0ANA", text="Hello")["ok"]


def test_a_full_disk_is_said_once_and_the_sandbox_goes_on_without(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slack, kept = a_kept(path)

    def full(_file: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("bot.sandbox.journal.os.write", full)
    assert call(slack, "chat.postMessage", channel="U0ANA", text="Hello")["ok"]
    assert "cannot be written (No space left on device): from now on nothing is kept" in kept.trouble
    assert not path.exists(), "half a past would mislead the next one"


def test_a_file_that_has_grown_long_is_written_anew_with_the_same_in_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LONG_BYTES", 20_000)
    slack, _ = a_kept(path)
    answer = call(slack, "chat.postMessage", channel="U0ANA", text="Hello")
    sizes = []
    for number in range(300):
        call(slack, "chat.update", channel=answer["channel"], ts=answer["ts"], text=f"{number} " + "x" * 200)
        sizes.append(path.stat().st_size)
    assert any(later < sooner for sooner, later in pairwise(sizes))
    assert max(sizes) < 60_000
    assert remembered(a_kept(path)[0]) == remembered(slack)


def test_nothing_is_kept_unless_asked(tmp_path: Path) -> None:
    slack = Slack(people=some_people())
    call(slack, "chat.postMessage", channel="U0ANA", text="Hello")
    assert type(slack.state.views) is dict
    assert list(tmp_path.iterdir()) == []


def test_every_line_of_the_file_is_json(path: Path) -> None:
    slack, _ = a_kept(path)
    live(slack)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines[0]["sandbox"] == 1
    assert any(BOT_TOKEN in line.get("installs.tokens", {}) for line in lines)
