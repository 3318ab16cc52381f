"""Who came to a workshop: this module is the host's form, within Slack's limits, and what is said of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, CheckboxesElement, InputBlock, Option
from slack_sdk.models.blocks.basic_components import MarkdownTextObject
from slack_sdk.models.views import View

from bot.blocks.actions import CallbackId, InputId
from bot.blocks.forms import note
from bot.blocks.parts import context, lines, mention, plain, say, section
from bot.blocks.times import local_day
from bot.texts import DEFAULT_LANGUAGE, plural, text
from nudges.domain.delivery.presence import Marking, Sheet
from nudges.domain.delivery.taps import Tap

GROUP = 10  # ticks that one field may have
MOST_GROUPS = 96  # of a hundred blocks, beside what is said above and below
SHOWN_MOST = GROUP * MOST_GROUPS
_PLACE = re.compile(r"([0-9]{1,9}):([A-Za-z0-9][A-Za-z0-9_-]{0,99}):(dated|[0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)


@dataclass(frozen=True)
class PlaceValue:
    """Which workshop a button or a form is about."""

    campaign_id: int
    nudge_key: str
    session: str

    def encode(self) -> str:
        """Return what the button or the form carries."""
        return f"{self.campaign_id}:{self.nudge_key}:{self.session}"

    @classmethod
    def decode(cls, value: str) -> "PlaceValue | None":
        """Return the value read back, or None for anything that we did not write."""
        found = _PLACE.fullmatch(value)
        return cls(int(found[1]), found[2], found[3]) if found else None


def field_id(place: int) -> str:
    """Return the id of a field of the form: there are as many as it takes, ten people each."""
    return f"{InputId.CAME}.{place}"


def shown_on(sheet: Sheet) -> tuple[str, ...]:
    """Return whom the form lists: all who had a seat, up to what one form can hold."""
    return tuple(sheet.seated)[:SHOWN_MOST]


def came_form(sheet: Sheet, value: PlaceValue, zone: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the form, or why there is none; who sees what is said stands first."""
    if sheet.marking is not Marking.OPEN or not sheet.seated:
        return came_note(sheet, zone, language)
    shown = shown_on(sheet)
    groups = [shown[start : start + GROUP] for start in range(0, len(shown), GROUP)]
    closes = local_day(sheet.closes_at, zone, language) if sheet.closes_at else ""
    said = [say("came.sees", language), say("came.how", language, title=sheet.title, day=closes)]
    fields = [_group(place, ids, sheet, language) for place, ids in enumerate(groups)]
    left = len(sheet.seated) - len(shown)
    more = [context(plural("came.more", left, language))] if left else []
    return View(
        type="modal",
        callback_id=CallbackId.CAME_FORM,
        title=plain(text("came.title", language), 24),
        submit=plain(text("came.submit", language), 24),
        close=plain(text("form.cancel", language), 24),
        private_metadata=value.encode(),
        blocks=[section(lines(said, "\n\n")), *fields, *more],
    )


def came_note(sheet: Sheet, zone: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return what is said after the form, or instead of it."""
    values = {"title": sheet.title, "came": sheet.came, "of": len(sheet.seated)}
    day = local_day(sheet.closes_at, zone, language) if sheet.closes_at else ""
    name = "nobody" if sheet.marking is Marking.OPEN else sheet.marking.value
    return note(text("came.title", language), [section(say(f"came.{name}", language, **values, day=day))], language)


def _group(place: int, ids: Sequence[str], sheet: Sheet, language: str) -> Block:
    options = {one: _option(one, sheet.seated[one].own, language) for one in ids}
    ticked = [options[one] for one in ids if sheet.seated[one].word == Tap.CAME]
    boxes = CheckboxesElement(action_id=field_id(place), options=list(options.values()), initial_options=ticked or None)
    label = text("came.label" if not place else "came.label_more", language)
    return InputBlock(block_id=field_id(place), label=plain(label), element=boxes, optional=True)


def _option(person_id: str, own: str, language: str) -> Option:
    said = plain(text(f"came.says_{own}", language), 75) if own else None
    return Option(text=MarkdownTextObject(text=mention(person_id)), value=person_id, description=said)
