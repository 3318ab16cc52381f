"""What happened in Slack: this package parses it, calls one service, acknowledges, and shows the answer."""

import logging
import re
from collections.abc import Callable, Collection

from slack_bolt import Ack, App, BoltContext, BoltResponse

from bot.listeners import (
    attendance,
    commands,
    drafting,
    finding,
    flag_forms,
    forms,
    home,
    interactions,
    lifecycle,
    need_forms,
    replies,
    storytelling,
)
from bot.listeners.answering import Desk, Post
from bot.listeners.failing import error_handler
from bot.listeners.light_clicks import Door
from nudges.services.core import Core

logger = logging.getLogger(__name__)


def register(app: App, core: Core, *, post: Post, response_hosts: Collection[str] = ()) -> Door:
    """Put every listener on the app, and return the door to it; answers may go to `response_hosts` besides Slack's."""
    desk = Desk(core, frozenset(response_hosts), post)
    app.use(_at_the_door(core))
    own_forms = (drafting, finding, storytelling, flag_forms, need_forms, attendance)
    for room in (interactions, *own_forms, forms, commands, home, replies, lifecycle):
        room.register(app, desk)
    # An event without a listener would be a failure to Slack, which then repeats it.
    app.event(re.compile(".*"))(_accept)
    app.error(error_handler(desk))
    return Door(app, desk)


def _at_the_door(core: Core) -> Callable[..., BoltResponse | None]:
    def check(context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse | None:
        # Whoever let the request in has found us by the same names; what names nobody has come by no network.
        named = {name for name in (context.team_id, context.enterprise_id) if name}
        if named and core.workspace_id and core.workspace_id not in named:
            logger.warning("request of another workspace refused")
            return BoltResponse(status=200, body="")
        # Bolt's client would send team_id with each call, which none of the methods called here takes.
        context.client.default_params.pop("team_id", None)
        return next()

    return check


def _accept(ack: Ack) -> None:
    ack()
