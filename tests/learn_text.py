"""The model that reads by meaning, learnt anew: this module fits it to the seed set and tells how good it is.

    python -m tests.learn_text

Needs the text extra. The figures come from messages that the model had not seen: five times a fifth is left out, and
rewordings of one idea always stay on the same side. The word lists were written with the seed set in view, so only the
messages kept apart and the development check tell anything about both together.
"""

import json
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

import numpy as np

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.told.classify import classify
from nudges.domain.told.fusion import THRESHOLD, WEIGHTS, Vector, Weights, classify_embedded, features
from nudges.domain.told.learning import families, fingerprint, learnt, shares_of
from nudges.services.barriers.read_texts import Reader, embedder
from tests.text_figures import figures

FOLDS = 5
SPREAD = 7919  # a prime: the families go to the folds in no order of their own
KINDS = tuple(kind.value for kind in BarrierKind)
SEED = resources.files("nudges.domain.told") / "seed.jsonl"
APART = Path(__file__).parent / "data" / "told_apart.jsonl"
Rows = Sequence[dict[str, object]]


def rows_of(text: str) -> Rows:
    """Return the messages of a file with one JSON object a line."""
    return [json.loads(line) for line in text.splitlines()]


def main() -> None:
    """Write the weights beside the seed set, and print the figures."""
    seed = rows_of(SEED.read_text(encoding="utf-8"))
    seen = features_of(seed)
    weights = learnt(seen, shares(seed), seed=fingerprint(SEED.read_bytes()))
    store(weights, Path(str(SEED)).with_name(WEIGHTS))
    print("meaning alone, seed, each fifth unseen:", figures(seed, unseen(seed, seen)))
    apart = rows_of(APART.read_text(encoding="utf-8"))
    print("words alone, kept apart:               ", figures(apart, guesses(apart, classify)))
    embed = embedder()
    both = guesses(apart, lambda text, language: classify_embedded(text, language, embed, weights))
    print("words and meaning, kept apart:         ", figures(apart, both))


def features_of(rows: Rows) -> Vector:
    """Return what the model looks at, a row a message."""
    embed = embedder()
    return np.array([features(str(row["text"]), str(row["lang"]), embed) for row in rows])


def shares(rows: Rows) -> Vector:
    """Return what was said, a row a message."""
    return shares_of([row["labels"] for row in rows], KINDS)  # type: ignore[misc]


def store(weights: Weights, path: Path) -> None:
    """Write the weights; half the digits are enough, and the same weights always make the same file."""
    small = {name: np.asarray(getattr(weights, name), dtype=np.float32) for name in ("matrix", "bias")}
    np.savez_compressed(path, seed=np.array(weights.seed), **small)


def unseen(rows: Rows, seen: Vector) -> list[tuple[str, ...]]:
    """Return the labels of each message from a model that saw neither it nor a rewording of it."""
    fold = families(seen[:, :384].astype(np.float32)) * SPREAD % FOLDS
    probabilities = np.zeros((len(rows), len(KINDS) + 1))
    for left_out in range(FOLDS):
        is_known = fold != left_out
        weights = learnt(seen[is_known], shares(rows)[is_known])
        probabilities[~is_known] = [weights.probabilities(row) for row in seen[~is_known]]
    return [labels_over(THRESHOLD, row[:-1]) for row in probabilities]


def labels_over(threshold: float, probabilities: Iterable[float]) -> tuple[str, ...]:
    """Return the kinds at least so likely."""
    return tuple(kind for kind, share in zip(KINDS, probabilities, strict=True) if share >= threshold)


def guesses(rows: Rows, guess: Reader) -> list[tuple[str, ...]]:
    """Return the labels that a method finds."""
    return [guess(str(row["text"]), str(row["lang"])).labels for row in rows]


if __name__ == "__main__":
    main()
