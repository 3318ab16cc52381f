"""Whose benefit comes first: this module hears whether a text opens with what the company gains, not the reader.

It looks at the first sentence only, in English, German, Spanish, French and Portuguese. Whoever speaks of the reader,
or of themselves as a story does, before the company is mentioned is left in peace.
"""

import re

OPENING_MAX = 240  # characters; a first sentence is shorter, and what comes later opens nothing

_GAINS_EN = (
    r"saves?|saved|gains?|wins?|needs?|wants?|expects?|benefits?|profits?|invested|invests|spent|spends|earns?|grows?"
    r"|bought|pays|paid|cuts?|reduces?|requires?|decided|asks?|reach(?:es)?|achieves?|productivity|revenues?|costs?"
    r"|margins?|targets?|goals?|strategy|bottom line|returns?|savings?|investments?|licen[cs]es?|efficiency|money|kpis?"
)
_COMPANY_FIRST = re.compile(
    "|".join(
        (
            rf"\b(?:the|our|this) (?:company|business|firm|organi[sz]ation|enterprise|employer|corporation)(?:['’]s)?"
            rf" (?:[\w-]+ ){{0,2}}?(?:{_GAINS_EN})\b",
            r"\b(?:sav(?:e|es|ing)|help(?:s|ing)?|mak(?:e|es|ing)|earn(?:s|ing)?|bring(?:s|ing)?|giv(?:e|es|ing)"
            r"|good for|for) (?:the|our) (?:company|business|firm|organi[sz]ation|shareholders|bottom line)\b"
            r"(?! (?:trip|card|case|phone|laptop|car|canteen|day|lunch|plan|calendar|account|page))",
            r"\b(?:management|leadership|the board|head ?office|the executives?|the ceo|shareholders|the it department)"
            r" (?:[\w-]+ ){0,2}?(?:wants?|expects?|needs?|decided|requires?|asks?|gains?|saves?)\b",
            r"\b(?:our|company|the company['’]s|corporate) (?:productivity|revenues?|costs|kpis?|margins?|bottom line"
            r"|return on investment|roi|licen[cs]e costs|(?:adoption |usage )?targets|strategy|efficiency)\b",
            r"^(?:to |we )?(?:cut|reduce|lower|increase|raise|boost|improve|drive|maximi[sz]e)(?:s|ing)?"
            r" (?:our |the |company |corporate )?(?:costs|productivity|revenues?|efficiency|utili[sz]ation"
            r"|adoption(?: rates?)?|roi|kpis?|turnover|profits?|licen[cs]e use|return on investment)\b",
            r"\b(?:das|unser|dem|unserem|die|unsere|der|unserer) (?:unternehmen|firma|konzern|betrieb)s?"
            r" (?:[\w-]+ ){0,2}?(?:spart|gewinnt|braucht|will|möchte|erwartet|profitiert|investiert|verdient|wächst"
            r"|senkt|kosten|umsatz|produktivität|ziele)\b",
            r"\bdie geschäfts(?:führung|leitung) (?:[\w-]+ ){0,2}?(?:will|möchte|erwartet|wünscht|verlangt)\b",
            r"\b(?:la|nuestra) (?:empresa|compañía|organización)"
            r" (?:[\w-]+ ){0,2}?(?:ahorra|gana|necesita|quiere|espera|invierte|invirtió|crece|reduce|ha comprado)\b",
            r"(?:\bl['’]|\bnotre )(?:entreprise|organisation|société) (?:[\w-]+ ){0,2}?"
            r"(?:économise|gagne|besoin|veut|souhaite|attend|investit|investi|réduit|grandit)\b",
            r"\b(?:a|nossa) (?:empresa|companhia|organização)"
            r" (?:[\w-]+ ){0,2}?(?:poupa|economiza|ganha|precisa|quer|espera|investe|investiu|cresce|reduz)\b",
        )
    )
)
_STEMS = re.compile(
    r"compan|business|firm|organi|ent[er]{2}prise|employer|corporat|shareholder|bottom line|management|leadership|board"
    r"|office|executive|ceo|department|productivity|revenue|cost|kpi|margin|roi|efficiency|utili|adoption|turnover|profit|licen"
    r"|return|unternehmen|konzern|betrieb|geschäfts|empresa|soci"
)
_READER = re.compile(
    r"\b(?:you|your|yours|yourself|i|i['’]\w+|my|me|mine|du|dein\w*|dir|dich|sie|ihr\w*|ihnen|ich|mein\w*|mir|mich|tú|tu|tus"
    r"|te|ti|usted|su|sus|yo|mi|mis|toi|ton|ta|tes|vous|votre|vos|je|mon|ma|mes|moi|você|teu|tua|seu|sua|eu|meu|minha)\b"
    r"|\{first_name\}|\bj['’]"
)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)|\n\s*\n")
_GREETING = re.compile(r"^\W*(?:(?:hello|hi|dear|hallo|liebe\w*|hola|bonjour|olá)\b[^.,!\n]{0,40}[.,!\n]\s*)?")


def company_first(text: str) -> str | None:
    """Return the words with which the text opens for the company's benefit, or None."""
    opening = _GREETING.sub("", text[: OPENING_MAX * 2].lower(), count=1)[:OPENING_MAX]
    if not _STEMS.search(opening):
        return None
    end = _SENTENCE_END.search(opening)
    sentence = " ".join(opening[: end.start() if end else None].split())
    found = _COMPANY_FIRST.search(sentence)
    if found is None or _READER.search(sentence, 0, found.start()):
        return None
    return found[0]
