"""`/nudge needs`: this module lists what people lack, and takes what is decided about it."""

from bot.blocks.answers import Answer
from bot.blocks.needs import decided_answer, needs_answer
from nudges.domain.barriers.needs import NeedVerdict
from nudges.services.barriers import needs
from nudges.services.core import Core


def show_needs(core: Core, person_id: str, language: str) -> Answer:
    """Return the needs that this person may hear of."""
    return needs_answer(needs.needs(core, person_id), core.company().default_zone, language)


def decide(core: Core, person_id: str, argument: str, language: str) -> Answer:
    """Take `adopt 2 The new login is ordered`; whatever cannot be read is answered with how to say it."""
    choice, number, why = (*argument.split(maxsplit=2), "", "")[:3] if argument else ("", "", "")
    choice, number = choice.lower(), number.removeprefix("#").rstrip(":.,")
    if not number.isascii() or not number.isdigit():
        return decided_answer(NeedVerdict.NO_SUCH, number, choice, language)
    verdict = needs.decide(core, person_id, int(number[:9]), choice, why)
    return decided_answer(verdict, number[:9], choice, language)
