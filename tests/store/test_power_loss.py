"""The power goes: this module cuts a recorded life of the database at many points and starts again from what is left.

A process lives through a wave while every write to the disk is noted. For each cut the files are put together again
without some of what was not yet synced; the database must be whole, remember what it promised, and double nothing.
"""

import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from nudges.domain.delivery.messages import Message
from nudges.ports import Receipt
from nudges.services.delivery.settle_deliveries import abandon_all, settle_deliveries
from tests.fakes import Standing
from tests.services.house import DATABASE, a_text, furnish, open_house
from tests.soak import luck
from tests.store.disk import MARK, Note, after_a_power_cut, build, notes
from tests.store.power_life import NOON

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
CUTS = int(os.environ.get("NUDGER_ROUNDS", "1000" if IS_SOAK else "100"))
RESTARTS = CUTS if IS_SOAK else 8  # from how many of them a wave is finished
SEED = luck(5)
ROOT = Path(__file__).resolve().parents[2]
WAL = f"{DATABASE}-wal"
SEGMENT = "customer-service"

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.timeout(60 + CUTS)]


@dataclass(frozen=True)
class Life:
    """What stood on the disk before, and everything that was asked of it afterwards."""

    folder: Path
    before: dict[str, bytes]
    notes: list[Note]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    folder = tmp_path_factory.mktemp("power") / "house"
    furnish(folder)
    house = open_house(folder)
    house.run(a_text(segments=SEGMENT))
    house.core.db.close()
    before = {path.name: path.read_bytes() for path in folder.glob(f"{DATABASE}*") if not path.name.endswith("-shm")}
    log = folder.parent / "disk.log"
    shim = {"LD_PRELOAD": str(build(folder.parent)), "DISK_LOG": str(log), "DISK_FILE": f"{folder}/{DATABASE}"}
    command = [sys.executable, "-m", "tests.store.power_life", str(folder), f"{folder}/{DATABASE}.marks"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **shim}, check=True, timeout=120)
    return Life(folder, before, notes(log))


def marks(asked: list[Note]) -> list[list[str]]:
    return [note.data.decode().split() for note in asked if note.kind == MARK]


def put_down(life: Life, folder: Path, cut: int, seed: int) -> Path:
    """Put the files into a folder as the power cut leaves them; return the database."""
    folder.mkdir()
    for name, content in after_a_power_cut(life.before, life.notes[:cut], random.Random(seed)).items():
        (folder / name).write_bytes(content)
    return folder / DATABASE


def cuts(life: Life, count: int) -> list[tuple[int, int]]:
    """Return points of the life, spread over all of it, each with the seed of what gets lost there."""
    dice = random.Random(SEED)
    step = len(life.notes) / count
    return [(int(number * step + dice.uniform(0, step)), dice.randrange(2**32)) for number in range(count)]


def test_the_recorded_life_syncs_each_promise_and_folds_the_log_in(life: Life) -> None:
    kinds = Counter((note.kind, note.name) for note in life.notes)
    assert kinds["S", WAL] > 40 and kinds["S", DATABASE] > 2 and kinds["W", DATABASE] > 20
    assert marks(life.notes)[-1] == ["end"]


def test_after_a_power_cut_at_any_point_the_database_is_whole_and_forgets_no_promise(
    life: Life, tmp_path: Path
) -> None:
    for number, (cut, seed) in enumerate(cuts(life, CUTS)):
        database = put_down(life, tmp_path / str(number), cut, seed)
        with closing(sqlite3.connect(database)) as found:
            assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)], f"cut {cut}, seed {seed}"
            rows = dict(found.execute("SELECT delivery_id, status FROM deliveries").fetchall())
        for words in marks(life.notes[:cut]):
            if words[0] == "posted":
                assert rows[words[2]] in ("sending", "sent"), f"an intent is lost: cut {cut}, seed {seed}"
            if words[0] == "sent":
                assert rows[words[2]] == "sent", f"a receipt is lost: cut {cut}, seed {seed}"


def test_after_a_power_cut_the_wave_goes_on_without_a_loss_or_a_double(life: Life, tmp_path: Path) -> None:
    for number, (cut, seed) in enumerate(cuts(life, RESTARTS)):
        folder = tmp_path / str(number)
        put_down(life, folder, cut, seed)
        (folder / "playbooks").symlink_to(life.folder / "playbooks")
        house = open_house(folder, NOON + timedelta(minutes=1))
        for words in marks(life.notes[:cut]):
            if words[0] == "posted":
                house.messenger.standing.append(
                    standing(person_id=words[1], delivery_id=words[2], number=int(words[3]))
                )
        abandon_all(house.core)
        for _ in range(4):  # rest, look up, look up again, send
            house.tick()
            house.clock.advance(minutes=3)
        settle_deliveries(house.core)
        assert house.messenger.doubled() == 0, f"cut {cut}, seed {seed}"
        assert len(house.messenger.standing) == house.states()["sent"] == len(sent_in(life)), f"cut {cut}, seed {seed}"
        house.core.db.close()


def test_a_disk_that_never_syncs_would_lose_promises(life: Life, tmp_path: Path) -> None:
    """Negative control: were nothing synced, the same look would find it, or it proves nothing."""
    careless = Life(life.folder, life.before, [note for note in life.notes if note.kind != "S"])
    lost = 0
    for number, (cut, seed) in enumerate(cuts(careless, 20)):
        try:
            with closing(sqlite3.connect(put_down(careless, tmp_path / str(number), cut, seed))) as found:
                rows = dict(found.execute("SELECT delivery_id, status FROM deliveries").fetchall())
        except sqlite3.DatabaseError:
            lost += 1
            continue
        promised = [words[2] for words in marks(careless.notes[:cut]) if words[0] == "posted"]
        lost += any(rows.get(one) not in ("sending", "sent") for one in promised)
    assert lost > 5


def sent_in(life: Life) -> list[list[str]]:
    return [words for words in marks(life.notes) if words[0] == "sent"]


def standing(*, person_id: str, delivery_id: str, number: int) -> Standing:
    """Return a message as it stood at Slack when the power went."""
    receipt = Receipt(f"D{person_id[1:]}", f"{NOON.timestamp():.0f}.{number:06d}")
    return Standing(person_id, Message(delivery_id, "tip", ""), receipt, NOON, NOON)
