"""The directory, part of `make bench`: a hundred thousand people read and stored, beside only asking for every page."""

import os
import resource
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from slack_sdk import WebClient
from sqlalchemy import event

from bot.slack_api import SlackDirectory, web_client
from nudges.services.people.sync_people import sync_people
from nudges.store.engine import Database
from tests.bench_slack import quick_slack
from tests.services.house import FRIDAY, furnish, visit

PEOPLE = int(os.environ.get("NUDGER_BENCH_PEOPLE", "100000"))
MIB = 1024 * 1024


def syncing(line: Callable[[str, float, float, str], None]) -> None:
    """Read everybody for the first time, and again when nothing has changed."""
    with tempfile.TemporaryDirectory() as folder, quick_slack(PEOPLE) as url:
        furnish(Path(folder) / "furnished")
        _pages(url)  # the server builds its pages once
        bare = _pages(url)
        with visit(Path(folder) / "furnished", Path(folder) / "house", FRIDAY) as house:
            directory = SlackDirectory(web_client(token="xoxb-bench", base_url=url, timeout_s=10), "T1")
            core = replace(house.core, directory=directory)
            held = _held(core.db)
            for what in ("first time", "unchanged"):
                held.clear()
                started, worked = time.perf_counter(), time.process_time()
                assert sync_people(core).people == PEOPLE
                worked = time.process_time() - worked
                line(f"{PEOPLE:,} people synced, {what}", time.perf_counter() - started, bare, "asking for the pages")
                longest, busiest = (max(one) * 1000 for one in zip(*held, strict=True))
                print(f"  (processor {worked:.1f} s; longest write {longest:.0f} ms, {busiest:.0f} ms of processor)")
            print(
                f"  (peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB)"
            )
            tracemalloc.start()
            with house.core.db.reading():
                sum(1 for _ in directory.people())
            print(f"  (peak memory of reading the pages: {tracemalloc.get_traced_memory()[1] / MIB:.0f} MiB)")
            tracemalloc.stop()


def _held(database: Database) -> list[tuple[float, float]]:
    """Return a list that takes down the seconds of each writing transaction: of a clock, and of our processor."""
    begun, lasted = [(0.0, 0.0)], [(0.0, 0.0)]

    def begin(_: object) -> None:
        begun[0] = time.perf_counter(), time.process_time()

    def end(*_: object) -> None:
        lasted.append((time.perf_counter() - begun[0][0], time.process_time() - begun[0][1]))

    event.listen(database.writer, "begin", begin)
    event.listen(database.writer, "checkin", end)
    return lasted


def _pages(url: str) -> float:
    client, cursor = WebClient(token="xoxb-bench", base_url=url), ""
    started = time.perf_counter()
    while True:
        page = client.users_list(limit=200, include_locale=True, **({"cursor": cursor} if cursor else {}))
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            return time.perf_counter() - started


if __name__ == "__main__":
    syncing(lambda what, ours, bare, _: print(f"{what}: {ours:.1f} s, pages alone {bare:.1f} s, {bare / ours:.2f}x"))
