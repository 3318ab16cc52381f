"""What words and meaning say together: this module joins the word lists with a linear model over an embedding.

The word lists are sure where a line is found and silent elsewhere; the model has an opinion about everything. A weighed
mean of both is better than either. Who can turn a text into numbers is the caller's to know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.told.classify import ENOUGH, LONGEST, Guess, classify, labels, words_for
from nudges.domain.told.gates import signs
from nudges.domain.told.patterns import folded

LONGEST_EMBEDDED = 240  # characters: time grows with them, and replies are shorter
LONGEST_WITHOUT_SPACES = 120  # the same where a character is a word
WEIGHT = 0.65  # of the model; the rest is the word lists'
THRESHOLD = 0.4  # of the weighed mean, from which on a kind is said; becomes ENOUGH
SIGN = 0.3  # how much a sign of the gates counts beside the embedding's numbers, which are small
NONE = len(BarrierKind)  # the model's last column: no barrier
WEIGHTS = "weights.npz"
Vector = NDArray[np.float64]
Embed = Callable[[str], NDArray[np.float32]]


@dataclass(frozen=True)
class Weights:
    """A row for each number of an embedding and each sign of the gates, a column for each kind and one for none."""

    matrix: Vector
    bias: Vector
    seed: str  # the fingerprint of the messages it was learnt from

    def probabilities(self, features: Vector) -> Vector:
        """Return how likely each kind is, `none` last; together they are 1."""
        raised = np.exp((values := features @ self.matrix + self.bias) - values.max())
        return np.asarray(raised / raised.sum(), dtype=np.float64)


def classify_embedded(text: str, language: str, embed: Embed, weights: Weights | None = None) -> Guess:
    """Return the guess of words and meaning for a text; `embed` turns a short text into numbers."""
    if not text.strip():
        return classify(text, language)
    by_meaning = (weights or stored_weights()).probabilities(features(text, language, embed))
    by_words = classify(text, language).scores
    means = (WEIGHT * by_meaning[index] + (1 - WEIGHT) * by_words[kind] for index, kind in enumerate(BarrierKind))
    scores = dict(zip((kind.value for kind in BarrierKind), map(_stretched, means), strict=True))
    return Guess(labels(scores), scores)


def features(text: str, language: str, embed: Embed) -> Vector:
    """Return what the model looks at: the embedding of the text's beginning, and the signs of the gates."""
    words = words_for(text, language)
    seen = np.array(signs(folded(text[:LONGEST]), words), dtype=np.float64)
    return np.concatenate([np.asarray(embed(shortened(text)), dtype=np.float64), SIGN * seen])


def shortened(text: str) -> str:
    """Return the beginning of a text, as much as is embedded: the work must not grow with what people paste."""
    plain = " ".join(text.split())
    return plain[: LONGEST_EMBEDDED if plain[:LONGEST_EMBEDDED].isascii() else _room(plain)]


@lru_cache(maxsize=1)
def stored_weights() -> Weights:
    """Return the weights that come with this release; `python -m tests.learn_text` makes them."""
    with np.load(BytesIO((resources.files(__package__) / WEIGHTS).read_bytes())) as stored:
        return Weights(stored["matrix"].astype(np.float64), stored["bias"].astype(np.float64), str(stored["seed"]))


def _room(plain: str) -> int:
    """Return how many characters are embedded; one outside the Latin letters takes the room of two."""
    wide = sum(ord(sign) > 0x2FF for sign in plain[:LONGEST_EMBEDDED])
    return max(LONGEST_WITHOUT_SPACES, LONGEST_EMBEDDED - wide)


def _stretched(mean: float) -> float:
    """Return the mean on the scale of the word lists, so that ENOUGH means the same for both methods."""
    if mean < THRESHOLD:
        return round(float(ENOUGH * mean / THRESHOLD), 4)
    return round(float(ENOUGH + (1 - ENOUGH) * (mean - THRESHOLD) / (1 - THRESHOLD)), 4)
