"""Where a workspace's needs go: this module names its own address for them, and the secret that signs what is posted.

Without one of its own a workspace uses the address of the settings, which is for whoever runs this and nobody else. The
secret is made from the installation's key, so that none is kept: another address has another one.
"""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from nudges.domain.barriers.needs_address import is_address
from nudges.errors import NeedsAddressRefused
from nudges.ports import NeedsReceiver
from nudges.services.core import Core
from nudges.store import audit, needs
from nudges.store.needs import PostState

NAMED = "named the address for needs"


@dataclass(frozen=True)
class NeedsAddress:
    """An address and the secret that signs what is posted there; both empty where none was named."""

    url: str = ""
    secret: str = ""


def needs_address(core: Core) -> NeedsAddress:
    """Return the workspace's own address."""
    with core.db.reading() as session:
        url = needs.post_state(session, core.workspace_id).url
    return NeedsAddress(url, _secret(core, url)) if url else NeedsAddress()


def name_address(core: Core, actor_id: str, url: str, *, reaches_inward: bool = False) -> NeedsAddress:
    """Post the list there from now on, whole and soon; an empty one goes back to the settings.

    Raises NeedsAddressRefused for what is no such address.
    """
    if url and not is_address(url, reaches_inward=reaches_inward):
        raise NeedsAddressRefused
    with core.db.begin() as session:
        before = needs.post_state(session, core.workspace_id)
        if before.url != url:
            needs.keep_post(session, core.workspace_id, PostState(url=url))
        where = urlsplit(url).hostname or "none"  # not the whole: some receivers put a key into it
        audit.record(session, core.workspace_id, actor_id=actor_id, action=NAMED, subject=where, now=core.clock())
    return needs_address(core)


def receiver_of(core: Core, url: str) -> NeedsReceiver | None:
    """Return who takes the list of this workspace, or None."""
    if url and core.needs_door is not None:
        return core.needs_door(url, _secret(core, url))
    return None if url else core.needs_receiver


def _secret(core: Core, url: str) -> str:
    told = f"needs:{core.workspace_id}:{url}".encode()
    return hmac.new(core.key, told, hashlib.sha256).hexdigest()
