"""What the buttons and forms of flags carry: this module writes these values and reads them back; numbers only.

Who may see the flag, who owns it and whether the step exists is asked again at each tap.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_FLAG = re.compile(r"([0-9]{1,9}):([lcn]):([0-9]{0,3})", re.ASCII)
_FORM = re.compile(r"([0-9]{1,9}):([lcn]):([0-9]{0,3})(?:\|(\S{0,900}))?", re.ASCII)


class Shown(StrEnum):
    """Where a card stands, and so what is redrawn: the list, one card, or nothing, as under a notice."""

    LIST = "l"
    CARD = "c"
    NOTICE = "n"


@dataclass(frozen=True)
class FlagValue:
    """Which flag, where it is shown, and which step."""

    flag_id: int
    shown: Shown = Shown.CARD
    number: int = 0

    def encode(self) -> str:
        """Return the button's value."""
        return f"{self.flag_id}:{self.shown}:{self.number or ''}"

    @classmethod
    def decode(cls, value: str) -> "FlagValue | None":
        """Return the value read back, or None for anything that we did not write."""
        found = _FLAG.fullmatch(value)
        return cls(int(found[1]), Shown(found[2]), int(found[3] or 0)) if found else None


@dataclass(frozen=True)
class FlagOrigin:
    """The card from which a form was opened, and where that card can be redrawn."""

    flag: FlagValue
    response_url: str = ""

    def encode(self) -> str:
        """Return what travels with the form."""
        return f"{self.flag.encode()}|{self.response_url}"

    @classmethod
    def decode(cls, value: str) -> "FlagOrigin | None":
        """Return the origin read back, or None for anything that we did not write."""
        found = _FORM.fullmatch(value)
        flag = FlagValue(int(found[1]), Shown(found[2]), int(found[3] or 0)) if found else None
        return cls(flag, found[4] or "") if flag and found else None
