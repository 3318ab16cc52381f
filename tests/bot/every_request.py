"""Every request a workspace can make: this module is each command, button, form and event, with ids to fill in."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.blocks.draft_values import DraftOrigin
from tests.bot.office import AFTER_ALL, BOT, RESPONSE_URL
from tests.two_workspaces import (
    BOTH,
    HERE,
    ONLY_THEM,
    ONLY_THERE,
    PEOPLE,
    QUIZ,
    THERE,
    TIP,
    Ids,
)

PLAYBOOKS = (ONLY_THERE, BOTH)

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
