"""Every request a workspace can make, with the ids of another: nothing of the other is read, changed or said.

A command, button, form or event without its line here fails. Each request is made twice, in a database with the other
workspace and in one without it; what comes back must be the same to the letter, and the other's rows as they were.
NUDGER_SOAK tries a hundred thousand combinations beside the few hundred written down; NUDGER_ROUNDS shortens it.
"""

import itertools
import json
import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltContext, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.blocks.draft_values import DraftOrigin
from bot.listeners import register
from bot.listeners.access import ACTIONS, COMMANDS, FORMS
from bot.manifest import EVENT_SCOPES
from nudges.store import campaigns
from tests.bot.office import AFTER_ALL, BOT, RESPONSE_URL
from tests.bot.recorders import RecordingClient
from tests.two_workspaces import (
    BOTH,
    CANARY,
    HERE,
    ONLY_THEM,
    ONLY_THERE,
    PEOPLE,
    QUIZ,
    THERE,
    TIP,
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
PLAYBOOKS = (ONLY_THERE, BOTH)
GENERIC = "Something went wrong"  # an error of ours, which tells nobody anything

# What each request carries. A name with {braces} is filled with each of the other's ids of that sort.
COMMAND_LINES: dict[str, tuple[str, ...]] = {
    "help": ("help",),
    "pause": ("pause 3",),
    "stop": ("stop",),
    "start": ("start",),
    "why": ("why", "why {delivery}"),
    "fewer": ("fewer",),
    "usual": ("usual",),
    "hours": ("hours", "hours 10:00-16:00 mon-thu"),
    "topics": ("topics", "topics only {playbook}"),
    "find": ("find", "find {playbook}", "find where would I ask"),
    "my-data": ("my-data", "my-data {workspace}"),
    "forget-me": ("forget-me",),
    "status": ("status", "status {workspace}"),
    "campaigns": ("campaigns",),
    "campaign": ("campaign {playbook}", "campaign {campaign}"),
    "people": (f"people {ONLY_THEM}", "people customer-service"),
    "barriers": ("barriers", "barriers {flag}"),
    "needs": ("needs", "needs 1"),
    "needs_decision": ("needs adopt 1 because", "needs refuse 2 because"),
    "plan": ("plan {playbook}",),
    "publish": ("publish {playbook}",),
    "approve": ("approve", "approve {playbook}", "approve {approval}"),
    "correct": ("correct {playbook} {nudge}",),
    "recall": ("recall {playbook}", "recall {playbook} {nudge}"),
    "check": ("check", "check {playbook}"),
    "preview": ("preview {playbook}", "preview {playbook} {nudge}", f"preview {ONLY_THERE} {TIP} {ONLY_THEM}"),
    "edit": ("edit {playbook}", "edit {playbook}.yaml", "edit ../playbooks-{workspace}/{playbook}"),
    "results": ("results {playbook}",),
    "stories": ("stories", "stories {story}"),
    "pause_campaign": ("pause {playbook}", "pause all"),
    "resume_campaign": ("resume {playbook}", "resume all"),
    "health": ("health",),
}
ABOUT_ONE = ("{delivery}",)
ABOUT_FLAG = ("{flag}", "{flag}:1")
ABOUT_HEARD = f"ask:{'0' * 32}"
ABOUT_QUESTION = ("{approval}:{hash}",)
ABOUT_CHANGE = ("{playbook}:{nudge}:1", "{playbook}::1")
ABOUT_PREVIEW = ("{playbook}/{nudge}/", f"{{playbook}}/{{nudge}}/{ONLY_THEM}")
ACTION_VALUES: dict[str, tuple[str, ...]] = {
    "answer_quiz": ("{delivery}:channel", "{delivery}:mail", "preview/{playbook}/{nudge}/:channel"),
    "mark_useful": (*ABOUT_ONE, "preview/{playbook}/{nudge}/"),
    "mark_not_for_me": ABOUT_ONE,
    "try_it": ABOUT_ONE,
    "report_barrier": ABOUT_ONE,
    "heard_right": (ABOUT_HEARD,),
    "heard_other": (ABOUT_HEARD,),
    "heard_between_us": (ABOUT_HEARD,),
    "take_back": ("no_time",),
    "why_me": ABOUT_ONE,
    "pause_me": ("7",),
    "stop_me": ("",),
    "start_me": ("",),
    "my_data": ("", "{workspace}"),
    "forget_me": ("",),
    "i_tried": ABOUT_ONE,
    "my_stories": ("", "{story}:{digest}"),
    "agree_story": ("{story}:{digest}",),
    "read_story": ("{story}:1",),
    "publish_playbook": ("{playbook}:{playbook}", "{playbook}:{playbook}:update", "{playbook}:{playbook}-2:again"),
    "approve": ABOUT_QUESTION,
    "decline": ABOUT_QUESTION,
    "correct_messages": ABOUT_CHANGE,
    "recall_messages": ABOUT_CHANGE,
    "dismiss": ("",),
    "ask": ("preview {playbook}", "plan {playbook}", "publish {playbook}", "check {playbook}", "approve {playbook}"),
    "preview_to_me": ABOUT_PREVIEW,
    "preview_to_reviewers": ABOUT_PREVIEW,
    "edit_playbook": ("{playbook}", "{playbook}.yaml"),
    "answer_scene": ABOUT_ONE,
    "check_answer": ABOUT_ONE,
    "find_more": ABOUT_ONE,
    "find_open": ABOUT_ONE,
    "find_save": ABOUT_ONE,
    "find_show": ABOUT_ONE,
    "know_it": ABOUT_ONE,
    "more": ABOUT_ONE,
    "open_link": ABOUT_ONE,
    "who_came": ("{campaign}:together:2027-01-11",),
    "pick": ABOUT_ONE,
    "save_nudge": ABOUT_ONE,
    "see_votes": ABOUT_ONE,
    "show_saved": ABOUT_ONE,
    "tap": ABOUT_ONE,
    "unsave_nudge": ABOUT_ONE,
    "flag_assign": ABOUT_FLAG,
    "flag_dismiss": ABOUT_FLAG,
    "flag_history": ABOUT_FLAG,
    "flag_not_over": ABOUT_FLAG,
    "flag_over": ABOUT_FLAG,
    "flag_show": ABOUT_FLAG,
    "flag_start": ABOUT_FLAG,
    "flag_step": ABOUT_FLAG,
    "flag_take": ABOUT_FLAG,
    "need_decide": ("{flag}",),
    "data_page": ("",),
    "fewer_me": ("",),
    "hours_me": ("",),
    "topics_me": ("",),
    "usual_hours": ("",),
    "usual_me": ("",),
    "vote": ("{playbook}",),
}
FORM_VALUES: dict[str, tuple[str, ...]] = {
    "barrier_form": ("{delivery}", "{delivery}:de", ""),
    "forget_form": ("",),
    "decline_form": ABOUT_QUESTION,
    "report_barrier": ("",),
    "playbook_form": ("{draft}",),
    "tell_form": ("{delivery}", "{delivery}:de", ""),
    "story_list": ("",),
    "story_form": ("{story}:{digest}",),
    "review_form": ("{story}:1",),
    "better_way": ("",),
    "flag_assign_form": ABOUT_FLAG,
    "flag_dismiss_form": ABOUT_FLAG,
    "flag_play_form": ABOUT_FLAG,
    "need_form": ("{flag}",),
    "came_form": ("{campaign}:together:2027-01-11",),
    "hours_form": ("",),
    "topics_form": ("",),
}
EVENTS: dict[str, tuple[str, ...]] = {
    "message.im": ("Ev1", "Ev2"),  # the first is one that the other workspace has seen
    "app_home_opened": ("Ev3",),
    "app_uninstalled": ("Ev4",),
    "tokens_revoked": ("Ev5",),
}


@dataclass(frozen=True)
class Case:
    """One request: of which sort, what it is called, what it carries, and who makes it."""

    sort: str
    name: str
    value: str
    person_id: str
    stray: str = ""  # where another id of the other workspace stands as well


def filled(value: str, ids: Ids) -> Iterator[str]:
    """Give the value with each of the other's ids."""
    draft = DraftOrigin(f"{ONLY_THERE}.yaml", "0" * 64).encode()
    sorts = {
        "delivery": ids.deliveries[:3],
        "playbook": PLAYBOOKS,
        "nudge": (TIP, QUIZ),
        "campaign": (str(ids.campaign),),
        "approval": (str(ids.approval),),
        "hash": (ids.content_hash,),
        "flag": (str(ids.flag),),
        "story": (ids.story,),
        "digest": (ids.digest,),
        "workspace": (THERE,),
        "draft": (draft,),
    }
    wanted = [name for name in sorts if f"{{{name}}}" in value]
    for chosen in itertools.product(*(sorts[name] for name in wanted)):
        yield value.format(**dict(zip(wanted, chosen, strict=True)))


def every_case(ids: Ids) -> list[Case]:
    """Return each line of the tables with each id, by each person for whom it may come out differently."""
    tables = {"command": COMMAND_LINES, "action": ACTION_VALUES, "form": FORM_VALUES, "event": EVENTS}
    return [
        Case(sort, name, value, person_id)
        for sort, table in tables.items()
        for name, values in table.items()
        for template in values
        for value in filled(template, ids)
        for person_id in (PEOPLE[0], PEOPLE[-1])
    ]


def mixed_cases(ids: Ids, count: int, seed: int) -> Iterator[Case]:
    """Give requests put together at random: any value under any name, by anybody, with stray ids elsewhere."""
    dice, plain = random.Random(seed), every_case(ids)
    values = sorted(
        {case.value for case in plain} | set(ids.deliveries) | {f"{ids.work}", f"{ids.flag}:{ids.campaign}"}
    )
    strays = ("", THERE, *ids.deliveries, str(ids.approval), ONLY_THERE)
    for _ in range(count):
        case = dice.choice(plain)
        value = dice.choice(values) if dice.random() < 0.7 else case.value
        if case.sort == "command":
            value = f"{case.name.partition('_')[0]} {value}"
        if case.sort == "event":
            value = case.value
        yield Case(case.sort, case.name, value, dice.choice(PEOPLE), dice.choice(strays))


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


def body_of(case: Case, number: int) -> dict[str, Any]:
    """Return the request as Slack sends it for the first workspace."""
    user = {"id": case.person_id, "team_id": case.stray or HERE}
    common = {"team": {"id": HERE}, "user": user, "api_app_id": "A0TEST", "trigger_id": "t1"}
    if case.sort == "command":
        return {"command": "/nudge", "text": case.value, "user_id": case.person_id, "team_id": HERE,
                "channel_id": case.stray or "D0ANA", "response_url": RESPONSE_URL, "trigger_id": "t1"}  # fmt: skip
    if case.sort == "action":
        block = f"nudge.{case.stray}.body.new.de" if case.stray else "b"
        action = {"type": "button", "action_id": case.name, "block_id": block, "value": case.value, "action_ts": "1.1"}
        place = {"type": "message", "channel_id": "D0ANA", "message_ts": "1.000100"}
        return common | {"type": "block_actions", "container": place, "response_url": RESPONSE_URL, "actions": [action]}
    if case.sort == "form" and case.name == "report_barrier":
        return common | {"type": "shortcut", "callback_id": case.name}
    if case.sort == "form":
        view = {"id": case.stray or "V1", "type": "modal", "callback_id": case.name, "private_metadata": case.value,
                "state": {"values": VALUES_OF.get(case.name, {})}, "team_id": HERE}  # fmt: skip
        return common | {"type": "view_submission", "view": view}
    return {
        "type": "event_callback", "team_id": case.stray or HERE, "api_app_id": "A0TEST",
        "event": event_of(case, number), "event_id": case.value, "event_time": int(AFTER_ALL.timestamp()),
        "authorizations": [{"team_id": HERE, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
    }  # fmt: skip


VALUES_OF: dict[str, dict[str, Any]] = {
    "barrier_form": {
        "barrier_kind": {"barrier_kind": {"selected_option": {"value": "no_time"}}},
        "barrier_words": {"barrier_words": {"value": "no time"}},
    },
    "decline_form": {"decline_why": {"decline_why": {"value": "not now"}}},
    "tell_form": {"story_words": {"story_words": {"value": "words"}}},
    "story_list": {"story": {"story": {"selected_option": {"value": "0" * 32}}}},
    "story_form": {
        "story_words": {"story_words": {"value": "words"}},
        "story_agree": {"story_agree": {"selected_option": {"value": "yes"}}},
    },
    "review_form": {
        "review_words": {"review_words": {"value": "words"}},
        "review_decision": {"review_decision": {"selected_option": {"value": "share"}}},
    },
    "playbook_form": {"draft.0.0": {"draft.0.0": {"value": "playbook: only-there\n"}}},
}


def event_of(case: Case, number: int) -> dict[str, Any]:
    if case.name == "message.im":
        said = ("stop", "start", "pause 3", "help", THERE, "some words")[number % 6]
        return {"type": "message", "channel_type": "im", "channel": "D0ANA", "user": case.person_id, "text": said,
                "ts": "5.1"}  # fmt: skip
    opened_home = {"tab": "home", "user": case.person_id, "channel": "D0ANA"}
    return {"type": case.name} | (opened_home if case.name == "app_home_opened" else {"tokens": {"bot": ["U0BOT"]}})


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
        for number, case in enumerate(cases):
            said, plain = both.asked(body_of(case, number)), alone.asked(body_of(case, number))
            words = said.replace(case.value, "").replace(case.value.partition(" ")[2] or case.value, "")
            found += [f"{case}: another answer than without the other: {said} / {plain}"] * (said != plain)
            found += [f"{case}: words of the other: {said}"] * (CANARY in words.lower() or THERE in words)
            found += [f"{case}: no kind answer: {said}"] * (not is_kind(said))
            if number % LOOK_EVERY == 0 or number == len(cases) - 1:
                after = rows_of(both.place.core.db, THERE)
                changed = [name for name in after if after[name] != before[name]]
                found += [f"{case}, or one of the few before: changed {changed}"] * bool(changed)
                before = after
        written, expected = rows_of(both.place.core.db, HERE), rows_of(alone.place.core.db, HERE)
        found += [f"{name} differs after {cases}" for name in written if written[name] != expected[name]]
    return found


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
    cases += mixed_cases(ids, COMBINATIONS, seed=5)
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
