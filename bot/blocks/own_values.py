"""What the buttons of Home and of a nudge's menu carry: this module writes these values and reads them back."""

import re
from dataclasses import dataclass

from bot.blocks.actions import ActionId

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)
_LONGEST = 300
# What stands in the menu under a nudge: nothing else is done for it, whatever a payload says.
MENU = (ActionId.PAUSE_ME, ActionId.FEWER_ME, ActionId.HOURS_ME, ActionId.TOPICS_ME, ActionId.STOP_ME)


@dataclass(frozen=True)
class SavedValue:
    """Which nudge of which campaign."""

    campaign_id: int
    nudge_key: str

    def encode(self) -> str:
        """Return the button's value."""
        return f"{self.campaign_id}:{self.nudge_key}"

    @classmethod
    def decode(cls, value: str) -> "SavedValue | None":
        """Return the value read back, or None for anything that we did not write."""
        campaign_id, _, nudge_key = value[:_LONGEST].partition(":")
        is_ours = re.fullmatch(r"[0-9]{1,15}", campaign_id, re.ASCII) and _NAME.fullmatch(nudge_key)
        return cls(int(campaign_id), nudge_key) if is_ours else None


@dataclass(frozen=True)
class PlaybookValue:
    """Which playbook was voted for."""

    playbook: str

    def encode(self) -> str:
        """Return the option's value."""
        return self.playbook

    @classmethod
    def decode(cls, value: str) -> "PlaybookValue | None":
        """Return the value read back, or None for anything that we did not write."""
        return cls(value) if _NAME.fullmatch(value) else None


@dataclass(frozen=True)
class PageValue:
    """Which page of what is stored."""

    page: int

    def encode(self) -> str:
        """Return the button's value."""
        return str(self.page)

    @classmethod
    def decode(cls, value: str) -> "PageValue | None":
        """Return the value read back, or None for anything that we did not write."""
        return cls(int(value)) if re.fullmatch(r"[0-9]{1,4}", value, re.ASCII) else None


@dataclass(frozen=True)
class MenuValue:
    """Which line of the menu was chosen, and what its own button would carry."""

    action: ActionId
    value: str = ""

    def encode(self) -> str:
        """Return the option's value."""
        return f"{self.action}:{self.value}" if self.value else self.action.value

    @classmethod
    def decode(cls, value: str) -> "MenuValue | None":
        """Return the value read back, or None for anything that is not in the menu."""
        name, _, rest = value[:_LONGEST].partition(":")
        return cls(ActionId(name), rest) if name in set(MENU) else None
