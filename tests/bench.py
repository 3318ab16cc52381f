"""`make bench`: this module prints ratios against a baseline measured in the same run; it asserts nothing."""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import yaml
from slack_sdk import WebClient
from sqlalchemy import select

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import BOT_TOKEN, Slack
from bot.slack_api import web_client
from nudges.domain.files.loading import load_company, load_playbook
from nudges.domain.people.people import Person
from nudges.store import people
from nudges.store.engine import open_database
from nudges.store.migrate import upgrade
from nudges.store.tables import PersonRow
from tests import (
    bench_acks,
    bench_delivery,
    bench_detection,
    bench_find,
    bench_flat,
    bench_pace,
    bench_planning,
    bench_playbooks,
    bench_recall,
    bench_rehearsal,
    bench_remeasure,
    bench_reports,
    bench_start,
    bench_sync,
)

POSTS = 1000
PEOPLE = 20_000
LOADS = 30


def main() -> None:
    """Run each pair and print seconds and ratio."""
    print(f"{'what':<44}{'ours':>10}{'baseline':>10}{'ratio':>8}   baseline is")
    posts()
    directory()
    loader()
    bench_playbooks.loading(line, timed)
    bench_playbooks.checking(line, timed)
    bench_rehearsal.rehearsing()
    bench_pace.limits()
    bench_delivery.posting(line)
    bench_acks.acking(line)
    bench_sync.syncing(line)
    bench_reports.reading(line)
    bench_find.finding()
    bench_recall.recalling(seeds=range(200, 203) if "--quick" in sys.argv else bench_recall.SEEDS)
    bench_detection.detecting(range(900, 903) if "--quick" in sys.argv else bench_detection.SEEDS)
    bench_remeasure.looking_back(range(1000, 1004) if "--quick" in sys.argv else bench_remeasure.SEEDS)
    bench_start.starting(line)
    bench_flat.flat(*bench_flat.BEHIND[:2] if "--quick" in sys.argv else bench_flat.BEHIND)
    bench_planning.planning(bench_planning.QUICK if "--quick" in sys.argv else bench_planning.PEOPLE)


def line(what: str, ours: float, baseline: float, meaning: str) -> None:
    """Print one comparison; a ratio above one means we are quicker."""
    print(f"{what:<44}{ours:>9.2f}s{baseline:>9.2f}s{baseline / ours:>8.2f}   {meaning}", flush=True)


def timed(work: Callable[[], object]) -> float:
    """Return how long the work takes, the better of two runs."""
    runs = []
    for _ in range(2):
        started = time.perf_counter()
        work()
        runs.append(time.perf_counter() - started)
    return min(runs)


def posts() -> None:
    """Post through one pool of connections and through slack_sdk's own way."""
    slack = Slack(people=[{"id": f"U{number}", "real_name": "A"} for number in range(100)])
    with SandboxServer(slack, port=0) as server:
        pooled = web_client(token=BOT_TOKEN, base_url=server.api_url, timeout_s=10)
        plain = WebClient(token=BOT_TOKEN, base_url=server.api_url, retry_handlers=[])
        ours, baseline = timed(lambda: post_all(pooled)), timed(lambda: post_all(plain))
    line(f"{POSTS} posts, 20 in flight", ours, baseline, "slack_sdk's client, a connection a call")


def post_all(client: WebClient) -> None:
    """Post a thousand messages in twenty threads."""
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: client.chat_postMessage(channel=f"U{number % 100}", text="A tip."), range(POSTS)))


def directory() -> None:
    """Read everybody as plain rows and as objects."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/bench.db")
        upgrade(database)
        everybody = [Person(f"U{number:06}", department="Sales", place="Lisbon") for number in range(PEOPLE)]
        with database.begin() as session:
            people.upsert_directory(session, "T1", everybody, datetime.now(UTC))

        def as_rows() -> None:
            with database.reading() as session:
                assert sum(1 for _ in people.everybody(session, "T1")) == PEOPLE

        def as_objects() -> None:
            with database.reading() as session:
                assert len(session.execute(select(PersonRow)).scalars().all()) == PEOPLE

        line(f"{PEOPLE} people read", timed(as_rows), timed(as_objects), "SQLModel objects")
        database.close()


def loader() -> None:
    """Load the shipped playbooks with places and every check, and with yaml.safe_load, which checks nothing."""
    folder = Path(__file__).resolve().parents[1] / "playbooks"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml")) if path.stem != "company"]
    company = load_company((folder / "company.yaml").read_text(encoding="utf-8"), file="company.yaml").value

    def ours() -> None:
        for text in texts * LOADS:
            assert load_playbook(text, file="bench", company=company).value is not None

    def baseline() -> None:
        for text in texts * LOADS:
            yaml.safe_load(text)

    line(
        f"{len(texts) * LOADS} playbooks loaded and checked", timed(ours), timed(baseline), "yaml.safe_load, unchecked"
    )


if __name__ == "__main__":
    sys.exit(main())
