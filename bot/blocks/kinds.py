"""How-tos, workshops, challenges, polls and what follows from them: this module is their blocks in each state."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.blocks.actions import ActionId, AnswerValue, DeliveryValue, message_block_id
from bot.blocks.parts import Safe, button, context, escape, lines, say, section
from bot.blocks.reading import spoken
from bot.blocks.sessions import seat_taps, session_lines, session_links
from bot.blocks.times import band_bar, band_share
from bot.texts import shown, text
from nudges.domain.delivery.messages import Message
from nudges.domain.delivery.taps import Tap
from nudges.domain.playbooks.kind_shown import KindParts, TapLine, VotesShown
from nudges.domain.playbooks.limits import BUTTON_SHOWN, counted

LETTERS = "ABCDE"
LEADS = ("howto", "workshop", "challenge", "exclusive", "poll", "leader", "reminder", "attendance", "followup")
EXPLAINED = ("challenge", "attendance", "followup", "poll")  # what tapping means is said before
THANKED = ("will_try", "rather_not", "done", "not_yet", "not_for_me", "came", "missed")
SEATS = ("seated", "waiting", "given_back")
_FIRST = (Tap.COMING.value, Tap.WILL_TRY.value)


def kind_lead(message: Message, language: str) -> Safe:
    """Return the line above the text that says what this is; empty for kinds that need none."""
    if _is_promise(message):
        return say("lead.promise", language)
    return say(f"lead.{message.kind}", language, by=message.by) if message.kind in LEADS else Safe("")


def kind_blocks(message: Message) -> list[Block]:
    """Return what stands below the text: steps, when and where, the task, what can be tapped, and what was."""
    parts, language = message.parts, shown(message.language)
    if parts is None:
        return []
    blocks: list[Block] = [section(told, block_id=_id(message, f"kind{n}")) for n, told in enumerate(_told(message))]
    blocks += _lettered(parts)
    buttons = [*_links(message, parts, language), *_taps(message, parts, language)]
    if buttons:
        blocks.append(ActionsBlock(block_id=_id(message, "taps"), elements=buttons))
    after = _after(message, parts, language)
    return [*blocks, *([context(lines(after), block_id=_id(message, "tapped"))] if after else [])]


def kind_said(message: Message) -> list[str]:
    """Return the same for notifications and screen readers."""
    parts, language = message.parts, shown(message.language)
    if parts is None:
        return []
    said = [*(spoken(told) for told in _told(message)), *(spoken(line) for line in _option_lines(parts, language))]
    if parts.video:
        said.append(say("message.opens", language, label=_watch(parts, language), link=parts.video))
    return [*said, *(spoken(line) for line in _after(message, parts, language))]


def _told(message: Message) -> list[Safe]:
    parts, language = message.parts, shown(message.language)
    if parts is None:
        return []
    told = []
    if parts.steps:
        told.append(lines(Safe(f"*{place}.* {step}") for place, step in enumerate(parts.steps, 1)))
    if parts.task:
        told.append(say("challenge.task", language, task=parts.task))
    if parts.session is not None:
        told.append(lines(session_lines(parts.session, language, is_invitation=message.kind == "workshop")))
    return told


def _taps(message: Message, parts: KindParts, language: str) -> list[ButtonElement]:
    if parts.session is not None and message.kind == "workshop":
        wanted: tuple[TapLine, ...] = tuple(TapLine(key) for key in seat_taps(parts.session))
    else:
        wanted = parts.taps if parts.is_open else ()
    labels = _labels(parts, wanted, language)
    if _is_promise(message):
        labels = [text(f"promise.{line.key}", language) for line in wanted]
    buttons = [_tap(message, line, label) for line, label in zip(wanted, labels, strict=True)]
    if message.kind == "poll" and parts.tapped:
        value = DeliveryValue(message.delivery_id).encode()
        buttons.append(button(text("poll.look", language), ActionId.SEE_VOTES, value=value))
    return buttons


def _tap(message: Message, line: TapLine, label: str) -> ButtonElement:
    return button(
        label,
        f"{ActionId.TAP}.{line.key}"[:255],
        value=AnswerValue(message.delivery_id, line.key).encode(),
        style="primary" if line.key in _FIRST else None,
        aloud=line.text if line.text and line.text != label else "",
    )


def _is_promise(message: Message) -> bool:
    return message.involved is not None and message.involved.is_asked


def _labels(parts: KindParts, wanted: tuple[TapLine, ...], language: str) -> list[str]:
    if _needs_letters(parts):
        return [LETTERS[place] for place in range(len(wanted))]
    return [line.text or text(f"tap.{line.key}", language) for line in wanted]


def _needs_letters(parts: KindParts) -> bool:
    # Slack shows about thirty characters of a button; an option must be readable whole.
    return any(counted(escape(line.text)) > BUTTON_SHOWN for line in parts.taps)


def _lettered(parts: KindParts) -> list[Block]:
    if not parts.is_open or not _needs_letters(parts):
        return []
    return [section(lines(_letter_lines(parts)))]


def _letter_lines(parts: KindParts) -> list[Safe]:
    return [Safe(f"*{letter}.* {escape(line.text)}") for letter, line in zip(LETTERS, parts.taps, strict=False)]


def _option_lines(parts: KindParts, language: str) -> list[Safe]:
    options = [line for line in parts.taps if line.text]
    if not options or not parts.is_open:
        return []
    return [escape(text("message.choices", language)), *_letter_lines(parts)]


def _links(message: Message, parts: KindParts, language: str) -> list[ButtonElement]:
    value = DeliveryValue(message.delivery_id).encode()
    found = [("video", _watch(parts, language), parts.video)] if parts.video else []
    if parts.session is not None:
        found += [(name, text(f"session.{name}", language), link) for name, link in session_links(parts.session)]
    return [button(label, f"{ActionId.OPEN_LINK}.{name}", value=value, url=link) for name, label, link in found]


def _watch(parts: KindParts, language: str) -> str:
    return (
        text("howto.watch_minutes", language, minutes=parts.minutes) if parts.minutes else text("howto.watch", language)
    )


def _after(message: Message, parts: KindParts, language: str) -> list[Safe]:
    """What is said once something was tapped; before, what the taps mean."""
    if message.kind == "workshop":
        state = parts.session.state if parts.session is not None else ""
        return [say(f"seat.{state}", language)] if state in SEATS else []
    if not parts.tapped:
        is_told = message.kind in EXPLAINED and bool(parts.taps)
        return [say(f"before.{message.kind}", language, days=parts.days)] if is_told else []
    if message.kind == "poll":
        return [say("poll.voted", language, option=_text_of(parts)), *_votes(parts.votes, language)]
    return [say(f"tapped.{parts.tapped}", language, days=parts.days)] if parts.tapped in THANKED else []


def _text_of(parts: KindParts) -> str:
    return next((line.text for line in parts.taps if line.key == parts.tapped), "")


def _votes(votes: VotesShown | None, language: str) -> list[Safe]:
    if votes is None or not votes.lines:
        return [say("poll.too_few", language)]
    told = [
        say("poll.share", language, bar=band_bar(share), share=band_share(share, language), option=option)
        for option, share in votes.lines
    ]
    return [*told, say("poll.of", language, of=votes.of)]


def _id(message: Message, part: str) -> str:
    parts = message.parts
    session = parts.session if parts is not None else None
    seat = (
        (session.state or ("full" if session.is_full else "free")) + ("over" if session.is_over else "")
        if session
        else ""
    )
    votes = str(len(parts.votes.lines)) if parts is not None and parts.votes else ""
    state = f"{parts.tapped if parts else ''}{seat}{votes}" or "new"
    return message_block_id(message.delivery_id, part, "".join(c for c in state if c.isalnum())[:60], message.language)
