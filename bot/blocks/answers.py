"""Answers to commands: this module is the short ones, and the shape that all of them share."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from slack_sdk.models.blocks import Block

from bot.blocks.parts import context, divider, header, lines, say, section
from bot.blocks.reading import spoken_blocks
from bot.blocks.times import when
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.measuring.views import Wishes

BLOCKS_A_MESSAGE = 50


@dataclass(frozen=True)
class Answer:
    """What only the person who asked sees: blocks, and the same in words."""

    blocks: tuple[Block, ...]
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", spoken_blocks(self.blocks))


def answer(blocks: Sequence[Block]) -> Answer:
    """Return the answer; more blocks than a message may have would be refused whole, so the last ones go."""
    return Answer(tuple(blocks[:BLOCKS_A_MESSAGE]))


def line_answer(key: str, language: str = DEFAULT_LANGUAGE, **values: object) -> Answer:
    """Return one of our sentences as an answer."""
    return Answer((section(say(key, language, **values)),))


def said_answer(said: str) -> Answer:
    """Return a sentence that is already made as an answer."""
    return Answer((section(said),))


def wishes_answer(wishes: Wishes, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what holds for the person after they paused, stopped or started."""
    if wishes.is_stopped:
        return line_answer("wishes.stopped", language)
    if wishes.paused_until is not None:
        return line_answer("wishes.paused", language, when=when(wishes.paused_until, wishes.zone, language))
    return line_answer("wishes.started", language)


def help_answer(
    everybody: Sequence[str], helpers: Sequence[str], *, days: int, language: str = DEFAULT_LANGUAGE
) -> Answer:
    """Return the commands that this person may use, each with what it does; `days` is the usual pause."""
    blocks: list[Block] = [
        header(text("help.header", language)),
        _help_part("help.yours", everybody, days=days, language=language),
    ]
    if helpers:
        blocks += [divider(), _help_part("help.team", helpers, days=days, language=language)]
    return answer([*blocks, context(say("help.footer", language))])


def _help_part(title: str, names: Sequence[str], *, days: int, language: str) -> Block:
    told = [
        say(
            "help.line",
            language,
            usage=text(f"usage.{name}", language),
            what=text(f"help.{name}", language, days=days),
        )
        for name in names
    ]
    return section(lines([say(title, language), *told]))
