"""Acknowledgements, part of `make bench`: from a signed click to its ack, its row written, while a wave is sent.

Clicks come from this process, each with the message it stood in, as Slack sends them; the server and the Slack that
takes posts and redraws are processes of their own. Processor time is that of the server alone. All clicks are on
messages that were sent, so each is followed by a redraw.
"""

import asyncio
import json
import math
import multiprocessing
import os
import re
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode

import slack_bolt
import uvicorn
from slack_bolt.adapter.starlette.handler import SlackRequestHandler
from slack_sdk import WebClient
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.blocks.prepared import prepared
from bot.bootstrap import Installation
from bot.offices import Office
from bot.reception import Reception
from bot.sender import Sender
from bot.settings import Settings
from bot.slack_api import SlackMessenger, web_client
from bot.threads import take_short_turns
from nudges.domain.delivery.messages import Message
from nudges.domain.delivery.pace import Pace
from nudges.services.core import Core
from nudges.store import deliveries
from tests import bench_delivery
from tests.bench_slack import quick_slack
from tests.bot.test_reception import FixedOffices
from tests.bot.web_examples import FORM, SECRET, an_app, signed
from tests.services.house import FRIDAY, TEAM, furnish, visit

CLICKS = int(os.environ.get("NUDGER_BENCH_CLICKS", "1000"))
RATED = 600
RATE, AT_ONCE, WAVE = 100, 10, 20.0
PATH = "/slack/events"
SENT = (
    "UPDATE deliveries SET status = 'sent', attempt = 1, channel_id = 'D1', message_ts = '1.2', sent_at = due_at "
    "WHERE delivery_id = :id"
)


def acking(line: Callable[[str, float, float, str], None]) -> None:
    """Print the 99th percentile at a hundred a second during a wave, and the highest rate, beside a default app."""
    seconds = {}
    for kind in ("default", "ours"):
        with (
            quick_slack() as slack,
            tempfile.TemporaryDirectory() as folder,
            _server(kind, slack, folder) as (pid, port, ids),
        ):
            clicks = [_request(slack, *one) for one in ids]
            asyncio.run(_at_once(port, clicks[:20]))
            wave = _wave_alone(pid)
            before = _processor_seconds(pid)
            seconds[kind] = asyncio.run(_at_once(port, clicks[20:CLICKS]))
            _wait_until_idle(pid, wave)
            each = (_processor_seconds(pid) - before) / (CLICKS - 20)
            before = _processor_seconds(pid)
            late = asyncio.run(_at_rate(port, clicks[CLICKS : CLICKS + RATED]))
            rated = (_processor_seconds(pid) - before) / RATED - wave / RATE
            p50, p99 = late[len(late) // 2], late[int(len(late) * 0.99) - 1]
            lost = sum(math.isinf(one) for one in late)
            print(f"  ({kind}: {each * 1000:.1f} ms of processor a click with wave and redraw, ten at once)")
            print(
                f"  ({kind}: {rated * 1000:.1f} ms a click at {RATE} a second, the wave's {wave * 1000:.0f} ms/s off)"
            )
            print(f"  ({kind}: at {RATE} a second p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, {lost} not acked)")
    line(f"{CLICKS - 20} clicks acked", seconds["ours"], seconds["default"], "a default Bolt app that only acks")


def _request(slack: str, person: str, delivery_id: str) -> bytes:
    """Return a click as it goes over the wire, with the message it stands in and an address for answers."""
    action = {"action_id": "mark_useful", "block_id": f"b.{delivery_id}", "type": "button", "value": delivery_id}
    told = Message(delivery_id, "tip", "Stuck on a billing question? Post it in *#ask-billing*.", language="en")
    text, blocks = prepared(told)
    payload = {
        "type": "block_actions", "team": {"id": TEAM, "domain": "d"}, "user": {"id": person, "team_id": TEAM},
        "api_app_id": "A1", "trigger_id": "1.2.3", "actions": [action], "channel": {"id": "D1"}, "token": "t",
        "container": {"type": "message", "message_ts": "1.2", "channel_id": "D1"}, "response_url": f"{slack}respond",
        "message": {"type": "message", "ts": "1.2", "user": "UBOT", "text": text, "blocks": blocks},
    }  # fmt: skip
    return urlencode({"payload": json.dumps(payload)}).encode()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> float:
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(body, FORM).items())
    started = time.perf_counter()
    writer.write(f"POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n{head}\r\n".encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    is_acked = b" 200 " in answer.split(b"\r\n")[0]
    length = re.search(rb"content-length: *(\d+)", answer, re.IGNORECASE)
    await reader.readexactly(int(length[1]) if length else 0)
    return time.perf_counter() - started if is_acked else math.inf


async def _at_once(port: int, clicks: list[bytes]) -> float:
    queue = iter(clicks)

    async def hand() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for one in queue:
            await _ask(reader, writer, one)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(AT_ONCE)))
    return time.perf_counter() - started


