"""What is stored about somebody, one plain sentence for each record: this module knows which sentence fits which.

A record that no sentence fits is shown as names with values by answers_data.py, so nothing stored is ever left out.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from bot.blocks.parts import Safe, escape, fit, lines, mention, say
from bot.blocks.times import local_time, short_day, when
from bot.texts import DEFAULT_LANGUAGE, has_text, text

LONGEST_VALUE = 140
SURE_ENOUGH = 1.0  # the weight of somebody's own tap; what is less is a guess from their words
Record = Mapping[str, Any]
_LOOKS = {"barrier counts": "barrier_counts", "barriers, by message": "barriers_by_message"}
_NAMED = ("nudge", "question", "campaign", "playbook")  # names with hyphens, as authors write them


def sentence(part: str, record: Record, zone: str, language: str = DEFAULT_LANGUAGE) -> Safe | None:
    """Return the sentence for one record of a part of `my data`; None where there is none, or it asks for more."""
    build = _SENTENCES.get(part)
    keys = build(record) if build else []
    if not keys or not all(has_text(key) for key in keys):
        return None
    values = {name: _short(value, zone, language) for name, value in record.items()}
    named = {name: _name(record[name], language) for name in _NAMED if record.get(name)}
    values |= named | {"nudge": named.get("nudge") or named.get("question", Safe(""))}
    try:
        return lines([say(key, language, **values) for key in keys], " ")
    except KeyError:  # something the sentence names is not known of this record
        return None


def worded(value: Any, zone: str, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return a value as people read it: instants by their clock, people by name, words of ours in their language."""
    if isinstance(value, datetime):
        return escape(when(value, zone, language))
    if isinstance(value, date):
        return escape(short_day(value, language))
    if isinstance(value, bool):
        return say("data.yes" if value else "data.no", language)
    if isinstance(value, float):
        return escape(str(round(value, 1)))
    if isinstance(value, Mapping):
        return lines([Safe(f"{escape(name)} {worded(each, zone, language)}") for name, each in value.items()], "; ")
    word = "" if value is None else _LOOKS.get(str(value), str(value))
    for key in (f"barrier.{word}", f"data.word.{word}"):
        if has_text(key):
            return escape(text(key, language))
    return mention(word) if word.startswith("U") and word[1:].isupper() else escape(fit(word, LONGEST_VALUE))


def _short(value: Any, zone: str, language: str) -> Safe:
    """Return a value within a sentence: the zone of all instants stands above, with the person."""
    return escape(local_time(value, zone, language)) if isinstance(value, datetime) else worded(value, zone, language)


def _name(key: object, language: str) -> Safe:
    """Return a nudge's name as people read one: without its hyphens, and what follows it by itself in words."""
    written, _, follows = str(key or "").partition(".")
    plain = written.replace("-", " ")
    kind = f"data.follows.{follows}"
    return escape(f"{plain} ({text(kind, language)})" if follows and has_text(kind) else plain)


def _nudge(record: Record) -> list[str]:
    state = str(record.get("state", ""))
    if state == "sent":
        return ["data.nudge.sent"]
    if state == "skipped" and has_text(f"skip.{record.get('reason')}"):
        return ["data.nudge.skipped", f"skip.{record['reason']}"]
    return [f"data.nudge.{state if state in ('skipped', 'expired', 'failed') else 'waits'}"]


def _response(record: Record) -> list[str]:
    what, value = str(record.get("what")), str(record.get("value", ""))
    if what in ("feedback", "tap") and has_text(f"data.did.{value}"):
        return [f"data.did.{value}"]
    return [f"data.did.{what}"]


def _reported(record: Record) -> list[str]:
    is_own = float(record.get("weight", SURE_ENOUGH)) >= SURE_ENOUGH
    said = ["data.reported.tap" if is_own else "data.reported.guess"]
    return [*said, "data.reported.back"] if record.get("take_back_until") else said


def _member(record: Record) -> list[str]:
    left, spared = ["data.member.left"] * bool(record.get("until")), ["data.member.spared"] * bool(record.get("spared"))
    return ["data.member.in", *left, *spared]


def _question(record: Record) -> list[str]:
    again = f"data.rests.{record['rests_because']}" if record.get("rests_because") else "data.question.back"
    return ["data.question.met", again if record.get("rests_because") or record.get("back_from") else "data.rests.over"]


def _seat(record: Record) -> list[str]:
    own, host = record.get("you_said"), record.get("the_host_said")
    said = [f"data.seat.own_{own}"] * bool(own) + [f"data.seat.host_{host}"] * bool(host)
    return [f"data.seat.{record.get('seat')}", *said, *(["data.seat.counts"] if own and host and own != host else [])]


_SENTENCES: Mapping[str, Callable[[Record], list[str]]] = {
    "nudges": _nudge,
    "responses": _response,
    "typed": lambda record: [f"data.typed.{record.get('where')}"],
    "reported": _reported,
    "asked_back": lambda record: ["data.asked_back.kind" if record.get("kind") else "data.asked_back.plain"],
    "meant_for": _member,
    "saved": lambda _: ["data.saved"],
    "voted": lambda _: ["data.voted"],
    "questions": _question,
    "workshops": _seat,
    "in_groups": lambda _: ["data.in_group"],
    "used": lambda _: ["data.used"],
    "stood_in": lambda record: [f"data.stood.{name}" for name in ("team", "department", "place") if record.get(name)],
    "looked_at": lambda record: ["data.looked_at.about" if record.get("about") else "data.looked_at.plain"],
    "groups_looked_at": lambda _: ["data.groups_looked_at"],
}
