"""Words that press: this module finds threats, prizes and rankings in a text, in English, German and Spanish."""

import re

from nudges.domain.limits import SCAN_MAX

_PATTERNS = (
    # threats
    r"or else\b(?=\s*[.!])|disciplinary|mandatory|compulsory|failure to comply|non-?compliance|will be reported"
    r"|face (?:the )?consequences|no excuses?|last warning|we are watching|will be (?:escalated|noted) to your manager",
    r"verpflichtend|abmahnung|konsequenzen haben|letzte warnung|obligatorio|sanci[oó]n|habrá consecuencias",
    # prizes
    r"prizes?|raffle|gift ?cards?|vouchers?|win an? (?:ipad|iphone|lunch|trip|gift|hamper|bottle|day off)|sweepstakes?",
    r"gewinnspiel|verlosung|gutschein|sorteo|premios?|tarjeta regalo",
    # rankings
    r"leader ?boards?|league table|top (?:performers?|scorers?|contributors?)|beat your (?:colleagues|team ?mates)"
    r"|worst (?:team|performers?)|rank(?:ed|ing) (?:of|among|against)|hall of (?:fame|shame)",
    r"bestenliste|rangliste|clasificaci[oó]n de",
)
_PRESSING = re.compile(rf"\b(?:{'|'.join(_PATTERNS)})\b", re.IGNORECASE)


def pressing_word(text: str) -> str | None:
    """Return the first words of a text that threaten, bribe or rank, or None."""
    found = _PRESSING.search(text[:SCAN_MAX])
    return found[0] if found else None
