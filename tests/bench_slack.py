"""A Slack that answers at once: this module is a tiny HTTP server in a process of its own, for `make bench`."""

import asyncio
import json
import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing.connection import Connection
from typing import ClassVar

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CHANNEL = re.compile(rb'"channel": ?"(\w+)"|channel=(\w+)')
_CURSOR = re.compile(rb"cursor=(\d+)")
_PAGE = 200


class _Slack(asyncio.Protocol):
    """Answers chat.postMessage with a receipt, users.list with a page of the people there are, all else with ok."""

    numbers = count(1)
    people = 0
    pages: ClassVar[dict[int, bytes]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._seen = b""

    def data_received(self, data: bytes) -> None:
        self._seen += data
        while b"\r\n\r\n" in self._seen:
            head, _, rest = self._seen.partition(b"\r\n\r\n")
            found = _LENGTH.search(head)
            length = int(found[1]) if found else 0
            if len(rest) < length:
                return
            self._seen = rest[length:]
            self._answer(head, rest[:length])

    def _answer(self, head: bytes, body: bytes) -> None:
        if b"users.list" in head:
            content = self._page(int(found[1]) if (found := _CURSOR.search(body + head)) else 0)
        else:
            who = _CHANNEL.search(body)
            channel = (who[1] or who[2]).decode() if who else "D1"
            content = json.dumps({"ok": True, "channel": f"D{channel}", "ts": f"{next(self.numbers)}.000100"}).encode()
        start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        is_last = b"connection: close" in head.lower()
        self._transport.write(start + str(len(content)).encode() + b"\r\n\r\n" + content)  # type: ignore[attr-defined]
        if is_last:
            self._transport.close()

    def _page(self, start: int) -> bytes:
        if start not in self.pages:
            members = [_user(number) for number in range(start, min(start + _PAGE, self.people))]
            cursor = str(start + _PAGE) if start + _PAGE < self.people else ""
            page = {"ok": True, "members": members, "response_metadata": {"next_cursor": cursor}}
            self.pages[start] = json.dumps(page).encode()
        return self.pages[start]


def _user(number: int) -> dict[str, object]:
    names = {"first_name": f"Name{number}", "real_name": f"Name{number} Family", "title": "Agent", "image_72": "x" * 90}
    flags = dict.fromkeys(("deleted", "is_bot", "is_admin", "is_owner", "is_restricted", "is_app_user"), False)
    person = {"id": f"U{number:08}", "team_id": "T1", "name": f"name{number}", "tz": "Europe/Lisbon", "locale": "en-GB"}
    return person | flags | {"profile": names, "updated": 1700000000}


def _serve(people: int, ready: Connection) -> None:
    async def run() -> None:
        _Slack.people = people
        server = await asyncio.get_running_loop().create_server(_Slack, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def quick_slack(people: int = 0) -> Iterator[str]:
    """Give the API's address of a Slack without limits."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(people, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/api/"
    finally:
        process.terminate()
        process.join()
