"""What a preview shows of a nudge: this module is its Block Kit, its notification and its words about whose eyes."""

from dataclasses import dataclass
from typing import Any

from bot.blocks.messages import fallback_text, message_blocks
from nudges.domain.checks.findings import Finding
from nudges.domain.delivery.previews import PreviewState
from nudges.services.authoring.preview_nudge import Preview

STATE_NAMES = {
    PreviewState.FRESH: "as it arrives",
    PreviewState.ANSWERED: "answered, right",
    PreviewState.WRONG: "answered, another choice",
    PreviewState.SCENE: "after the second answer",
    PreviewState.USEFUL: "marked useful",
    PreviewState.REPORTED: "reported what is in the way",
}


@dataclass(frozen=True)
class State:
    """The message once the reader has done something with it."""

    name: str
    blocks: list[dict[str, Any]]
    spoken: str


@dataclass(frozen=True)
class Card:
    """One nudge ready to be drawn."""

    nudge: str
    kind: str
    when: str
    language: str
    states: tuple[State, ...]
    findings: tuple[Finding, ...]


def card_of(preview: Preview, *states: PreviewState) -> Card:
    """Return the nudge in these states, or in all that it has."""
    kept = [state for state in (states or tuple(PreviewState)) if states or state in preview.messages]
    return Card(
        nudge=preview.nudge,
        kind=preview.kind,
        when=preview.when,
        language=preview.language,
        states=tuple(_state(preview, state) for state in kept),
        findings=preview.findings,
    )


def reader_line(preview: Preview) -> str:
    """Return whose eyes it is seen with: "Ana, Billing Lisbon, segment customer-service, English (an example)"."""
    person = preview.reader.person
    name = person.first_name or person.person_id
    place = "" if person.place in person.team else person.place
    parts = [name, person.team, place, f"segment {preview.reader.segment}", language_name(preview.language)]
    said = ", ".join(part for part in parts if part)
    return said if preview.reader.is_real else f"{said} (an example person)"


def language_name(code: str) -> str:
    """Return "German" for `de`; a code that nobody knows as it is."""
    from babel.core import Locale, UnknownLocaleError  # slow to load, and `--help` does without

    try:
        return str(Locale.parse(code.replace("-", "_")).english_name or code)
    except (UnknownLocaleError, ValueError):
        return code


def as_json(preview: Preview, *states: PreviewState) -> dict[str, Any]:
    """Return the nudge for machines."""
    card = card_of(preview, *states)
    return {
        "playbook": preview.playbook,
        "nudge": card.nudge,
        "kind": card.kind,
        "when": card.when,
        "zone": preview.zone,
        "reader": {
            "name": preview.reader.person.first_name,
            "segment": preview.reader.segment,
            "language": preview.language,
            "is_real": preview.reader.is_real,
        },
        "states": [{"state": one.name, "notification": one.spoken, "blocks": one.blocks} for one in card.states],
        "findings": [finding.as_json() for finding in card.findings],
    }


def _state(preview: Preview, state: PreviewState) -> State:
    message = preview.message(state)
    blocks = [block.to_dict() for block in message_blocks(message)]
    return State(STATE_NAMES[state], blocks, fallback_text(message))
