"""A clock that leaps: this module holds the workspace, so that nothing is sent, expired or deleted by a wrong clock.

A long rest looks like a leap forward; beyond half a year somebody should look before anything is sent anyway.
"""

from datetime import timedelta

from nudges.services.core import Core
from nudges.store import instance

LEAPT = "clock"  # the hold reason
LONGEST_REST = timedelta(days=180)  # forward: as long as history is kept
FURTHEST_BACK = timedelta(hours=1)  # corrections of minutes are usual, and do no harm


def is_plausible(core: Core) -> bool:
    """Return whether the clock may be believed, seen from the last tick; hold the workspace while it may not.

    Once the clock is right again the hold ends by itself. Where it was right all along, `nudger resume` says so.
    """
    now = core.clock()
    with core.db.reading() as session:
        here = instance.workspace(session, core.workspace_id)
    if here is None or here.ticked_at is None:
        return True
    has_leapt = not -FURTHEST_BACK <= now - here.ticked_at <= LONGEST_REST
    if has_leapt and not here.hold_reason:
        with core.db.begin() as session:
            instance.hold(session, core.workspace_id, reason=LEAPT, now=now)
    if not has_leapt and here.hold_reason == LEAPT:
        with core.db.begin() as session:
            instance.release_hold(session, core.workspace_id)
    return not has_leapt
