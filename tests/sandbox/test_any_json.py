"""Whatever an app sends is answered, never an exception: this module throws any JSON at the checks."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.block_specs import BLOCKS, ELEMENTS
from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import a_modal, a_section, an_input, call, some_buttons, some_people

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
kinds = st.sampled_from([*BLOCKS, *ELEMENTS, "plain_text", "mrkdwn"])
NAMES = (
    "type text elements element fields options option_groups initial_option initial_options accessory "
    "label block_id action_id placeholder value confirm title rows"
)
names = st.sampled_from(NAMES.split())
anything = st.recursive(
    scalars | kinds,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)


@settings(deadline=None, max_examples=150)
@given(blocks=st.lists(anything, max_size=3), metadata=anything, attachments=anything)
def test_any_message_is_answered(blocks: Any, metadata: Any, attachments: Any) -> None:
    slack = Slack(people=some_people())
    args = {"channel": "U0ANA", "text": "x", "blocks": blocks, "metadata": metadata, "attachments": attachments}
    assert call(slack, "chat.postMessage", **args)["ok"] in (True, False)


@settings(deadline=None, max_examples=150)
@given(data=st.data(), junk=anything)
def test_a_good_view_with_one_thing_replaced_is_answered(data: st.DataObject, junk: Any) -> None:
    slack = Slack(people=some_people())
    view: dict[str, Any] = copy.deepcopy(a_modal(a_section(), some_buttons(), an_input()))
    place: Any = view
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = junk
            break
        place = place[key]
    assert call(slack, "views.open", trigger_id="x", view=view)["ok"] is False


@settings(deadline=None, max_examples=100)
@given(
    name=st.sampled_from(["channel", "text", "ts", "limit", "cursor", "oldest", "user", "users", "view"]), junk=anything
)
def test_any_argument_is_answered(name: str, junk: Any) -> None:
    slack = Slack(people=some_people(), strict=False)
    for method in ("chat.update", "conversations.history", "conversations.open", "users.list", "views.publish"):
        assert "ok" in call(slack, method, **{name: junk})
