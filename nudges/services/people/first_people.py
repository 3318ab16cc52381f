"""The first reading of people, tried until somebody is there: this module is the job of it.

An organisation installs the app first and lets it into its workspaces later; that must not wait for the next reading.
"""

from nudges.services.core import Core
from nudges.services.people.sync_people import SyncReport, sync_people
from nudges.store import people


def meet_people(core: Core) -> SyncReport | None:
    """Read the directory of a workspace that installed the app and of which nobody is known; else do nothing."""
    if core.token is None:  # the token is a setting: whoever made it is there, and was read at the start
        return None
    with core.db.reading() as session:
        if people.is_anybody_known(session, core.workspace_id):
            return None
    return sync_people(core)
