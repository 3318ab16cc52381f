"""Texts of a playbook as values: this module is one small function for each sort of value, `14d` to a timedelta.

Each returns the value or raises Unreadable with a sentence and a fix; what the words look like elsewhere in YAML
(`NO`, `10:30`, `1e3`) plays no part.
"""

import re
from datetime import date, time, timedelta
from difflib import get_close_matches

from nudges.domain.checks.finding_codes import ADVICE, Code
from nudges.domain.files.suggest import nearest
from nudges.domain.playbooks.fields import FORMAT
from nudges.domain.playbooks.language_codes import is_language, language_meant
from nudges.domain.playbooks.limits import LINK_MAX, counted
from nudges.domain.playbooks.links import link_fault
from nudges.domain.times.countries import COUNTRIES, country_named
from nudges.domain.times.hours import Weekday, WorkingWeek, parse_time
from nudges.domain.times.zones import is_zone, zone_meant

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?", re.ASCII)
_RULE_CODE = re.compile(r"PB\d{3}", re.ASCII)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%", re.ASCII)
_DURATION = re.compile(r"(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,4})m)?", re.ASCII | re.IGNORECASE)
_LOOSE_DURATION = re.compile(r"(\d{1,4})\s*(w|d|h|m)(?:eeks?|ays?|ours?|in(?:utes?|s)?)?\.?", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NAME = re.compile(r"\w[\w-]{0,59}")
_PERSON_ID = re.compile(r"[UW][A-Z0-9]{2,20}", re.ASCII)
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,20}", re.ASCII)
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEAR = timedelta(days=366)


