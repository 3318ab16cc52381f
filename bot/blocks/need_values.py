"""What the buttons and the form of needs carry: this module writes these values and reads them back; numbers only.

Who may see the need is asked again at each tap.
"""

import re
from dataclasses import dataclass

_NEED = re.compile(r"([0-9]{1,9})(?:\|(\S{0,900}))?", re.ASCII)


@dataclass(frozen=True)
class NeedValue:
    """Which need, and where the list it stands in can be redrawn; a button carries no address."""

    number: int
    response_url: str = ""

    def encode(self) -> str:
        """Return the button's value, or what travels with the form."""
        return f"{self.number}|{self.response_url}" if self.response_url else str(self.number)

    @classmethod
    def decode(cls, value: str) -> "NeedValue | None":
        """Return the value read back, or None for anything that we did not write."""
        found = _NEED.fullmatch(value)
        return cls(int(found[1]), found[2] or "") if found else None
