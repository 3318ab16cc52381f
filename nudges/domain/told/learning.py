"""How the model over the embeddings is learnt: this module fits a multinomial logistic regression, always the same."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nudges.domain.told.fusion import Vector, Weights

FREEDOM = 50.0  # how much the messages count against small weights
STEPS = 400


def learnt(features: Vector, shares: Vector, *, seed: str = "", freedom: float = FREEDOM) -> Weights:
    """Return the weights under which the messages are likeliest; `shares` has a row a message that sums to 1."""
    from scipy.optimize import minimize

    centre = features.mean(axis=0)
    centred = features - centre
    numbers, kinds = features.shape[1], shares.shape[1]

    def cost(flat: Vector) -> tuple[float, Vector]:
        return _cost(flat.reshape(numbers + 1, kinds), centred, shares, freedom)

    found = minimize(cost, np.zeros((numbers + 1) * kinds), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    table = found.x.reshape(numbers + 1, kinds)
    return Weights(table[:-1], table[-1] - centre @ table[:-1], seed)


def shares_of(labels: Sequence[Sequence[str]], kinds: Sequence[str]) -> Vector:
    """Return a row for each message: what is said shares it equally, and `none` is the last column."""
    shares = np.array([[kind in said for kind in kinds] + [not set(said) & set(kinds)] for said in labels], dtype=float)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def fingerprint(seed: bytes) -> str:
    """Return what tells one seed set from another."""
    return hashlib.sha256(seed).hexdigest()


def families(embeddings: NDArray[np.float32], nearness: float = 0.7) -> NDArray[np.int32]:
    """Return a number for each message, the same for rewordings of one idea: they must not be split in a check."""
    from scipy.sparse.csgraph import connected_components

    centred = embeddings - embeddings.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(connected_components(unit @ unit.T > nearness)[1])


def _cost(table: Vector, centred: Vector, shares: Vector, freedom: float) -> tuple[float, Vector]:
    """Return the penalised log loss and its slope."""
    values = centred @ table[:-1] + table[-1]
    values -= values.max(axis=1, keepdims=True)
    logs = values - np.log(np.exp(values).sum(axis=1, keepdims=True))
    wrong = np.exp(logs) - shares
    penalty = np.vstack([table[:-1], np.zeros((1, table.shape[1]))])  # the bias is free
    slope = freedom * np.vstack([centred.T @ wrong, wrong.sum(axis=0)]) + penalty
    return float(-freedom * (shares * logs).sum() + (penalty**2).sum() / 2), slope.ravel()
