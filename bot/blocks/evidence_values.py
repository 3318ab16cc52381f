"""What the buttons about evidence carry: this module writes these values and reads them back; never any words."""

import re
from dataclasses import dataclass

from nudges.domain.playbooks.playbook import BarrierKind

_ASK = re.compile(r"ask:([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True)
class HeardValue:
    """Which question back; what it asked about is known to us alone."""

    ask_id: str

    def encode(self) -> str:
        """Return the button's value."""
        return f"ask:{self.ask_id}"

    @classmethod
    def decode(cls, value: str) -> "HeardValue | None":
        """Return the value read back, or None for anything that we did not write."""
        found = _ASK.fullmatch(value)
        return cls(found[1]) if found else None


@dataclass(frozen=True)
class KindValue:
    """Which kind is taken back."""

    kind: BarrierKind

    def encode(self) -> str:
        """Return the button's value."""
        return self.kind.value

    @classmethod
    def decode(cls, value: str) -> "KindValue | None":
        """Return the value read back, or None for anything that we did not write."""
        return cls(BarrierKind(value)) if value in set(BarrierKind) else None
