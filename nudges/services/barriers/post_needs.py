"""Needs on their way to IT: this module posts the list to the address that an admin has set, when it has changed.

The list holds tools, kinds, bands and decisions: nobody who said so, nobody who decided, and no words of anybody.
"""

import hashlib
import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from nudges.domain.barriers.flags import SENSITIVE
from nudges.ports import NotTaken
from nudges.services.barriers.flag_gate import look_at_needs, visible_needs
from nudges.services.barriers.needs import rows, views
from nudges.services.barriers.needs_address import receiver_of
from nudges.services.core import Core
from nudges.services.delivery.notices import tell_first
from nudges.services.people.roles import admins_of
from nudges.store import needs
from nudges.store.needs import PostState

logger = logging.getLogger(__name__)

VERSION = 1
RECEIVER = "needs webhook"  # as whom it looks: nobody, so that what a leader may not see does not go either
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=12)
TELLS_AFTER = 5  # times in vain, after some four hours, an admin is told


def post_needs(core: Core) -> bool:
    """Post the list if it has changed and it is time; return whether it was taken."""
    with core.db.reading() as session:
        state = needs.post_state(session, core.workspace_id)
    receiver = receiver_of(core, state.url)
    if receiver is None:
        return False
    now, body = core.clock(), _body(core)
    told = hashlib.sha256(body).hexdigest()
    if told == state.told or (state.next_at is not None and now < state.next_at) or _is_nothing(body, state):
        return False
    try:
        receiver.post(body, post_id=told[:32])
    except NotTaken as error:
        _later(core, state, now, error)
        return False
    with core.db.begin() as session:
        look_at_needs(session, core, RECEIVER)
        needs.keep_post(session, core.workspace_id, PostState(told, 0, None, now, state.url))
    return True


def _body(core: Core) -> bytes:
    """Return the list as it is posted; groups are named for kinds only that nobody has to be protected from."""
    with core.db.reading() as session:
        found = views(session, core, RECEIVER, visible_needs(session, core, RECEIVER))
    told = rows(replace(one, where=()) if one.kind in SENSITIVE else one for one in found)
    whole = {"type": "nudger.needs", "version": VERSION, "workspace": core.workspace_id, "needs": told}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _is_nothing(body: bytes, state: PostState) -> bool:
    return not state.told and not json.loads(body)["needs"]


def _later(core: Core, state: PostState, now: datetime, error: NotTaken) -> None:
    tries = state.tries + 1
    wait = min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
    logger.warning("needs not taken", extra={"code": error.code, "hint": error.hint, "tries": tries})
    with core.db.begin() as session:
        needs.keep_post(session, core.workspace_id, replace(state, tries=tries, next_at=now + wait))
        if tries == TELLS_AFTER:
            key = f"needs_not_taken:{now.date().isoformat()}"
            values = {"why": error.message}
            tell_first(session, core, admins_of(core), notice_key=key, text_key="notice.needs_not_taken", values=values)
