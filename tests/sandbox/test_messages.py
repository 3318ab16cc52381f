"""Posting, updating and reading messages: this module tests chat.* and conversations.*."""

import json
from typing import Any

import pytest

from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import TUESDAY, StoppedClock, a_section, call, called, posted, some_buttons, some_people

METADATA = {"event_type": "nudge", "event_payload": {"delivery_id": "d1"}}


def test_posting_to_a_person_opens_the_dm_and_returns_it(slack: Slack) -> None:
    first, second = posted(slack), posted(slack)
    assert first["channel"].startswith("D")
    assert second["channel"] == first["channel"]
    assert call(slack, "conversations.open", users="U0ANA")["channel"]["id"] == first["channel"]


def test_timestamps_are_virtual_and_unique_in_a_channel() -> None:
    slack = Slack(people=some_people(), start=TUESDAY, real=StoppedClock(0))
    stamps = [posted(slack)["ts"] for _ in range(3)]
    assert stamps == ["1791276900.000000", "1791276900.000001", "1791276900.000002"]


@pytest.mark.parametrize(
    "recipient", ["U0NOBODY", "U0GONE", "U0ROBOT", "USLACKBOT", "U0STRANGER", "D0WRONG", "#general"]
)
def test_those_the_app_cannot_write_to_are_refused(slack: Slack, recipient: str) -> None:
    assert call(slack, "chat.postMessage", channel=recipient, text="hi")["error"] == "channel_not_found"


def test_a_person_deactivated_later_gets_nothing_more(slack: Slack) -> None:
    channel = posted(slack)["channel"]
    slack.deactivate("U0ANA")
    assert call(slack, "chat.postMessage", channel=channel, text="hi")["error"] == "channel_not_found"


def test_a_channel_without_the_app_is_refused(slack: Slack) -> None:
    slack.add_channel("C0TALK", name="talk", members=["U0ANA"])
    assert call(slack, "chat.postMessage", channel="C0TALK", text="hi")["error"] == "not_in_channel"


def test_a_closed_messages_tab_is_refused(slack: Slack) -> None:
    slack.state.messages_tab_enabled = False
    assert call(slack, "chat.postMessage", channel="U0ANA", text="hi")["error"] == "messages_tab_disabled"


def test_json_arguments_may_be_texts(slack: Slack) -> None:
    sent = posted(slack, blocks=json.dumps([a_section()]), metadata=json.dumps(METADATA))
    assert sent["message"]["blocks"][0]["text"]["text"] == "Hello"
    assert sent["message"]["metadata"] == METADATA


def test_json_that_is_none_is_refused(slack: Slack) -> None:
    assert call(slack, "chat.postMessage", channel="U0ANA", text="hi", blocks="[{")["error"] == "invalid_blocks_format"
    refused = call(slack, "chat.postMessage", channel="U0ANA", text="hi", metadata="{")
    assert refused["error"] == "invalid_metadata_format"


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "x"}, "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": {}, "more": 1}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"a": "b" * 9_000}}, "metadata_too_large"),
    ],
)
def test_bad_metadata_is_refused(slack: Slack, metadata: dict[str, Any], error: str) -> None:
    assert call(slack, "chat.postMessage", channel="U0ANA", text="hi", metadata=metadata)["error"] == error


def test_markdown_text_goes_alone(slack: Slack) -> None:
    refused = call(slack, "chat.postMessage", channel="U0ANA", text="hi", markdown_text="*hi*")
    assert refused["error"] == "markdown_text_conflict"


def test_a_long_text_arrives_as_several_messages_and_one_timestamp(slack: Slack) -> None:
    sent = posted(slack, text="x" * 9_000)
    messages = called(slack, "conversations.history", channel=sent["channel"])["messages"]
    assert [len(message["text"]) for message in messages] == [1_000, 4_000, 4_000]
    assert messages[-1]["ts"] == sent["ts"]
    assert len(slack.posted()) == 1


def test_the_ground_truth_counts_deliveries(slack: Slack) -> None:
    sent = posted(slack, metadata=METADATA)
    truth = slack.posted()[0]
    assert (truth.delivery_id, truth.channel, truth.user, truth.ts) == ("d1", sent["channel"], "U0ANA", sent["ts"])


def test_an_update_keeps_the_place_and_the_metadata(slack: Slack) -> None:
    first = posted(slack, blocks=[a_section()], metadata=METADATA)
    posted(slack, text="second")
    called(slack, "chat.update", channel=first["channel"], ts=first["ts"], text="changed")
    history = called(slack, "conversations.history", channel=first["channel"], include_all_metadata=True)
    newest, oldest = history["messages"]
    assert newest["text"] == "second"
    assert (oldest["text"], oldest["ts"], oldest["metadata"]) == ("changed", first["ts"], METADATA)
    assert "blocks" not in oldest
    assert "edited" in oldest


def test_an_update_with_blocks_shows_no_edited_mark(slack: Slack) -> None:
    first = posted(slack)
    changed = called(slack, "chat.update", channel=first["channel"], ts=first["ts"], text="x", blocks=[a_section()])
    assert "edited" not in changed["message"]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"ts": "1.1", "text": "x"}, "message_not_found"),
        ({"text": "x" * 4_001}, "msg_too_long"),
        ({"text": " "}, "no_text"),
        ({"channel": "U0ANA", "text": "x"}, "channel_not_found"),
    ],
)
def test_an_impossible_update_is_refused(slack: Slack, args: dict[str, str], error: str) -> None:
    first = posted(slack)
    refused = call(slack, "chat.update", **{"channel": first["channel"], "ts": first["ts"], **args})
    assert refused["error"] == error