async def _at_rate(port: int, clicks: list[bytes]) -> list[float]:
    async def one_click(one: bytes) -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        spent = await _ask(reader, writer, one)
        writer.close()
        return spent

    started, tasks = time.perf_counter(), []
    for number, one in enumerate(clicks):
        await asyncio.sleep(max(0.0, started + number / RATE - time.perf_counter()))
        tasks.append(asyncio.ensure_future(one_click(one)))
    return sorted(await asyncio.gather(*tasks))


def _processor_seconds(pid: int) -> float:
    """Return the processor time of a process: on a busy machine it says more than the clock."""
    spent = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def _wave_alone(pid: int) -> float:
    """Return the processor time that a second of the wave takes while nobody clicks."""
    time.sleep(2)  # it begins one second after the server
    before = _processor_seconds(pid)
    time.sleep(2)
    return (_processor_seconds(pid) - before) / 2


def _wait_until_idle(pid: int, wave: float) -> None:
    """Wait until redraws that are owed are done, so that they are counted where they belong."""
    for _ in range(100):
        before = _processor_seconds(pid)
        time.sleep(0.3)
        if _processor_seconds(pid) - before <= wave * 0.3 + 0.05:
            return


@contextmanager
def _server(kind: str, slack: str, folder: str) -> Iterator[tuple[int, int, list[tuple[str, str]]]]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(kind, slack, folder, theirs), daemon=True
    )
    process.start()
    try:
        port, ids = ours.recv()
        yield process.pid or 0, port, ids
    finally:
        process.terminate()
        process.join()


def _serve(kind: str, slack: str, folder: str, ready: Connection) -> None:
    furnish(Path(folder) / "furnished")
    with visit(Path(folder) / "furnished", Path(folder) / "house", FRIDAY) as house:
        bench_delivery.MESSAGES = CLICKS + RATED + 1500
        bench_delivery.plan(house)
        with house.core.db.reading() as session:
            waiting = deliveries.waiting(session, TEAM)[: CLICKS + RATED]
        ids = [(one.person_id, one.delivery_id) for one in waiting]
        with house.core.db.begin() as session:
            told = [{"id": delivery_id} for _, delivery_id in ids]
            session.execute(text(SENT), told)
        app = _default(slack) if kind == "default" else _ours(slack, house.core)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            ready.send((listening.getsockname()[1], ids))
            config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
            uvicorn.Server(config).run(sockets=[listening])


def _default(slack: str) -> Starlette:
    app = slack_bolt.App(token="xoxb-1", signing_secret=SECRET, client=WebClient(token="xoxb-1", base_url=slack))
    app.action(re.compile(".*"))(lambda ack: ack())
    handler = SlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route(PATH, endpoint, methods=["POST"])])


def _ours(slack: str, core: Core) -> Starlette:
    messenger = SlackMessenger(web_client(token="xoxb-1", base_url=slack, timeout_s=10))
    core = replace(core, messenger=messenger)
    here = Installation(TEAM, "Here", "UBOT", "B1", "", "")
    settings = Settings(_env_file=None, slack_api_url=slack)  # type: ignore[call-arg]
    office = Office(here, core, lambda: "xoxb-1")
    # A wave at a workspace's usual pace, twenty times over.
    sender = Sender(core, Pace(WAVE, WAVE, WAVE), timedelta(seconds=1))
    threading.Timer(1.0, sender.start).start()
    take_short_turns()  # as `nudger run` does
    return an_app(Reception(settings, FixedOffices({TEAM: office})))


if __name__ == "__main__":
    acking(lambda what, ours, bare, _: print(f"{what}: {ours:.2f} s, a default app {bare:.2f} s, {bare / ours:.2f}x"))
