"""A wire that can be cut: this module is a proxy before PostgreSQL that loses the answer to a COMMIT."""

import contextlib
import select
import socket
import struct
import threading
from types import TracebackType

RESET = struct.pack("ii", 1, 0)


class CuttingProxy:
    """Passes everything on, until it is told to lose the answers to the next COMMITs."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self.cuts_left = 0
        self.cuts_done = 0
        self._lock = threading.Lock()

    def __enter__(self) -> "CuttingProxy":
        threading.Thread(target=self._let_in, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.close()

    def _let_in(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._port)) as far, near, contextlib.suppress(OSError):
            while True:
                ready, _, _ = select.select([near, far], [], [])
                if far in ready and not self._pass(far, near):
                    return
                if near in ready and not self._ask(near, far):
                    return

    def _ask(self, near: socket.socket, far: socket.socket) -> bool:
        asked = near.recv(65536)
        far.sendall(asked)
        if not self._is_to_cut(asked):
            return bool(asked)
        far.recv(65536)  # it is committed, and nobody will hear of it
        near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        return False

    @staticmethod
    def _pass(far: socket.socket, near: socket.socket) -> bool:
        answered = far.recv(65536)
        near.sendall(answered)
        return bool(answered)

    def _is_to_cut(self, asked: bytes) -> bool:
        with self._lock:
            if self.cuts_left == 0 or b"COMMIT" not in asked:
                return False
            self.cuts_left -= 1
            self.cuts_done += 1
            return True
