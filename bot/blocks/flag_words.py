"""Words about flags: this module is a kind, and a line of a history, as people read them."""

from bot.blocks.parts import Safe, mention, say
from bot.blocks.times import local_day
from bot.texts import DEFAULT_LANGUAGE, has_text, text
from nudges.domain.barriers.flag_life import Move
from nudges.domain.barriers.flag_views import HistoryLine

_HELPED = (
    "flag.helped.better_4",
    "flag.helped.unclear_4",
    "flag.helped.worse_4",
    "flag.helped.better_8",
    "flag.helped.unclear_8",
    "flag.helped.worse_8",
)


def kind_in_words(kind: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return what a flag is about."""
    key = f"barrier.{kind}" if has_text(f"barrier.{kind}") else f"flag.{kind}"
    return text(key, language) if has_text(key) else kind


def line_in_words(line: HistoryLine, zone: str, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return what happened, when, and by whom where it did not happen by itself."""
    about = mention(line.about_id) or text("barriers.no_owner", language)
    what = say(f"flag.move.{line.what}", language, about=about, detail=_detail(line, language))
    at = local_day(line.at, zone, language)
    if not line.actor_id:
        return say("flag.line", language, day=at, what=what)
    return say("flag.line_by", language, day=at, what=what, who=mention(line.actor_id))


def effect_line(effect: str, language: str = DEFAULT_LANGUAGE) -> list[Safe]:
    """Return what the last look back at a play said, and what that means; nothing before there was one."""
    key = helped_key(effect)
    return [say(key, language)] if key else []


def helped_key(effect: str) -> str:
    """Return the key of what a look back such as `better_8` said; empty before there was one."""
    return next((key for key in _HELPED if effect and key.endswith(f".{effect}")), "")


def _detail(line: HistoryLine, language: str) -> str:
    keys = {Move.DISMISSED: f"flag.reason.{line.detail}", Move.MEASURED: f"flag.effect.{line.detail.partition('_')[0]}"}
    key = keys.get(line.what, "")
    return text(key, language) if key and has_text(key) else line.detail
