"""`/nudge fewer`, `usual`, `hours` and `topics`: this module reads what a person types of their own wishes."""

import re
from collections.abc import Mapping, Sequence

from bot.blocks.answers import Answer, line_answer
from bot.blocks.settings import topics_in_words
from bot.blocks.times import hours as hours_in_words
from bot.listeners.command_words import nearest
from nudges.domain.measuring.views import Wishes
from nudges.domain.people.topics import ALL_TOPICS, LONGEST_WISH, TopicWish, topic_in_words, topic_named
from nudges.services.core import Core
from nudges.services.own import meant_for, preferences

USUAL = ("usual", "default", "all", "any", "normal")
EVERYTHING = ("all", "everything", "usual")
_VERBS: Mapping[str, str] = {"off": "off", "without": "off", "not": "off", "no": "off", "on": "on", "only": "only"}


def fewer(core: Core, person_id: str, _argument: str, language: str) -> Answer:
    """Half as many."""
    return line_answer("set.fewer", language, most=preferences.fewer(core, person_id).most_a_week)


def usual(core: Core, person_id: str, _argument: str, language: str) -> Answer:
    """As many as everybody."""
    return line_answer("set.usual", language, most=preferences.usual(core, person_id).most_a_week)


def hours(core: Core, person_id: str, argument: str, language: str) -> Answer:
    """Hours of one's own, the usual ones, or which ones hold."""
    if not argument:
        return _hours_answer("wish.hours", preferences.wishes_of(core, person_id), language)
    if argument.lower() in USUAL:
        return _hours_answer("set.hours", preferences.usual_hours(core, person_id), language)
    try:
        wishes = preferences.set_hours(core, person_id, argument)
    except ValueError:
        return line_answer("wish.bad_hours", language)
    return _hours_answer("set.hours_outside" if wishes.is_outside else "set.hours", wishes, language)


def topics(core: Core, person_id: str, argument: str, language: str) -> Answer:
    """Which topics there are, or what the person wants to hear of them."""
    known = meant_for.topics_for(core, person_id)
    wished = preferences.wishes_of(core, person_id).topics
    if not argument:
        return _topics_answer(preferences.wishes_of(core, person_id), known, language)
    if argument.lower() in EVERYTHING:
        return _set(core, person_id, ALL_TOPICS, language)
    first, _, rest = argument.partition(" ")
    verb = _VERBS.get(first.lower().rstrip(":"), "")
    meant = {topic_named(one): one for one in (*wished.names, *known)}
    names = [meant.get(topic_named(one), topic_named(one)) for one in re.split(r"[,;]", rest) if topic_named(one)]
    unknown = [one for one in names if one not in meant.values()]
    if not verb or not names or unknown or len(names) > LONGEST_WISH:
        return _unclear(unknown[0] if unknown else "", known, language)
    return _set(core, person_id, _changed(wished, verb, names), language)


def _changed(wished: TopicWish, verb: str, names: Sequence[str]) -> TopicWish:
    if verb == "only":
        return TopicWish(frozenset(names), is_only=True)
    return wished.without(names) if verb == "off" else wished.including(names)


def _set(core: Core, person_id: str, wish: TopicWish, language: str) -> Answer:
    wishes = preferences.set_topics(core, person_id, wish)
    return line_answer("set.topics", language, topics=topics_in_words(wishes, language))


def _hours_answer(key: str, wishes: Wishes, language: str) -> Answer:
    return line_answer(key, language, hours=hours_in_words(wishes.hours, language), zone=wishes.zone)


def _topics_answer(wishes: Wishes, known: Sequence[str], language: str) -> Answer:
    if not known:
        return line_answer("topics.none", language)
    present = topics_in_words(wishes, language)
    return line_answer("wish.topics", language, present=present, known=_listed(known), example=topic_in_words(known[0]))


def _unclear(unknown: str, known: Sequence[str], language: str) -> Answer:
    if not known:
        return line_answer("topics.none", language)
    if not unknown:
        return line_answer("wish.bad_topics", language, known=_listed(known), example=topic_in_words(known[0]))
    example = nearest(unknown, known) or known[0]
    values = {"unknown": topic_in_words(unknown), "known": _listed(known), "example": topic_in_words(example)}
    return line_answer("wish.unknown_topic", language, **values)


def _listed(known: Sequence[str]) -> str:
    return ", ".join(topic_in_words(one) for one in known)
