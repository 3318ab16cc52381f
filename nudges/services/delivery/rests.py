"""How long a doubt has stood: this module measures it by a clock that nobody sets.

The wall clock may be moved between the moment a message became unknown and the moment it is looked up; then a rest of
minutes may have been none, the answer may still be on its way, and a message not found now would be posted twice.
So beside the wall clock's word each process asks for a rest that it has itself seen pass.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from nudges.domain.delivery.deliveries import Doubt


class Rests:
    """Remembers since when this process has seen each doubt as it is; a new attempt or reading begins anew."""

    def __init__(self, steady: Callable[[], float]) -> None:
        """Measure by `steady`: seconds that only ever grow, from whatever beginning."""
        self._steady = steady
        self._seen: dict[Doubt, float] = {}

    def see(self, doubts: Iterable[Doubt]) -> None:
        """Note all that is in doubt now; what is not among them is forgotten."""
        now = self._steady()
        self._seen = {doubt: self._seen.get(doubt, now) for doubt in doubts}

    def note(self, doubt: Doubt) -> None:
        """Note one that has just come up."""
        self._seen[doubt] = self._steady()

    def has_rested(self, doubt: Doubt, rest: timedelta) -> bool:
        """Return whether the doubt has been seen as it is for this long."""
        seen = self._seen.get(doubt)
        return seen is not None and self._steady() - seen >= rest.total_seconds()
