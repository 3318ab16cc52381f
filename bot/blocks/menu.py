"""The menu under each nudge: this module is the one tap to pause, get fewer, change hours or topics, or stop."""

from slack_sdk.models.blocks import Option, OverflowMenuElement

from bot.blocks.actions import ActionId, DaysValue
from bot.blocks.own_values import MENU, MenuValue
from bot.blocks.parts import plain
from bot.texts import text
from nudges.domain.delivery.previews import PreviewId

PAUSE_DAYS = 7


def menu(delivery_id: str, language: str) -> OverflowMenuElement:
    """Return the three dots; each line is the button of the same name in Home, and under a preview it does nothing."""
    is_preview = PreviewId.decode(delivery_id) is not None
    options = [_line(action, language, is_preview=is_preview) for action in MENU]
    return OverflowMenuElement(action_id=ActionId.MORE, options=options)


def _line(action: ActionId, language: str, *, is_preview: bool) -> Option:
    days = DaysValue(PAUSE_DAYS).encode() if action is ActionId.PAUSE_ME else ""
    # A preview's own id would be too long for some clients, and any id of a preview keeps from doing anything.
    value = PreviewId("menu", action.value).encode() if is_preview else MenuValue(action, days).encode()
    return Option(text=plain(text(f"menu.{action}", language)), value=value)