class Unreadable(ValueError):
    """The text is not a value of the sort that belongs here."""

    def __init__(self, code: Code, sentence: str, fix: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.fix = fix


def read_whole(text: str) -> int:
    """Return a whole number."""
    if not _WHOLE.fullmatch(text):
        raise Unreadable(Code.BAD_NUMBER, f"{_quoted(text)} is not a whole number.", "Write digits only, such as 3.")
    return int(text)


def read_format(text: str) -> int:
    """Return the number of a format that this Nudger can read."""
    number = read_whole(text)
    if number > FORMAT:
        sentence = f"This file is written in format {number}, and this Nudger knows formats up to {FORMAT}."
        raise Unreadable(Code.OTHER_FORMAT, sentence, "Update Nudger; the file is not at fault.")
    if number < 1:
        raise Unreadable(Code.BAD_NUMBER, "Formats are counted from 1.", f"Write {FORMAT}, or delete the key.")
    return number


def read_amount(text: str) -> float:
    """Return a number, with decimals or without."""
    if not _AMOUNT.fullmatch(text):
        sentence = f"{_quoted(text)} is not a number."
        raise Unreadable(Code.BAD_NUMBER, sentence, "Write digits, with a point for decimals, such as 0.4 or 12.")
    return float(text)


def read_language(text: str) -> str:
    """Return a language code, such as `de` or `pt-BR`."""
    head, _, tail = text.replace("_", "-").partition("-")
    plain = f"{head.lower()}-{tail.upper()}" if tail else head.lower()
    if not _LANGUAGE.fullmatch(plain) or not is_language(plain):
        sentence = f"{_quoted(text)} is not a language code."
        meant = language_meant(text)
        fix = f"Did you mean `{meant}`?" if meant else "Write two small letters, such as de, or pt-BR."
        raise Unreadable(Code.UNKNOWN_WORD, sentence, fix)
    return plain


def read_rule_code(text: str) -> str:
    """Return the code of a finding, such as `PB103`."""
    if not _RULE_CODE.fullmatch(text.upper()):
        sentence = f"{_quoted(text)} is not the code of a finding."
        raise Unreadable(Code.UNKNOWN_WORD, sentence, fix_of_rule_code(text))
    return text.upper()


def is_rule_code(text: str) -> bool:
    """Return whether this is written like the code of a finding, whether there is one or not."""
    return _RULE_CODE.fullmatch(text) is not None


def fix_of_rule_code(text: str) -> str:
    """Return what to write in place of a code that does not exist: the one that was probably meant."""
    typed = text.upper().translate(str.maketrans("OIL", "011")).replace(" ", "").replace("-", "")
    meant = get_close_matches(typed, sorted(code.value for code in ADVICE), n=1, cutoff=0.8) if len(typed) < 20 else []
    return f"Did you mean `{meant[0]}`?" if meant else "Copy the code from `nudger check`; it looks like PB103."


def read_share(text: str) -> float:
    """Return the part of one that a percentage stands for."""
    match = _SHARE.fullmatch(text)
    if match is None:
        sentence = f"{_quoted(text)} is not a percentage."
        raise Unreadable(Code.BAD_SHARE, sentence, "Write it with a percent sign, such as 60%.")
    if float(match[1]) > 100:
        raise Unreadable(Code.BAD_SHARE, f"{_quoted(text)} is more than everybody.", "100% is the most there is.")
    return float(match[1]) / 100


def read_switch(text: str) -> bool:
    """Return what true and false, yes and no, on and off mean."""
    if text.lower() not in _YES + _NO:
        sentence = f"{_quoted(text)} is neither true nor false."
        raise Unreadable(Code.BAD_SWITCH, sentence, "Write true or false.")
    return text.lower() in _YES


def read_duration(text: str) -> timedelta:
    """Return a length of time written `1w`, `14d`, `2h`, `30m` or `1h30m`, above zero and up to a year."""
    match = _DURATION.fullmatch(text)
    if match is None or not text:
        loose = _LOOSE_DURATION.fullmatch(text)
        fix = f"Write {loose[1]}{loose[2].lower()}." if loose else "Write 30m, 2h, 14d or 1w."
        raise Unreadable(Code.BAD_DURATION, f"{_quoted(text)} is not a length of time.", fix)
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    if not timedelta(0) < length <= YEAR:
        sentence = f"{_quoted(text)} is no useful length of time here."
        raise Unreadable(Code.BAD_DURATION, sentence, "Write something above zero and up to a year, such as 14d.")
    return length


def read_date(text: str) -> date:
    """Return a date written `2027-01-31`."""
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            sentence = f"{_quoted(text)} is not a day of the calendar."
            fix = "Check the month and the day; the order is year-month-day."
            raise Unreadable(Code.BAD_TIME, sentence, fix) from None
    raise Unreadable(Code.BAD_TIME, f"{_quoted(text)} is not a date.", "Write year-month-day, such as 2027-01-31.")


def read_time(text: str) -> time:
    """Return a time of day written `9:00` or `22:30`."""
    try:
        return parse_time(text)
    except ValueError:
        sentence = f"{_quoted(text)} is not a time of day."
        raise Unreadable(Code.BAD_TIME, sentence, 'Write hours and minutes, "10:00" or "22:30".') from None


def read_day(text: str) -> Weekday:
    """Return a day of the week by its first letters."""
    try:
        return Weekday.parse(text)
    except ValueError:
        meant = (nearest(text, DAYS) or nearest(text, DAY_NAMES) or "")[:3]
        fix = f"Did you mean `{meant}`?" if meant else f"Use one of: {', '.join(DAYS)}."
        raise Unreadable(Code.BAD_TIME, f"{_quoted(text)} is not a day of the week.", fix) from None


def read_week(text: str) -> WorkingWeek:
    """Return working hours written `09:00-17:00 mon-fri`."""
    try:
        return WorkingWeek.parse(text)
    except ValueError as error:
        sentence = f"These are not working hours: {str(error).partition(';')[0]}."
        raise Unreadable(Code.BAD_HOURS, sentence, 'Write them as "09:00-17:00 mon-thu, 09:00-12:00 fri".') from None


def read_name(text: str) -> str:
    """Return a name that can be typed in a command: letters, digits, - and _."""
    if not _NAME.fullmatch(text):
        sentence = f"{_quoted(text)} cannot be a name: names hold letters, digits, - and _ only, at most 60."
        plain = re.sub(r"-{2,}", "-", re.sub(r"[^\w-]+", "-", text.strip()))[:60].strip("-").lower()
        raise Unreadable(Code.BAD_NAME, sentence, f"Write `{plain}`." if plain else "Give it a short name.")
    return text


def read_reference(text: str) -> str:
    """Return the name of something defined elsewhere; whether it exists is another question."""
    return text


def read_person_id(text: str) -> str:
    """Return a Slack user id."""
    if not _PERSON_ID.fullmatch(text):
        fix = "Copy it from the person's profile in Slack: More, Copy member ID. It looks like U024BE7LH."
        raise Unreadable(Code.BAD_ID, f"{_quoted(text)} is not a Slack user id.", fix)
    return text


def read_owner(text: str) -> str:
    """Return `owner` or a Slack user id."""
    if text != "owner" and not _PERSON_ID.fullmatch(text):
        sentence = f"{_quoted(text)} is neither `owner` nor a Slack user id."
        raise Unreadable(Code.BAD_ID, sentence, "Write `owner`, or a member ID such as U024BE7LH.")
    return text


def read_channel_id(text: str) -> str:
    """Return a Slack channel id."""
    if not _CHANNEL_ID.fullmatch(text):
        fix = "Copy it from the channel's details in Slack, at the very bottom. It looks like C024BE91L."
        raise Unreadable(Code.BAD_ID, f"{_quoted(text)} is not a Slack channel id.", fix)
    return text


def read_channel_name(text: str) -> str:
    """Return a channel's name without its #."""
    if text.startswith("#"):
        raise Unreadable(Code.BAD_NAME, "Channel names are written without #.", f"Write `{text.lstrip('#')}`.")
    return read_name(text)


def read_link(text: str) -> str:
    """Return an https address."""
    fault = link_fault(text)
    if fault:
        raise Unreadable(*fault)
    if counted(text) > LINK_MAX:
        raise Unreadable(Code.TOO_LONG, f"The address is over {LINK_MAX:,} characters.", "Use a shorter address.")
    return text


def read_zone(text: str) -> str:
    """Return the name of a time zone."""
    if not is_zone(text):
        meant = zone_meant(text)
        fix = f"Did you mean `{meant}`?" if meant else "Write continent and city, such as Europe/Lisbon."
        raise Unreadable(Code.UNKNOWN_ZONE, f"{_quoted(text)} is not a time zone.", fix)
    return text


def read_country(text: str) -> str:
    """Return a country's two letters in capitals, as ISO 3166 has them."""
    if text.upper() not in COUNTRIES:
        meant = country_named(text)
        fix = f"Write `{meant}`." if meant else "Write two capital letters, such as PT or DE."
        raise Unreadable(Code.BAD_COUNTRY, f"{_quoted(text)} is not a country's two letters.", fix)
    return text.upper()


def read_country_or_default(text: str) -> str:
    """Return a country's two letters, or `default`."""
    return text if text == "default" else read_country(text)


def _quoted(text: str) -> str:
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"
