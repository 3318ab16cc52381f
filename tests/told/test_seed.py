"""The seed set: this module holds its labels, and the figures of the word lists on it, to floors."""

import json
from collections.abc import Iterator
from importlib import resources

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.told.classify import classify

KINDS = {kind.value for kind in BarrierKind}


def seed() -> Iterator[dict[str, object]]:
    source = resources.files("nudges.domain.told") / "seed.jsonl"
    for line in source.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def test_every_message_of_the_seed_has_known_labels_and_none_stands_alone() -> None:
    for row in seed():
        labels = row["labels"]
        assert isinstance(labels, list)
        assert labels == ["none"] or set(labels) <= KINDS
        assert labels


def test_no_two_messages_of_the_seed_are_the_same() -> None:
    rows = list(seed())

    assert len({row["id"] for row in rows}) == len(rows) == len({str(row["text"]).lower() for row in rows})


def test_messages_without_a_barrier_are_left_alone() -> None:
    harmless = [row for row in seed() if row["labels"] == ["none"]]
    flagged = [row for row in harmless if classify(str(row["text"]), str(row["lang"])).labels]

    assert len(flagged) <= 0.08 * len(harmless)


def test_a_discouraging_manager_is_not_seen_where_there_is_none() -> None:
    found = right = there = 0
    for row in seed():
        is_there = "manager_discourages" in str(row["labels"])
        is_found = "manager_discourages" in classify(str(row["text"]), str(row["lang"])).labels
        found, right, there = found + is_found, right + (is_found and is_there), there + is_there

    assert right / found >= 0.85
    assert right / there >= 0.60
