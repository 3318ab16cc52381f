"""Whatever Slack tells again: this module tells events up to four times, some for the first time as a retry.

Slack retries at once, after a minute and after five, and says so in a header; an app that drops retries as such loses
what it never heard the first time. `NUDGER_SOAK=1` tells ten thousand.
"""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from slack_bolt import BoltRequest

from bot.blocks.actions import ActionId, AnswerValue, DeliveryValue
from nudges.services.keeping.prune_history import prune_history
from nudges.services.own.glass_box import my_data
from tests.bot.office import ANA, BEN, BOT, RESPONSE_URL, TEAM, Office
from tests.soak import luck, times

TOLD = times(200, 10_000)
ORDERS = [(0,), (0, 1), (0, 1, 2, 3), (1,), (2, 3), (3,), (1, 1), (0, 0), (2, 0, 1), (3, 2, 1, 0)]
REASONS = ("http_timeout", "http_error", "connection_failed", "unknown_error")


def told(body: dict[str, Any], retry: int, *, is_socket: bool) -> BoltRequest:
    """Return a payload as it comes, marked as the retry it is."""
    if is_socket:
        return BoltRequest(body={**body, "retry_attempt": retry}, mode="socket_mode")
    headers: dict[str, Any] = {"content-type": ["application/json"]}
    if retry:
        headers |= {"x-slack-retry-num": [str(retry)], "x-slack-retry-reason": [REASONS[retry]]}
    return BoltRequest(body=json.dumps(body), headers=headers)


def an_event(number: int, person_id: str) -> dict[str, Any]:
    event = {"type": "message", "channel_type": "im", "channel": "D0ANA", "user": person_id,
             "text": f"words number {number}", "ts": f"5.{number:06d}"}  # fmt: skip
    authorizations = [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}]
    return {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0TEST", "event_id": f"Ev{number:08d}",
            "event": event, "authorizations": authorizations}  # fmt: skip


def a_click(person_id: str, action_id: str, value: str) -> dict[str, Any]:
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1"}
    return {
        "type": "block_actions",
        "user": {"id": person_id, "team_id": TEAM},
        "team": {"id": TEAM, "domain": "test"},
        "api_app_id": "A0TEST",
        "container": {"type": "message", "channel_id": "D0ANA", "message_ts": "1.000100"},
        "trigger_id": "t1",
        "response_url": RESPONSE_URL,
        "actions": [action],
    }


def all_told(dice: random.Random) -> Iterator[tuple[int, str, int]]:
    """Give event numbers with whose they are and which retry this is, mixed as redeliveries mix, until enough."""
    waiting: list[tuple[int, str, int]] = []
    number = count = 0
    while count < TOLD or waiting:
        if count < TOLD and (not waiting or dice.random() < 0.5):
            number += 1
            order = dice.choice(ORDERS)
            count += len(order)
            person_id = dice.choice([ANA, BEN])
            yield number, person_id, order[0]
            waiting += [(number, person_id, retry) for retry in order[1:]]
            continue
        yield waiting.pop(dice.randrange(len(waiting)))


def test_each_event_counts_once_however_often_and_as_whichever_retry_it_comes(office: Office) -> None:
    dice = random.Random(luck(18))
    first_told: dict[str, list[str]] = {ANA: [], BEN: []}
    seen: set[int] = set()
    for number, person_id, retry in all_told(dice):
        request = told(an_event(number, person_id), retry, is_socket=dice.random() < 0.5)
        assert office.app.dispatch(request).status == 200
        if number not in seen:
            seen.add(number)
            first_told[person_id].append(f"words number {number}")
        if dice.random() < 0.05:
            office.clock[0] += timedelta(minutes=1)
    office.idle()
    for person_id, words in first_told.items():
        assert [reply["text"] for reply in my_data(office.core, person_id)["typed"]] == words
    lines = [one for name, one in office.client.calls if name == "chat.postMessage"]
    assert len(lines) == len(seen), "each gets one line back"


def test_clicks_told_again_store_one_response_each(office: Office) -> None:
    clicks = [
        a_click(
            ANA, f"{ActionId.ANSWER_QUIZ}.0", AnswerValue(office.delivery("where-would-you-ask"), "channel").encode()
        ),
        a_click(ANA, ActionId.MARK_USEFUL, DeliveryValue(office.delivery("ask-before-you-search")).encode()),
        a_click(BEN, ActionId.MARK_NOT_FOR_ME, DeliveryValue(office.delivery("where-would-you-ask", BEN)).encode()),
    ]
    for body in clicks:
        for retry in (1, 0, 2, 3):
            assert office.app.dispatch(told(body, retry, is_socket=True)).status == 200
    office.idle()
    assert len(my_data(office.core, ANA)["responses"]) == 2
    assert len(my_data(office.core, BEN)["responses"]) == 1


def test_a_retry_within_25_hours_is_known_however_often_old_ones_are_thrown_away(office: Office) -> None:
    office.app.dispatch(told(an_event(1, ANA), 0, is_socket=False))
    for _ in range(24):
        office.clock[0] += timedelta(hours=1)
        prune_history(office.core)
    office.clock[0] += timedelta(minutes=59)
    prune_history(office.core)
    office.app.dispatch(told(an_event(1, ANA), 3, is_socket=False))
    office.idle()
    assert len(my_data(office.core, ANA)["typed"]) == 1
