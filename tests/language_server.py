"""The YAML language server that editors use, driven over its standard input: this module is a small client of it."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "npm"
PROGRAM = FOLDER / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
INSTALL = "npm ci --prefix tests/npm"
PATIENCE_S = 60.0


def require() -> None:
    """Skip the test where the server is not installed; fail it where CI promised that it is."""
    if shutil.which("node") and PROGRAM.is_file():
        return
    reason = f"The YAML language server is not installed; with Node.js 20 or newer: {INSTALL}"
    if os.environ.get("NUDGER_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


class LanguageServer:
    """One running server; each document gets a version of its own, so that an old answer is never taken for a new."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._news = threading.Condition()
        self._answers: dict[int, Any] = {}
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        self._number = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self) -> None:
        """Shake hands; no schema comes from anywhere but the documents' own header line."""
        root = self._folder.as_uri()
        self._ask("initialize", {"processId": os.getpid(), "rootUri": root, "capabilities": {}})
        self._tell("initialized", {})
        yaml = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}
        self._tell("workspace/didChangeConfiguration", {"settings": {"yaml": yaml}})

    def diagnose(self, name: str, text: str) -> list[dict[str, Any]]:
        """Return what the server says about a document."""
        return self.diagnose_all(name, [text])[0]

    def diagnose_all(self, name: str, texts: list[str]) -> list[list[dict[str, Any]]]:
        """Return what the server says about each document; it is given all of them at once, since it takes its time."""
        uris = [self._open(name, text) for text in texts]
        self._wait(lambda: self._diagnostics.keys() >= set(uris))
        return [self._diagnostics[uri] for uri in uris]

    def complete(self, name: str, text: str) -> list[str]:
        """Return what is offered where `¦` stands in the text."""
        before = text.partition("¦")[0]
        uri = self._open(name, text.replace("¦", ""))
        at = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        answer = self._ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": at})
        return [item["label"] for item in answer["items"]]

    def _open(self, name: str, text: str) -> str:
        self._number += 1
        uri = (self._folder / f"{self._number}-{name}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        number = self._number
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        self._wait(lambda: number in self._answers)
        return self._answers[number]

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps(message).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        while (message := self._read()) is not None:
            with self._news:
                if message.get("method") == "textDocument/publishDiagnostics":
                    self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
                elif "method" in message and "id" in message:
                    self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})
                elif "id" in message:
                    self._answers[message["id"]] = message.get("result")
                self._news.notify_all()

    def _read(self) -> dict[str, Any] | None:
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline()) not in (b"", b"\r\n"):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return json.loads(self._process.stdout.read(length)) if length else None

    def _wait(self, is_there: Any) -> None:
        deadline = monotonic() + PATIENCE_S
        with self._news:
            while not is_there():
                left = deadline - monotonic()
                assert left > 0 and self._process.poll() is None, "The language server gave no answer."
                self._news.wait(min(left, 1.0))


@contextmanager
def language_server(folder: Path) -> Iterator[LanguageServer]:
    """Run a server whose documents lie in this folder."""
    require()
    command = [str(shutil.which("node")), str(PROGRAM), "--stdio"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        server = LanguageServer(process, folder)
        server.start()
        yield server
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
