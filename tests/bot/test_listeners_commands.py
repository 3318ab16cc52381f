"""`/nudge ...`: who may do what, what is answered, and that publishing happens once."""

import json
from contextlib import nullcontext
from typing import Any

import pytest

from bot.blocks.actions import ActionId, CallbackId
from bot.listeners import access
from bot.listeners.access import is_allowed
from bot.listeners.buttons import BUTTONS
from bot.listeners.command_table import CHANGES, READINGS
from bot.listeners.command_words import ALL_NAMES, Words, read
from bot.listeners.commands import EDIT, FORGET
from nudges.domain.measuring.views import Role
from nudges.errors import NotAllowed
from nudges.services.measuring import read_status
from nudges.services.own.glass_box import my_data
from nudges.services.own.preferences import wishes_of
from tests.bot.office import ADMIN, ANA, AUTHOR, Office, blocks_text

READ_BY_HELPERS = {
    "status": "How it is going",
    "campaigns": "find-an-expert",
    "campaign find-an-expert": "4 of 4",
    "people customer-service": "2 people",
    "barriers": "No group has an open flag",
    "needs": "What people lack",
    "publish find-an-expert": "find-an-expert-2",
    "health": "Is everything running?",
}
READ_BY_ALL = {
    "help": "What I can do",
    "why": "customer-service",
    "my-data": "From Slack and the people file",
    "": "What",
}


def answered(office: Office, person_id: str, text: str) -> dict[str, Any]:
    """Return what came with the acknowledgement, else what was posted after it."""
    answer = office.command(person_id, text)
    assert answer.status == 200
    return json.loads(answer.body) if answer.body else office.posted(1)[-1]


@pytest.mark.parametrize("text", READ_BY_HELPERS)
@pytest.mark.parametrize("person_id", [ADMIN, AUTHOR])
def test_admins_and_authors_are_answered_where_only_they_see_it(office: Office, person_id: str, text: str) -> None:
    said = answered(office, person_id, text)
    assert said["response_type"] == "ephemeral"
    assert READ_BY_HELPERS[text] in said["text"]


@pytest.mark.parametrize("text", [*READ_BY_HELPERS, "pause all", "pause find-an-expert", "resume all"])
def test_others_are_refused_kindly_and_told_whom_to_ask(office: Office, text: str) -> None:
    said = answered(office, ANA, text)
    assert said["response_type"] == "ephemeral"
    assert "To get access, ask <@U0AMIR>" in said["text"]
    assert len(read_status.campaign_list(office.core)) == 1
    assert read_status.campaign(office.core, "find-an-expert").status == "live"


@pytest.mark.parametrize("text", READ_BY_ALL)
def test_everybody_may_ask_about_themselves(office: Office, text: str) -> None:
    assert READ_BY_ALL[text] in answered(office, ANA, text)["text"]


def test_help_shows_only_what_one_may_use(office: Office) -> None:
    assert "status" not in answered(office, ANA, "help")["text"]
    office.posts.clear()
    assert "status" in answered(office, ADMIN, "help")["text"]


@pytest.mark.parametrize("text", ["pause 14", "pause 14d", "pause 14 days", "PAUSE 2 weeks", "  pause   14  "])
def test_a_pause_of_two_weeks_holds_and_says_until_when(office: Office, text: str) -> None:
    said = answered(office, ANA, text)["text"]
    assert "Paused until Tue 26 Jan, 09:00 (Europe/Lisbon)" in said
    assert wishes_of(office.core, ANA).paused_until is not None


@pytest.mark.parametrize("text", ["pause 0", "pause 366", "pause 9999"])
def test_a_pause_that_makes_no_sense_is_explained(office: Office, text: str) -> None:
    assert "from 1 to 365 days" in answered(office, ANA, text)["text"]
    assert wishes_of(office.core, ANA).paused_until is None


def test_stop_and_start_and_resume_alone(office: Office) -> None:
    assert "Stopped" in answered(office, ANA, "stop")["text"]
    assert wishes_of(office.core, ANA).is_stopped
    assert "back in" in answered(office, ANA, "resume")["text"]
    assert not wishes_of(office.core, ANA).is_stopped
    answered(office, ANA, "pause")
    assert "back in" in answered(office, ANA, "start")["text"]
    assert wishes_of(office.core, ANA).paused_until is None


