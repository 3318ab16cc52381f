"""Who this database is: this module refuses a wrong key, and holds a copy or a restored backup until told."""

import hashlib
import hmac
import uuid
from datetime import timedelta

from nudges.errors import StorageError, WrongKey
from nudges.services.barriers.periods import zone
from nudges.services.core import Core
from nudges.store import homes, instance
from nudges.store.instance import Instance
from nudges.store.marker import Marker

COPIED = "copied"  # the hold reason of a copy or a restored backup


def claim_identity(core: Core, *, workspace_name: str, marker: Marker | None) -> None:
    """Count this start; WrongKey for another key. A database that is not where it was last starts held.

    A SQLite file is told by the marker beside it, a PostgreSQL database by the numbers its server gave it.
    """
    with core.db.begin() as session:
        known = instance.instance(session)
        if known is None:
            known = _new_instance(core)
            instance.create_instance(session, known)
        if known.key_fingerprint != fingerprint(core.key):
            raise WrongKey
        instance.ensure_workspace(session, core.workspace_id, workspace_name)
        epoch = instance.advance_epoch(session)
        # Counting the start was the first write to the row: whoever starts at the same moment waits for this one.
        has_moved = instance.move_home(session, homes.home(session))
        if has_moved or (marker is not None and epoch > 1 and _is_copy(known, marker)):
            # All that it serves, now: from here on it counts as being at home here.
            for one in instance.workspaces(session):
                instance.hold(session, one.workspace_id, reason=COPIED, now=core.clock())
        # Before the commit: a crash in between leaves the marker one ahead, which counts as the original.
        _remember(marker, known, epoch)


def fingerprint(key: bytes) -> str:
    """Return what tells one key from another without telling the key."""
    return hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()[:16]


def _new_instance(core: Core) -> Instance:
    today = core.clock().astimezone(zone(core)).date()
    monday = today - timedelta(days=today.weekday())
    return Instance(uuid.uuid4().hex, 0, fingerprint(core.key), monday)


def _is_copy(known: Instance, marker: Marker) -> bool:
    seen = marker.read()
    if seen is None or seen.get("instance_id") != known.instance_id or seen.get("inode") != marker.inode():
        return True
    return seen.get("epoch") not in (known.epoch, known.epoch + 1)


def _remember(marker: Marker | None, known: Instance, epoch: int) -> None:
    if marker is None:
        return
    try:
        marker.write(instance_id=known.instance_id, epoch=epoch)
    except OSError as error:
        raise StorageError(f"The folder of the database cannot be written to ({error.strerror}).") from error
