"""The books in words: this module is the lines that must balance for each campaign."""

from collections.abc import Sequence

from bot.blocks.parts import Safe, lines, say
from bot.blocks.times import band_share, bar, number, share
from bot.texts import DEFAULT_LANGUAGE, has_text, text
from nudges.domain.measuring.views import BooksView, Shares

WAITING_STATES = ("planned", "retry", "sending", "unknown")
END_STATES = ("expired", "failed")


def progress_line(books: BooksView, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return a bar and `300 of 1,280 (23%) sent`."""
    drawn = bar(books.sent, books.audience)
    return say("status.bar", language, bar=drawn, share=share(books.sent, books.audience, language))


def books_lines(books: BooksView, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return who is meant and what became of them, as two sums; a sum that is off is said out loud."""
    audience = say(
        "books.audience_people",
        language,
        audience=books.audience,
        people=books.audience_people,
        nudges=books.nudges,
        enqueued=books.enqueued,
        not_enqueued=_left_out(books.not_enqueued, language),
    )
    enqueued = say("books.enqueued", language, enqueued=books.enqueued, parts=" + ".join(_parts(books, language)))
    return lines([audience, enqueued, Safe("") if books.is_balanced else say("books.off", language)])


def shares_lines(shares: Shares, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return what people did in bands, or that they are too few to be shown."""
    known = (
        ("campaign.answered", shares.answered),
        ("campaign.right", shares.quiz_right),
        ("campaign.useful", shares.useful),
    )
    told = [say(key, language, share=band_share(one.share, language), of=one.of) for key, one in known if one]
    return lines(told or [say("campaign.hidden", language)])


def reason_in_words(reason: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return a few words for a reason of not sending."""
    key = f"reason.{reason}"
    return text(key, language) if has_text(key) else reason.replace("_", " ")


def _left_out(reasons: Sequence[tuple[str, int]], language: str) -> str:
    counted = [_part(count, reason_in_words(reason, language), language) for reason, count in reasons if count]
    return " + ".join(counted) or text("books.nothing_left", language)


def _parts(books: BooksView, language: str) -> list[str]:
    skipped = sum(count for _, count in books.skipped)
    parts = [_part(books.sent, text("books.sent", language), language)]
    parts += _states(books, WAITING_STATES, language)
    if skipped:
        reasons = _reasons([(reason, count) for reason, count in books.skipped if count], language)
        parts.append(_part(skipped, text("books.skipped", language, reasons=reasons), language))
    return parts + _states(books, END_STATES, language)


def _reasons(skipped: Sequence[tuple[str, int]], language: str) -> str:
    if len(skipped) == 1:
        return reason_in_words(skipped[0][0], language)
    return ", ".join(f"{number(count, language)} {reason_in_words(reason, language)}" for reason, count in skipped)


def _states(books: BooksView, names: Sequence[str], language: str) -> list[str]:
    counts = {name: int(getattr(books, name)) for name in names}
    return [_part(count, text(f"books.{name}", language), language) for name, count in counts.items() if count]


def _part(count: int, what: str, language: str) -> str:
    return text("books.part", language, count=count, what=what)