def test_the_words_of_a_person_cannot_be_updated(slack: Slack) -> None:
    slack.do.message("U0ANA", "mine")
    channel = call(slack, "conversations.open", users="U0ANA")["channel"]["id"]
    ts = called(slack, "conversations.history", channel=channel)["messages"][0]["ts"]
    assert call(slack, "chat.update", channel=channel, ts=ts, text="x")["error"] == "cant_update_message"


def test_a_deleted_message_is_gone_for_good(slack: Slack) -> None:
    message = posted(slack)
    where = {"channel": message["channel"], "ts": message["ts"]}
    assert call(slack, "chat.delete", **where) == {"ok": True, **where}
    assert call(slack, "conversations.history", channel=message["channel"])["messages"] == []
    assert call(slack, "chat.delete", **where)["error"] == "message_not_found"


@pytest.mark.parametrize(
    ("args", "error"), [({"channel": "D0WRONG"}, "channel_not_found"), ({"ts": "1.000000"}, "message_not_found")]
)
def test_an_impossible_deletion_is_refused(slack: Slack, args: dict[str, str], error: str) -> None:
    message = posted(slack)
    where = {"channel": message["channel"], "ts": message["ts"]}
    assert call(slack, "chat.delete", **(where | args))["error"] == error


def test_the_words_of_a_person_cannot_be_deleted(slack: Slack) -> None:
    channel = posted(slack)["channel"]
    slack.do.message("U0ANA", "mine")
    (theirs,) = [
        one for one in call(slack, "conversations.history", channel=channel)["messages"] if one["text"] == "mine"
    ]
    assert call(slack, "chat.delete", channel=channel, ts=theirs["ts"])["error"] == "cant_delete_message"


def test_an_ephemeral_message_is_in_no_history(slack: Slack) -> None:
    channel = posted(slack)["channel"]
    called(slack, "chat.postEphemeral", channel=channel, user="U0ANA", text="only you")
    assert len(called(slack, "conversations.history", channel=channel)["messages"]) == 1
    refused = call(slack, "chat.postEphemeral", channel=channel, user="U0BEN", text="not here")
    assert refused["error"] == "user_not_in_channel"


def test_metadata_comes_back_only_when_asked_for(slack: Slack) -> None:
    channel = posted(slack, metadata=METADATA)["channel"]
    assert "metadata" not in called(slack, "conversations.history", channel=channel)["messages"][0]


def test_a_history_is_paged_newest_first(slack: Slack) -> None:
    stamps = [posted(slack, text=str(n))["ts"] for n in range(5)]
    channel, cursor, found = call(slack, "conversations.open", users="U0ANA")["channel"]["id"], "", []
    while True:
        page = called(slack, "conversations.history", channel=channel, limit=2, cursor=cursor)
        found += [message["ts"] for message in page["messages"]]
        if not page["has_more"]:
            break
        cursor = page["response_metadata"]["next_cursor"]
    assert found == list(reversed(stamps))


def test_the_span_of_a_history_leaves_its_ends_out_unless_inclusive(slack: Slack) -> None:
    first, second, third = (posted(slack) for _ in range(3))
    span = {"channel": first["channel"], "oldest": first["ts"], "latest": third["ts"]}
    inner = called(slack, "conversations.history", **span)["messages"]
    assert [message["ts"] for message in inner] == [second["ts"]]
    assert len(called(slack, "conversations.history", **span, inclusive="1")["messages"]) == 3


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"cursor": "???"}, "invalid_cursor"),
        ({"oldest": "x"}, "invalid_ts_oldest"),
        ({"latest": "x"}, "invalid_ts_latest"),
    ],
)
def test_an_impossible_span_is_refused(slack: Slack, args: dict[str, str], error: str) -> None:
    channel = posted(slack)["channel"]
    assert call(slack, "conversations.history", channel=channel, **args)["error"] == error


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("U0NOBODY", "user_not_found"),
        ("U0GONE", "user_disabled"),
        ("U0ROBOT", "invalid_user_combination"),
        ("U0STRANGER", "user_not_visible"),
        (",".join(f"U{n}" for n in range(9)), "too_many_users"),
    ],
)
def test_opening_says_precisely_why_not(slack: Slack, users: str, error: str) -> None:
    assert call(slack, "conversations.open", users=users)["error"] == error


def test_a_permalink_needs_its_message(slack: Slack) -> None:
    sent = posted(slack)
    link = called(slack, "chat.getPermalink", channel=sent["channel"], message_ts=sent["ts"])["permalink"]
    assert link.endswith(f"/{sent['channel']}/p{sent['ts'].replace('.', '')}")
    refused = call(slack, "chat.getPermalink", channel=sent["channel"], message_ts="1.1")
    assert refused["error"] == "message_not_found"


def test_blocks_come_back_with_ids_of_their_own(slack: Slack) -> None:
    blocks = posted(slack, blocks=[a_section(), some_buttons()])["message"]["blocks"]
    assert blocks[0]["block_id"]
    assert blocks[1]["block_id"] == "buttons"


def test_a_reply_needs_the_message_it_answers(slack: Slack) -> None:
    first = posted(slack)
    posted(slack, channel=first["channel"], thread_ts=first["ts"])
    assert len(called(slack, "conversations.history", channel=first["channel"])["messages"]) == 1
    refused = call(slack, "chat.postMessage", channel=first["channel"], text="x", thread_ts="1.1")
    assert refused["error"] == "cannot_reply_to_message"


def test_a_limit_is_a_number(slack: Slack) -> None:
    channel = posted(slack)["channel"]
    assert call(slack, "conversations.history", channel=channel, limit="ten")["error"] == "invalid_arguments"
