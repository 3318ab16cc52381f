"""Languages by their letters: this module is the list of ISO 639-1 and what people write in its place."""

from collections.abc import Mapping

LANGUAGES = frozenset(
    str.split(
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv "
        "dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig "
        "ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh "
        "mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru "
        "rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug "
        "uk ur uz ve vi vo wa wo xh yi yo za zh zu",
    )
)
_FREQUENT = ("en", "de", "es", "fr", "pt", "it", "nl", "pl", "ja", "zh")
_MEANT: Mapping[str, str] = {
    "english": "en",
    "eng": "en",
    "german": "de",
    "deutsch": "de",
    "deu": "de",
    "ger": "de",
    "spanish": "es",
    "español": "es",
    "spa": "es",
    "sp": "es",
    "french": "fr",
    "français": "fr",
    "fra": "fr",
    "fre": "fr",
    "portuguese": "pt",
    "português": "pt",
    "por": "pt",
    "po": "pt",
    "brazilian": "pt-BR",
    "italian": "it",
    "italiano": "it",
    "dutch": "nl",
    "japanese": "ja",
    "jp": "ja",
    "chinese": "zh",
    "cn": "zh",
    "czech": "cs",
    "cz": "cs",
    "danish": "da",
    "dk": "da",
    "greek": "el",
    "gr": "el",
    "polish": "pl",
    "swedish": "sv",
    "korean": "ko",
    "hindi": "hi",
    "arabic": "ar",
    "turkish": "tr",
}


def is_language(code: str) -> bool:
    """Return whether the code, region aside, is a language; three letters are taken on trust."""
    head = code.partition("-")[0]
    return head in LANGUAGES or (len(head) == 3 and head not in _MEANT)


def language_meant(text: str) -> str | None:
    """Return the code that somebody meant by a language's name, a country's letters or a slip, or None."""
    word = text.strip().casefold()
    if len(word) != 2:
        return _MEANT.get(word)
    return _MEANT.get(word) or next((code for code in _FREQUENT if code[0] == word[0]), None)
