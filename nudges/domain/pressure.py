"""Words that press: this module finds threats, prizes and rankings in a text, in English, German and Spanish."""

import re

from nudges.domain.limits import SCAN_MAX

# A stem that must be there, and the whole words it is part of; most texts hold none of the stems.
_PRESSING = tuple(
    (stem, re.compile(rf"\b(?:{words})\b"))
    for stem, words in {
        # threats
        "or else": r"or else(?=\s*[.!])",
        "disciplin": r"disciplinary",
        "mandatory": r"mandatory",
        "compulsory": r"compulsory",
        "compl": r"failure to comply|non-?compliance",
        "consequences": r"face (?:the )?consequences",
        "excuse": r"no excuses?",
        "warning": r"last warning",
        "we are watching": r"we are watching",
        "will be ": r"will be (?:reported|(?:escalated|noted) to your manager)",
        "verpflichtend": r"verpflichtend",
        "abmahnung": r"abmahnung",
        "konsequenzen": r"konsequenzen haben",
        "letzte warnung": r"letzte warnung",
        "obligatorio": r"obligatorio",
        "sanci": r"sanci[oó]n",
        "consecuencias": r"habrá consecuencias",
        # prizes
        "prize": r"prizes?",
        "raffle": r"raffle",
        "gift": r"gift ?cards?|win a gift",
        "voucher": r"vouchers?",
        "sweepstake": r"sweepstakes?",
        "win a": r"win an? (?:ipad|iphone|lunch|trip|hamper|bottle|day off)",
        "gewinnspiel": r"gewinnspiel",
        "verlosung": r"verlosung",
        "gutschein": r"gutschein",
        "sorteo": r"sorteo",
        "premio": r"premios?",
        "tarjeta": r"tarjeta regalo",
        # rankings
        "board": r"leader ?boards?",
        "league table": r"league table",
        "top ": r"top (?:performers?|scorers?|contributors?)",
        "beat your": r"beat your (?:colleagues|team ?mates)",
        "worst": r"worst (?:team|performers?)",
        "rank": r"rank(?:ed|ing) (?:of|among|against)",
        "hall of": r"hall of (?:fame|shame)",
        "liste": r"bestenliste|rangliste",
        "clasificaci": r"clasificaci[oó]n de",
    }.items()
)


def pressing_word(text: str) -> str | None:
    """Return the first words found that threaten, bribe or rank, or None."""
    lowered = text[:SCAN_MAX].lower()
    for stem, words in _PRESSING:
        found = words.search(lowered) if stem in lowered else None
        if found is not None:
            return found[0]
    return None
