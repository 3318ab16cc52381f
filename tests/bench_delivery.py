"""Delivery, part of `make bench`: everything from the claim to the note, beside slack_sdk's client that only posts."""

import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from slack_sdk import WebClient
from sqlalchemy import text

from bot.blocks.messages import message_blocks
from bot.sender import Sender
from bot.slack_api import SlackMessenger, web_client
from nudges.domain.delivery.pace import Pace
from nudges.domain.people.people import Person
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.ready_messages import message_for
from nudges.services.people.sync_people import refresh_audiences
from nudges.store import deliveries, people
from tests.bench_slack import quick_slack
from tests.fakes import utc
from tests.services.house import FRIDAY, TEAM, House, a_text, furnish, visit

MESSAGES = int(os.environ.get("NUDGER_BENCH_POSTS", "3000"))
IN_FLIGHT = 20
UNLIMITED = 100_000.0


def posting(line: Callable[[str, float, float, str], None]) -> None:
    """Send a wave to a Slack without limits, and post the same messages with slack_sdk's client alone."""
    with tempfile.TemporaryDirectory() as folder, quick_slack() as url:
        furnish(Path(folder) / "furnished")
        with visit(Path(folder) / "furnished", Path(folder) / "house", FRIDAY) as house:
            plan(house)
            blocks, words = _built(house)
            (baseline, bare_work), (ours, work) = _bare(url, words, blocks), _whole(house, url)
            again, more_work = _bare(url, words, blocks)
    baseline, bare_work = min(baseline, again), min(bare_work, more_work)
    line(f"{MESSAGES} deliveries, {IN_FLIGHT} in flight", ours, baseline, "slack_sdk's client, posting alone")
    line("the same in processor time", work, bare_work, "on a busy machine this says more than the clock")


def plan(house: House) -> None:
    everybody = [Person(f"UX{number}", first_name="A", department="Customer service") for number in range(MESSAGES)]
    with house.core.db.begin() as session:
        people.upsert_directory(session, TEAM, everybody, FRIDAY)
        session.execute(text("UPDATE people SET department = 'Customer service', slack_zone = 'Europe/Lisbon'"))
    house.run(a_text())
    refresh_audiences(house.core)
    plan_deliveries(house.core)
    house.clock.now = utc("2027-01-12 10:00")


def _built(house: House) -> tuple[list[dict[str, object]], str]:
    with house.core.db.reading() as session:
        one = deliveries.waiting(session, TEAM)[0]
        message = message_for(session, house.core, one)
    assert message is not None
    return [block.to_dict() for block in message_blocks(message)], "Stuck on a billing question?"


def _bare(url: str, words: str, blocks: list[dict[str, object]]) -> tuple[float, float]:
    client = WebClient(token="xoxb-bench", base_url=url)
    fixed = {"text": words, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}

    def post(number: int) -> None:
        payload = {"event_type": "nudge_delivery", "event_payload": {"delivery_id": f"{number:032}"}}
        client.chat_postMessage(channel=f"UX{number}", metadata=payload, **fixed)

    started, worked = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(post, range(MESSAGES)))
    return time.perf_counter() - started, time.process_time() - worked


def _whole(house: House, url: str) -> tuple[float, float]:
    messenger = SlackMessenger(web_client(token="xoxb-bench", base_url=url, timeout_s=10))
    core = replace(house.core, messenger=messenger)
    sender = Sender(core, Pace(UNLIMITED, UNLIMITED, UNLIMITED), timedelta(seconds=60))
    started, worked = time.perf_counter(), time.process_time()
    posted = sender.drain()
    spent, work = time.perf_counter() - started, time.process_time() - worked
    sender.stop()
    messenger.close()
    assert posted >= MESSAGES, posted
    return spent * MESSAGES / posted, work * MESSAGES / posted


if __name__ == "__main__":
    posting(
        lambda what, ours, bare, _: print(
            f"{what}: {MESSAGES / ours:.0f}/s, bare {MESSAGES / bare:.0f}/s, {bare / ours:.2f}x"
        )
    )