def test_everything_is_paused_at_once_and_goes_on_when_told(office: Office) -> None:
    assert "Everything is paused" in answered(office, ADMIN, "pause ALL")["text"]
    assert read_status.campaign(office.core, "find-an-expert").status == "paused"
    assert "Nothing to change" in answered(office, ADMIN, "pause find-an-expert")["text"]
    assert "find-an-expert" in answered(office, AUTHOR, "resume find-an-expert")["text"]
    assert read_status.campaign(office.core, "find-an-expert").status == "live"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("campaign find-an-expret", "Did you mean find-an-expert?"),
        ("pause nothing-of-the-kind", "`/nudge campaigns` lists the names."),
        ("people customer-servce", "Did you mean `/nudge people customer-service`?"),
        ("publish fnd-an-expert", "Did you mean find-an-expert?"),
        ("campaign", "`/nudge campaign &lt;name&gt;`"),
        ("publish", "`/nudge publish &lt;playbook&gt;`"),
        ("staus", "Did you mean `/nudge status`?"),
        ("<!channel>", "I do not know `&lt;!channel&gt;`"),
    ],
)
def test_what_is_not_known_is_explained_with_the_nearest(office: Office, text: str, said: str) -> None:
    assert said in blocks_text(answered(office, ADMIN, text)["blocks"])


def test_an_unknown_word_offers_only_what_the_person_may_use(office: Office) -> None:
    assert "status" not in answered(office, ANA, "staus")["text"]
    assert "`/nudge pause`" in blocks_text(answered(office, ANA, "pase")["blocks"])


def test_publishing_shows_the_plan_first_and_happens_once_however_often_it_is_pressed(office: Office) -> None:
    shown = answered(office, AUTHOR, "publish find-an-expert")
    button = next(block for block in shown["blocks"] if block["type"] == "actions")["elements"][0]
    assert len(read_status.campaign_list(office.core)) == 1
    office.click(ANA, button["action_id"], button["value"])
    assert "To get access" in office.posted(2)[-1]["text"]
    for _ in range(3):
        office.click(AUTHOR, button["action_id"], button["value"])
    done = office.posted(5)[2:]
    assert all(post["replace_original"] for post in done)
    assert sum("is published as" in post["text"] for post in done) == 1
    assert len(read_status.campaign_list(office.core)) == 2


def test_forget_me_asks_first(office: Office) -> None:
    assert office.command(ANA, "forget-me").status == 200
    assert "Erase everything" in blocks_text(office.called("views.open")[0]["view"])
    assert my_data(office.core, ANA)["nudges"]


def test_every_handler_has_a_least_role_and_no_rule_is_without_a_handler() -> None:
    assert {*CHANGES, *READINGS, FORGET, EDIT} == set(access.COMMANDS)
    assert set(BUTTONS) == set(access.ACTIONS) == set(ActionId)
    assert set(access.FORMS) == {callback.value for callback in CallbackId} - {CallbackId.NOTE.value}
    assert {name for name in access.COMMANDS if "_" not in name} | {"resume"} == set(ALL_NAMES)


@pytest.mark.parametrize("person_id", [ANA, AUTHOR, ADMIN, "U0NOBODY", ""])
def test_each_handler_lets_in_exactly_those_with_its_role(office: Office, person_id: str) -> None:
    checks: list[tuple[Any, Any, Role]] = [
        *((access.check_command, name, least) for name, least in access.COMMANDS.items()),
        *((access.check_action, name, least) for name, least in access.ACTIONS.items()),
        *((access.check_form, name, least) for name, least in access.FORMS.items()),
    ]
    for check, name, least in checks:
        needed = {Role.EMPLOYEE: (person_id,), Role.AUTHOR: (AUTHOR, ADMIN)}.get(least, (ADMIN,))
        may = bool(person_id) and person_id in needed
        with nullcontext() if may else pytest.raises(NotAllowed):
            check(office.core, person_id, name)


@pytest.mark.parametrize(
    ("least", "allowed"),
    [(Role.EMPLOYEE, "EAD"), (Role.AUTHOR, "AD"), (Role.APPROVER, "D"), (Role.ADMIN, "D"), (None, "")],
)
def test_a_role_may_do_its_own_and_everything_below(office: Office, least: Role | None, allowed: str) -> None:
    people = {"E": ANA, "A": AUTHOR, "D": ADMIN}
    assert "".join(mark for mark, person in people.items() if is_allowed(office.core, person, least)) == allowed
    assert not is_allowed(office.core, "", least)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", Words("help")),
        ("?", Words("help")),
        ("Help", Words("help")),
        ("/nudge status", Words("status")),
        ("pause", Words("pause")),
        ("pause 7", Words("pause", "7")),
        ("pause all", Words("pause_campaign", "all")),
        ("pause `find-an-expert`", Words("pause_campaign", "find-an-expert")),
        ("resume", Words("start")),
        ("resume all", Words("resume_campaign", "all")),
        ("people  Customer   service", Words("people", "Customer service")),
        ("preview payload-basics", Words("preview", "payload-basics")),
    ],
)
def test_words_are_read_as_people_mean_them(text: str, words: Words) -> None:
    assert read(text) == words
