"""Every request a workspace can make, with the ids of another: nothing of the other is read, changed or said.

A command, button, form or event without its line here fails. Each request is made twice, in a database with the other
workspace and in one without it; what comes back must be the same to the letter, and the other's rows as they were.
NUDGER_SOAK tries a hundred thousand combinations beside the few hundred written down; NUDGER_ROUNDS shortens it.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltContext, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.listeners import register
from bot.listeners.access import ACTIONS, COMMANDS, FORMS
from bot.manifest import EVENT_SCOPES
from nudges.store import campaigns
from tests.bot.every_request import (
    ACTION_VALUES,
    COMMAND_LINES,
    EVENTS,
    FORM_VALUES,
    Case,
    body_of,
    every_case,
    mixed_cases,
)
from tests.bot.office import BOT
from tests.bot.recorders import RecordingClient
from tests.soak import luck
from tests.two_workspaces import (
    CANARY,
    HERE,
    ONLY_THERE,
    PEOPLE,
    THERE,
    Ids,
    Place,
    furnish,
    opened,
    rows_of,
)

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
COMBINATIONS = int(os.environ.get("NUDGER_ROUNDS", "100000")) if IS_SOAK else 100
LOOK_EVERY = 8  # requests between two looks at the other's rows
AT_ONCE = 40  # requests to one copy of the database, before they have made too much of a mess of it
GENERIC = "Something went wrong"  # an error of ours, which tells nobody anything


class AtOnce(ThreadPoolExecutor):
    """Does what comes after an acknowledgement here and now."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **values: Any) -> "Future[Any]":
        work(*args, **values)
        return Future()


@dataclass
class Door:
    """The first workspace's app on one of the databases, and everything that went out of it."""

    place: Place
    client: RecordingClient = field(default_factory=RecordingClient)
    posts: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = AuthorizeResult(enterprise_id=None, team_id=HERE, bot_user_id=BOT, bot_id="B", bot_token="xoxb-test")
        self.app = App(
            signing_secret="s",
            authorize=lambda: known,
            process_before_response=True,
            request_verification_enabled=False,
            listener_executor=AtOnce(max_workers=1),
        )

        def use_recorder(context: BoltContext, next: Callable[[], Any]) -> Any:
            context["client"] = self.client
            return next()

        self.app.use(use_recorder)
        self.door = register(
            self.app, self.place.core, post=lambda url, body: self.posts.append({"url": url, **body}) or True
        )

    def asked(self, body: dict[str, Any]) -> str:
        """Let a request in; return everything that came of it, as one text."""
        self.client.calls.clear()
        self.posts.clear()
        messenger = self.place.messenger
        for kept in (messenger.sent, messenger.updated, messenger.deleted, messenger.previewed):
            kept.clear()  # type: ignore[attr-defined]
        answer = self.door.dispatch(BoltRequest(body=body, mode="socket_mode"))
        went_out = [messenger.sent, messenger.updated, messenger.deleted, messenger.previewed]
        return json.dumps([answer.status, answer.body, self.posts, self.client.calls, went_out], default=str)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("two")
    return folder, furnish(folder)


def faults_of(folder: Path, work: Path, cases: list[Case]) -> list[str]:
    """Make these requests in both databases; return what was read, changed or said of the other workspace."""
    found = []
    with ExitStack() as stack:
        alone, both = (Door(stack.enter_context(opened(folder / name, work / name))) for name in ("alone", "both"))
        before = rows_of(both.place.core.db, THERE)
        own: defaultdict[str, list[str]] = defaultdict(list)  # who is told what they have typed reads their own words
        for number, case in enumerate(cases):
            body = body_of(case, number)
            typed = body.get("event", {}).get("text") or case.value
            own[case.person_id] += [typed, case.value, case.value.partition(" ")[2] or case.value]
            said, plain = both.asked(body), alone.asked(body_of(case, number))
            words = without(said, own[case.person_id])
            found += [f"{case}: another answer than without the other: {said} / {plain}"] * (said != plain)
            found += [f"{case}: words of the other: {said}"] * (CANARY in words.lower() or THERE in words)
            found += [f"{case}: no kind answer: {said}"] * (not is_kind(said))
            if number % LOOK_EVERY == 0 or number == len(cases) - 1:
                after = rows_of(both.place.core.db, THERE)
                changed = [name for name in after if after[name] != before[name]]
                found += [f"{case}, or one of the few before: changed {changed}"] * bool(changed)
                before = after
        written, expected = rows_of(both.place.core.db, HERE), rows_of(alone.place.core.db, HERE)
        for name in written:
            other = set(written[name]) ^ set(expected[name])
            found += [f"{name} differs: {sorted(other)} after {cases}"] * (written[name] != expected[name])
    return found


def without(said: str, words: list[str]) -> str:
    """Return what was said without these words, the longest first since one may be part of another."""
    for word in sorted(words, key=len, reverse=True):
        said = said.replace(word, "")
    return said


def is_kind(said: str) -> bool:
    """Return whether the answer is one of ours, rather than a number to look up in the log."""
    return json.loads(said)[0] == 200 and GENERIC not in said


def test_every_listener_has_its_line() -> None:
    assert set(COMMAND_LINES) == set(COMMANDS)
    assert set(ACTION_VALUES) == set(ACTIONS)
    assert set(FORM_VALUES) == set(FORMS)
    assert set(EVENTS) == set(EVENT_SCOPES)


@pytest.mark.timeout(7200 if IS_SOAK else 180)
def test_with_ids_of_another_workspace_nothing_of_it_is_read_changed_or_said(
    furnished: tuple[Path, Ids], tmp_path: Path
) -> None:
    folder, ids = furnished
    cases = every_case(ids)
    # Forgetting oneself last: there is less to reach afterwards.
    cases.sort(key=lambda case: (case.name in ("forget_form", "app_uninstalled", "tokens_revoked"), case.person_id))
    cases += mixed_cases(ids, COMBINATIONS, seed=luck(5))
    for part in _parts(cases):
        found = faults_of(folder, tmp_path, part)
        assert not found, "\n".join(one[:800] for one in found)
    print(
        f"\n{len(cases)} requests with the ids of another workspace: 0 rows of it read or changed, 0 words of it said"
    )


def test_what_would_leak_is_caught(
    furnished: tuple[Path, Ids], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = campaigns.by_name
    monkeypatch.setattr(campaigns, "by_name", lambda session, _workspace_id, name: found(session, THERE, name))
    cases = [Case("command", "campaign", f"campaign {ONLY_THERE}", PEOPLE[-1])]
    assert any("another answer" in fault for fault in faults_of(furnished[0], tmp_path, cases))


def _parts(cases: list[Case]) -> Iterator[list[Case]]:
    return (cases[start : start + AT_ONCE] for start in range(0, len(cases), AT_ONCE))
