"""The last look before a posting: this module says whether all that a message hangs on still is as it was.

It is asked in the thread that posts, just before. Where the database can tell that nothing at all was committed since
the look before, that look still holds; otherwise everything that waits to be posted is looked at again together.
"""

import threading
from collections.abc import Mapping, Sequence

from nudges.services.answers.note_together import Together
from nudges.services.core import Core
from nudges.store.ahead import standings_of
from nudges.store.stamps import Stamp

Standing = tuple[object, ...]


class LastLooks:
    """The last looks of one batch; its threads ask at the same time."""

    def __init__(self, core: Core, stamp: Stamp, *, since: int | None, known: Mapping[str, Standing]) -> None:
        """Begin with how things stand, as it was looked up after the stamp `since`."""
        self._core = core
        self._stamp = stamp
        self._since = since
        self._known = known
        self._seen: Mapping[str, object] = known
        self._left = set(known)
        self._guard = threading.Lock()
        self._together = Together[str, object](self._look, len(known) or 1)

    def is_as_it_was(self, delivery_id: str) -> bool:
        """Return whether nothing that keeps this one from being posted has been committed since it was made ready."""
        if self._since is None:  # this database gives no stamps
            return self._together.ask(delivery_id) == self._known[delivery_id]
        with self._guard:
            # The stamp is taken before the look, so what is committed during the look is found by the next.
            now = self._stamp()
            if now is None or now != self._since:
                self._seen = dict(zip(wanted := sorted(self._left), self._look(wanted), strict=True))
                self._since = now
            self._left.discard(delivery_id)
            return self._seen.get(delivery_id) == self._known[delivery_id]

    def _look(self, delivery_ids: Sequence[str]) -> list[object]:
        with self._core.db.reading() as session:
            found = standings_of(session, delivery_ids)
        return [found.get(delivery_id) for delivery_id in delivery_ids]
