"""One value as JSON Schema: this module is how a text, a time or a share looks to an editor, as our loader reads it.

Our loader reads texts, but an editor's YAML parser has made something of them first: `22:30` is a text in YAML 1.2 and
the number 1350 in YAML 1.1, `NO` is a text and `false`. Each schema takes what a parser makes of a good value.
Patterns are written so that Python and JavaScript understand them alike, hence `[0-9]` and no `\\w`.
"""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from nudges.domain.playbooks.fields import FORMAT, Sort, Words
from nudges.domain.playbooks.language_codes import LANGUAGES
from nudges.domain.playbooks.limits import LINK_MAX
from nudges.domain.times.countries import COUNTRIES
from nudges.domain.times.hours import Weekday, WorkingWeek

Schema = dict[str, Any]

WHOLE_MAX = 999_999_999
NUMBER_OR_SWITCH: Schema = {"type": ["number", "boolean"]}
LIKE_A_NAME: Schema = {"anyOf": [{"type": "boolean"}, {"type": "integer", "minimum": 0}]}
# Letters of any language, digits and _; what is left out is ASCII's punctuation and the usual signs beyond it.
_ASCII_SIGNS, _SIGNS = r"\x00-\x2f\x3a-\x40\x5b-\x5e\x60", r"\x7b-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7"
_LETTER = rf"[^\s{_ASCII_SIGNS}{_SIGNS}\u2000-\u2bff\u3000-\u3004\ufeff]"
NAME = rf"{_LETTER}(?:{_LETTER}|-){{0,59}}"
PERSON_ID = "[UW][A-Z0-9]{2,20}"
_NOT_IN_LINKS = r' \t\n<>|"`\\'
_LINK = (
    r"https://(?![^/]*@)(?!\.)(?![^/?#]*\.\.)"
    rf"(?:\[[0-9A-Fa-f:.]+\]|[^{_NOT_IN_LINKS}/?#:@\[\]]+)(?::[0-9]{{0,5}})?(?:[/?#][^{_NOT_IN_LINKS}]*)?"
)
_CLOCK = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
_DATE = (
    "(?!0000)(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    f"|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP})"
)
_LENGTH_OF_TIME = (
    "(?=[^1-9]*[1-9])(?:0{0,2}(?:[0-9]|[1-4][0-9]|5[0-2])[wW])?(?:0?(?:[0-9]{1,2}|[12][0-9]{2}|3[0-5][0-9]|36[0-6])[dD])?"
    "(?:(?:[0-7]?[0-9]{1,3}|8[0-6][0-9]{2}|87[0-7][0-9]|878[0-4])[hH])?(?:[0-9]{1,4}[mM])?"
)


def text_schema(words: Words) -> Schema:
    """Return a text people read: not empty, and not longer than Slack takes."""
    longest = f"[\\s\\S]{{0,{words.limit - 2}}}"
    message = f"Write a text of at most {words.limit:,} characters; in quotes where it starts with a sign."
    return pattern_schema(rf"\S(?:{longest}\S)?", message, instead=NUMBER_OR_SWITCH)


def whole_schema(least: int = 0, most: int = WHOLE_MAX) -> Schema:
    """Return a whole number between two bounds, in quotes or not."""
    message = f"Write a whole number from {least} to {most:,}." if most < WHOLE_MAX else f"Write {least} or more."
    number = {"type": "integer", "minimum": least, "maximum": most, "errorMessage": message}
    quoted = {"pattern": _anchored(_digits(least, most)), "errorMessage": message}
    return {"if": {"type": "string"}, "then": quoted, "else": number}


def share_schema(least: float = 0, most: float = 1, *, is_above_nothing: bool = False) -> Schema:
    """Return a percentage between two shares of one."""
    low, high = round(least * 100), round(most * 100)
    below = "|".join(str(number) for number in range(low, high))
    number = f"0{{0,2}}(?:(?:{below})(?:\\.[0-9]{{1,3}})?|{high}(?:\\.0{{1,3}})?)"
    fits = r"(?=[0-9]{1,3}(?:\.[0-9]{1,3})?\s*%)" + ("(?=[^1-9]*[1-9])" if is_above_nothing else "")
    return pattern_schema(rf"{fits}{number}\s*%", f"Write a percentage from {low}% to {high}%, with its sign.")


def switch_schema() -> Schema:
    """Return true or false; `yes`, `no`, `on` and `off` are understood too."""
    message = "Write true or false."
    words = "|".join(_any_case(word) for word in ("true", "yes", "on", "false", "no", "off"))
    quoted = {"pattern": _anchored(words), "errorMessage": message}
    return {"if": {"type": "string"}, "then": quoted, "else": {"type": "boolean", "errorMessage": message}}


def choice_schema(words: list[str]) -> Schema:
    """Return one of these words, and what a parser makes of words such as `2027` or `yes`."""
    return {"enum": [*words, *(seen for seen in map(_seen_as, words) if seen is not None)]}


def of_type(kind: object) -> Schema | None:
    """Return the schema of a plain type such as `time`, or None for a type that has its own."""
    return SIMPLE_TYPES.get(kind)


def of_sort(sort: Sort) -> Schema:
    """Return the schema of a text that machines read."""
    return dict(_BY_SORT[sort])


def key_pattern(sort: Sort) -> str | None:
    """Return the pattern of a key of this sort, or None where any text will do."""
    pattern = _KEYS.get(sort)
    return _anchored(pattern) if pattern else None


def pattern_schema(pattern: str, message: str, *, instead: Schema | None = None) -> Schema:
    """Return a text of this pattern, spaces round it aside; `instead` is what a parser may have made of a good one."""
    text = {"type": "string", "pattern": _anchored(pattern), "errorMessage": message}
    return {"if": instead, "else": text} if instead else text


