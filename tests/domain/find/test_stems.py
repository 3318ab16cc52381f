"""Stems: this module is the tests that each language we name has its rules, whichever of them is asked first."""

import pytest

from nudges.domain.find.stems import stem

# What a stemmer leaves of a word in the plural, or in a case that is written at its end.
ENDINGS = {
    "da": ("husene", "hus"),
    "de": ("Rechnungen", "Rechnung"),
    "en": ("meetings", "meet"),
    "es": ("reuniones", "reunion"),
    "fi": ("taloissa", "talo"),
    "fr": ("factures", "factur"),
    "hu": ("házakban", "haz"),
    "it": ("riunioni", "riunion"),
    "nb": ("husene", "hus"),
    "nl": ("facturen", "factuur"),
    "no": ("husene", "hus"),
    "pl": ("domami", "dom"),
    "pt": ("faturas", "fatur"),
    "ro": ("casele", "cas"),
    "ru": ("домами", "дом"),
    "sv": ("husen", "hus"),
    "tr": ("evler", "ev"),
}


@pytest.mark.parametrize("language", ENDINGS)
def test_every_language_we_name_has_its_stemmer(language: str) -> None:
    word, stemmed = ENDINGS[language]
    assert stem(word.lower(), language) == stemmed.lower()


def test_a_language_we_have_no_stemmer_of_only_loses_its_accents() -> None:
    assert stem("çözümler", "az") == "cozumler"
