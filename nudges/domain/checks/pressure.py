"""Words that press: this module finds threats, prizes and rankings in a text, in five languages.

The languages are English, German, Spanish, French and Portuguese. What is denied ("nothing here is mandatory") presses
nobody, and words with an innocent use ("prize a good answer", "a customer's voucher") count only beside the others.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from nudges.domain.playbooks.limits import SCAN_MAX

_COUNT = r"(?:\d+|one|two|three|five|ten|twenty|fifty|hundred|few)"
_GIVEN = r"(?:win|wins|won|get|gets|earn|earns|receive|receives|give|gives|giving|draw|raffle)\w*"
_SOME = r"(?:[\w'’]+ ){0,3}?"
_IN_ONE_OF = r"(?:the|a|an|our|your|first|second|third|main|top|cash|great|big|small|little|of|for|with|and|win|wins)"

# One piece of a word that must be there, and the whole words it is part of; most files hold none of the pieces.
_THREATS: Mapping[str, str] = {
    "else": r"or else(?=\s*[.!])",
    "disciplin": r"disciplinary (?:action|measures|procedure|steps)|disciplinary(?=\s*[.!,;])",
    "mandatory": r"mandatory",
    "compulsory": r"compulsory",
    "obligatory": r"obligatory",
    "compl": r"failure to comply|non-?compliance",
    "consequences": r"(?:face|bear|have|be|without|suffer) (?:the )?(?:serious )?consequences",
    "excuse": r"no (?:more )?excuses?",
    "warning": r"(?:last|final) warning",
    "watching": r"(?:we are|we're|we’re|is|are|management is) watching(?: you)?(?=\s*[.!,;]|$)",
    "reported": r"will be (?:reported|named)(?: to)?",
    "escalated": r"will be escalated to (?:your|the) (?:manager|boss|lead)",
    "noted": r"will be noted (?:to your manager|by your manager|in your)",
    "manager": r"your manager (?:will|is going to) (?:be (?:told|informed|notified)|hear|see|know|receive)",
    "boss": r"your boss (?:will|is going to) (?:be (?:told|informed|notified)|hear|see|know)",
    "lose": r"(?:lose|loses|losing) (?:your |their |the )?(?:access|account|licen[cs]e|bonus|seat)",
    "performance": r"(?:in|part of|affects?|count\w*(?: \w+)?) (?:your|the) performance (?:review|appraisal|rating)",
    "verpflichtend": r"verpflichtend",
    "abmahnung": r"abmahnung(?:en)?",
    "konsequenz": r"konsequenzen (?:haben|drohen|tragen)|mit konsequenzen",
    "letzte": r"letzte (?:ver)?warnung",
    "pflicht": r"ist (?:ab \w+ )?pflicht(?=\s*[.!,;]|$)",
    "obligatori": r"obligatori[oa]s?",
    "sanci": r"sanci(?:ón|on|ones)",
    "consecuencias": r"(?:habrá|tendrá|sufrir\w*) consecuencias",
    "ltimo": r"último aviso",
    "obligatoire": r"obligatoires?",
    "peine": r"sous peine d\w*",
    "sanction": r"(?:des |une |de |sera |seront )sanction\w*|sanctions (?:disciplinaires|will|may|apply|are)",
    "dernier": r"dernier avertissement",
    "obrigat": r"obrigat[óo]ri[oa]s?",
    "sanç": r"sanç(?:ão|ões)",
    "consequências": r"(?:haverá|terá|sofrer\w*) consequências",
}
_PRIZES: Mapping[str, str] = {
    "prize": rf"(?:{_IN_ONE_OF} )prizes?(?! (?:a|an|the|your|our|honest|good|open)\b)|prize (?:draw|money|winners?)",
    "raffle": r"raffles?",
    "gift": rf"{_GIVEN} {_SOME}gift ?cards?|win a gift|gift ?cards?(?= (?:for|to) (?:the|whoever|every|all))",
    "voucher": rf"(?:{_GIVEN}|there (?:is|are)) {_SOME}vouchers?",
    "sweepstake": r"sweepstakes?",
    "win": r"win an? (?:\w+ )?(?:ipad|iphone|lunch|dinner|trip|hamper|bottle|day off|mug|headset|weekend)",
    "first": rf"the first {_COUNT} (?:\w+ ){{0,6}}?(?:gets?|wins?|receives?|earns?)",
    "earn": r"earn (?:\w+ ){0,2}?(?:points|badges|rewards|stars|coins)",
    "bonus": r"(?:win|get|earn|receive) (?:a|your|the) (?:\w+ )?bonus",
    "gewinnspiel": r"gewinnspiele?",
    "verlosung": r"verlosung(?:en)?",
    "verlos": r"verlosen wir|wir verlosen|verlost",
    "gutschein": r"(?:es gibt|gib|winkt|winken|gewinn\w*|erh[aä]lt\w*|bekomm\w*) (?:\w+ ){0,3}?gutscheine?",
    "sorteo": r"sorteos?",
    "premio": r"premios?",
    "tarjeta": r"tarjetas? regalo",
    "tirage": r"tirage au sort",
    "achat": r"(?:gagne[zr]?|recevez|reçois|offert|remport\w*) (?:\w+ ){0,3}?bons? d['’]achat",
    "carte": r"(?:gagne[zr]?|recevez|reçois|remport\w*) (?:\w+ ){0,3}?cartes? cadeaux?",
    "gagne": r"gagne[zr]? (?:un|une) (?:ipad|iphone|voyage|dîner|cadeau|prix|lot)",
    "sorteio": r"sorteios?",
    "prêmio": r"prêmios?",
    "prémio": r"prémios?",
    "presente": r"(?:cartão|vale)-presente",
}
_RANKINGS: Mapping[str, str] = {
    "board": r"leader ?boards?|score ?boards?",
    "league": r"league tables?",
    "top": rf"top (?:{_COUNT} )?(?:performers?|scorers?|contributors?|users?|teams?)|top of the (?:ranking|table)",
    "beat": r"beat (?:your|the other|another) (?:colleagues?|team ?mates?|teams?|offices?|departments?)",
    "worst": r"worst (?:teams?|performers?|departments?|office)",
    "rank": r"rank(?:ed|ing|ings) (?:of (?:the|all|our)|among|against|by)|(?:team|weekly|monthly|our) rankings?",
    "hall": r"hall of (?:fame|shame)",
    "laggard": r"laggards?",
    "bestenliste": r"bestenlisten?",
    "rangliste": r"ranglisten?",
    "clasificaci": r"clasificaci[oó]n de",
    "classement": r"classement (?:des|de|du|par|général)|le classement",
    "ranking": r"(?:el|o|no|un|um|nuestro|nosso) ranking",
    "classifica": r"classifica[çc][ãa]o d\w+",
}


class PressingWord(NamedTuple):
    """A piece that must stand in a text, and the whole words to look for then."""

    stem: str
    pattern: re.Pattern[str]


_PRESSING = tuple(
    PressingWord(stem, re.compile(rf"(?<![\w-])(?:{words})(?!\w)"))
    for kind in (_THREATS, _PRIZES, _RANKINGS)
    for stem, words in kind.items()
)
# A denial shortly before takes the pressure out: "nothing here is mandatory", "n'est pas obligatoire".
_DENIED = re.compile(
    r"(?:\b(?:not|no|never|nothing|none|nobody|without|nor|isn['’]t|aren['’]t|won['’]t|don['’]t|nicht|nichts|kein\w*|ohne|nie"
    r"|sin|nunca|nada|ningún|pas|aucun\w*|sans|jamais|rien|não|sem|nenhum\w*)\b|n['’]t)(?: [\w'’]+){0,2} ?$"
)
_ITSELF_DENYING = re.compile(r"no (?:more )?excuse|without (?:the )?(?:serious )?consequences|failure|non")


def pressing_words(text: str) -> tuple[PressingWord, ...]:
    """Return what of our words may stand anywhere in a whole file, so that its texts are searched for those alone."""
    lowered = text.lower()
    return tuple(word for word in _PRESSING if word.stem in lowered)


def pressing_word(text: str, words: tuple[PressingWord, ...] = _PRESSING) -> str | None:
    """Return the first words found that threaten, bribe or rank, or None."""
    lowered = text[:SCAN_MAX].lower() if words else ""
    words = tuple(word for word in words if word.stem in lowered)
    if not words:
        return None
    lowered = " ".join(lowered.split())
    for _, pattern in words:
        for found in pattern.finditer(lowered):
            if _ITSELF_DENYING.match(found[0]) or not _DENIED.search(
                lowered, max(0, found.start() - 40), found.start()
            ):
                return found[0]
    return None