def _anchored(pattern: str) -> str:
    return rf"^\s*(?:{pattern})\s*$"


def _any_case(word: str) -> str:
    return "".join(f"[{letter.lower()}{letter.upper()}]" for letter in word)


def _digits(least: int, most: int) -> str:
    # A pattern cannot compare, so small numbers are spelled out.
    if most < 1_000:
        return f"0*(?:{'|'.join(str(number) for number in range(least, most + 1))})"
    below = "|".join(str(number) for number in range(least))
    return rf"(?!0*(?:{below})\s*$)[0-9]{{1,9}}" if below else "[0-9]{1,9}"


def _seen_as(word: str) -> int | bool | None:
    if word.isdecimal():
        return int(word)
    return {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}.get(word.lower())


def _weekdays() -> str:
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return "|".join(_any_case(name[:length]) for name in names for length in range(len(name), 2, -1))


def _working_week() -> str:
    days = rf"(?:\s+(?:{_weekdays()})(?:\s*-\s*(?:{_weekdays()}))?)?"
    span = rf"\s*{_CLOCK}\s*-\s*{_CLOCK}{days}\s*"
    return f"{span}(?:,{span})*"


_LANGUAGE = f"(?:{'|'.join(map(_any_case, sorted(LANGUAGES)))}|[a-zA-Z]{{3}})(?:[-_](?:[a-zA-Z]{{2}})?)?"
_COUNTRY = "|".join(_any_case(code) for code in sorted(COUNTRIES))
_FALSE: Schema = {"const": False}  # NO, Norway or Norwegian, to a YAML 1.1 parser
_CLOCK_MESSAGE = 'Write hours and minutes in quotes, such as "10:00" or "22:30".'
_DAY_MESSAGE = "Write mon, tue, wed, thu, fri, sat or sun."
_PERSON_MESSAGE = "Write a Slack user id: profile, More, Copy member ID. It looks like U024BE7LH."

SIMPLE_TYPES: Mapping[object, Schema] = {
    bool: switch_schema(),
    date: pattern_schema(_DATE, "Write a date as year-month-day, such as 2027-01-31."),
    # YAML 1.1 counts 22:30 as minutes.
    time: {
        "if": {"type": "integer"},
        "then": {"minimum": 60, "maximum": 1439, "errorMessage": _CLOCK_MESSAGE},
        "else": pattern_schema(_CLOCK, _CLOCK_MESSAGE),
    },
    timedelta: pattern_schema(_LENGTH_OF_TIME, "Write a length of time: 30m, 2h, 14d, 1w or 1h30m, at most a year."),
    Weekday: pattern_schema(_weekdays(), _DAY_MESSAGE),
    WorkingWeek: pattern_schema(_working_week(), 'Write working hours as "09:00-17:00 mon-thu, 09:00-12:00 fri".'),
}
_BY_SORT: Mapping[Sort, Schema] = {
    Sort.NAME: pattern_schema(
        NAME,
        "Write a name of letters, digits, - and _, at most 60.",
        instead=LIKE_A_NAME,
    ),
    Sort.REFERENCE: pattern_schema(r"\S(?:[\s\S]*\S)?", "Write the name.", instead=NUMBER_OR_SWITCH),
    Sort.PERSON_ID: pattern_schema(PERSON_ID, _PERSON_MESSAGE),
    Sort.OWNER: pattern_schema(f"owner|{PERSON_ID}", f"Write `owner`, or a Slack user id. {_PERSON_MESSAGE[23:]}"),
    Sort.CHANNEL_ID: pattern_schema("[CG][A-Z0-9]{2,20}", "Write a Slack channel id, such as C024BE91L."),
    Sort.CHANNEL_NAME: pattern_schema(NAME, "Write the channel's name without #."),
    Sort.LINK: {**pattern_schema(_LINK, "Write a whole address that starts with https://."), "maxLength": LINK_MAX},
    Sort.ZONE: pattern_schema(r"[A-Za-z][A-Za-z0-9_+/-]*", "Write continent and city, such as Europe/Lisbon."),
    Sort.COUNTRY: pattern_schema(_COUNTRY, "Write a country's two letters, such as PT or DE.", instead=_FALSE),
    Sort.COUNTRY_OR_DEFAULT: pattern_schema(
        f"default|{_COUNTRY}", "Write a country's two letters, or default.", instead=_FALSE
    ),
    Sort.CALENDAR: pattern_schema(
        "[aA][uU][tT][oO]|[nN][oO][nN][eE]|[nN][oO]|[oO][fF][fF]|[a-zA-Z]{2}(?:-[a-zA-Z0-9]+)?",
        "Write auto, a region of the country such as DE-BY, or none.",
        instead=_FALSE,
    ),
    Sort.LANGUAGE: pattern_schema(_LANGUAGE, "Write a language's two letters, such as de, or pt-BR.", instead=_FALSE),
    Sort.AMOUNT: {
        "if": {"type": "string"},
        "then": pattern_schema(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", "Write a number, such as 0.4 or 12."),
        "else": {"type": "number", "minimum": 0, "maximum": WHOLE_MAX + 1},
    },
    Sort.FORMAT: whole_schema(1, FORMAT),
    Sort.RULE_CODE: pattern_schema("[pP][bB][0-9]{3}", "Write the code of a finding, such as PB103."),
}
_KEYS: Mapping[Sort, str] = {
    Sort.NAME: NAME,
    Sort.CHANNEL_NAME: NAME,
    Sort.COUNTRY: f"{_COUNTRY}|false",
    Sort.COUNTRY_OR_DEFAULT: f"default|{_COUNTRY}|false",
    Sort.LANGUAGE: f"{_LANGUAGE}|false",
    Sort.RULE_CODE: "[pP][bB][0-9]{3}",
}
