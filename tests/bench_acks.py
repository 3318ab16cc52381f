"""Acknowledgements, part of `make bench`: from a signed click to its ack, its row written, while a wave is sent."""

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
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode

import slack_bolt
import uvicorn
from slack_bolt.adapter.starlette.handler import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.listeners import register
from bot.sender import Sender
from bot.slack_api import SlackMessenger, web_client
from nudges.domain.delivery.pace import Pace
from nudges.services.core import Core
from nudges.store import deliveries
from tests import bench_delivery
from tests.bench_slack import quick_slack
from tests.bot.web_examples import FORM, SECRET, an_app, signed
from tests.services.house import FRIDAY, TEAM, furnish, visit

CLICKS = int(os.environ.get("NUDGER_BENCH_CLICKS", "1000"))
RATED = 300
RATE, AT_ONCE, WAVE = 100, 10, 20.0
PATH = "/slack/events"


def acking(line: Callable[[str, float, float, str], None]) -> None:
    """Print the 99th percentile at a hundred a second during a wave, and the highest rate, beside a default app."""
    seconds = {}
    for kind in ("default", "ours"):
        with (
            quick_slack() as slack,
            tempfile.TemporaryDirectory() as folder,
            _server(kind, slack, folder) as (pid, port, ids),
        ):
            asyncio.run(_at_once(port, ids[:20]))
            before = _processor_seconds(pid)
            seconds[kind] = asyncio.run(_at_once(port, ids[20:CLICKS]))
            each = (_processor_seconds(pid) - before) / (CLICKS - 20)
            late = asyncio.run(_at_rate(port, ids[CLICKS : CLICKS + RATED]))
            p50, p99 = late[len(late) // 2], late[int(len(late) * 0.99) - 1]
            lost = sum(math.isinf(one) for one in late)
            print(f"  ({kind}: {each * 1000:.1f} ms of processor a click, the wave beside it included)")
            print(f"  ({kind}: at {RATE} a second p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, {lost} not acked)")
    line(f"{CLICKS - 20} clicks acked", seconds["ours"], seconds["default"], "a default Bolt app that only acks")


def _click(person: str, delivery_id: str) -> bytes:
    action = {"action_id": "mark_useful", "block_id": f"b.{delivery_id}", "type": "button", "value": delivery_id}
    body = {
        "type": "block_actions", "team": {"id": TEAM, "domain": "d"}, "user": {"id": person, "team_id": TEAM},
        "api_app_id": "A1", "trigger_id": "1.2.3", "actions": [action], "channel": {"id": "D1"}, "token": "t",
        "container": {"type": "message", "message_ts": "1.2", "channel_id": "D1"},
    }  # fmt: skip
    return urlencode({"payload": json.dumps(body)}).encode()


async def _ask(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, one: tuple[str, str]) -> float:
    body = _click(*one)
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(body, FORM).items())
    started = time.perf_counter()
    writer.write(f"POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n{head}\r\n".encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    is_acked = b" 200 " in answer.split(b"\r\n")[0]
    length = re.search(rb"content-length: *(\d+)", answer, re.IGNORECASE)
    await reader.readexactly(int(length[1]) if length else 0)
    return time.perf_counter() - started if is_acked else math.inf


async def _at_once(port: int, ids: list[tuple[str, str]]) -> float:
    queue = iter(ids)

    async def hand() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for one in queue:
            await _ask(port, reader, writer, one)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(AT_ONCE)))
    return time.perf_counter() - started


async def _at_rate(port: int, ids: list[tuple[str, str]]) -> list[float]:
    async def one_click(one: tuple[str, str]) -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        spent = await _ask(port, reader, writer, one)
        writer.close()
        return spent

    started, tasks = time.perf_counter(), []
    for number, one in enumerate(ids):
        await asyncio.sleep(max(0.0, started + number / RATE - time.perf_counter()))
        tasks.append(asyncio.ensure_future(one_click(one)))
    return sorted(await asyncio.gather(*tasks))


def _processor_seconds(pid: int) -> float:
    """Return the processor time of a process: on a busy machine it says more than the clock."""
    spent = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


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
        bench_delivery.MESSAGES = CLICKS + 1500
        bench_delivery.plan(house)
        with house.core.db.reading() as session:
            waiting = deliveries.waiting(session, TEAM)
        ids = [(one.person_id, one.delivery_id) for one in waiting]
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
    who = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-1", bot_id="B1", bot_user_id="UBOT")
    bolt = slack_bolt.App(
        signing_secret=SECRET, client=WebClient(base_url=slack, retry_handlers=[]), authorize=lambda: who,
        process_before_response=True, listener_executor=ThreadPoolExecutor(10), request_verification_enabled=False,
        ssl_check_enabled=False,
    )  # fmt: skip
    register(bolt, core, response_hosts=("127.0.0.1",))
    # A wave at a workspace's usual pace, five times over.
    sender = Sender(core, Pace(WAVE, WAVE, WAVE), timedelta(seconds=1))
    threading.Timer(1.0, sender.start).start()
    return an_app(bolt)


if __name__ == "__main__":
    acking(lambda what, ours, bare, _: print(f"{what}: {ours:.2f} s, a default app {bare:.2f} s, {bare / ours:.2f}x"))
