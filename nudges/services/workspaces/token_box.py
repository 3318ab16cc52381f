"""Tokens at rest: this module seals them with keys that are not in the database, each for its own workspace only."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nudges.errors import StorageError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet, MultiFernet

PURPOSE = b"nudger: tokens at rest"
SHORTEST_KEY = 16


class TokenUnreadable(StorageError):
    """A stored token cannot be opened with the keys that are set."""

    code = "storage.token_unreadable"
    hint = "Put the key it was sealed with back into NUDGER_TOKEN_KEYS, or install the app again in that workspace."


class TokenBox:
    """Seals with the first key and opens with any; without keys of their own with one drawn from the secret key."""

    def __init__(self, secret_key: bytes, token_keys: Sequence[str] = ()) -> None:
        # The secret key stays the last, so that setting the first of the others needs nothing else.
        self._keys = (*(key.encode() for key in token_keys), secret_key)
        self._made: MultiFernet | None = None

    def seal(self, workspace_id: str, token: str) -> str:
        """Return the token as it may be stored; nothing stays nothing."""
        # Whose it is goes inside: put into another workspace's row it does not open.
        return self._box().encrypt(f"{workspace_id}\n{token}".encode()).decode() if token else ""

    def open(self, workspace_id: str, sealed: str) -> str:
        """Return the token. Raises TokenUnreadable."""
        from cryptography.fernet import InvalidToken

        if not sealed:
            return ""
        try:
            owner, _, token = self._box().decrypt(sealed.encode()).decode().partition("\n")
        except (InvalidToken, ValueError) as error:
            raise TokenUnreadable from error
        if owner != workspace_id:
            raise TokenUnreadable
        return token

    def reseal(self, workspace_id: str, sealed: str) -> str:
        """Return the same token under the first key. Raises TokenUnreadable."""
        return self.seal(workspace_id, self.open(workspace_id, sealed))

    def _box(self) -> "MultiFernet":
        if self._made is None:
            from cryptography.fernet import MultiFernet

            self._made = MultiFernet([_fernet(key) for key in self._keys])
        return self._made


def _fernet(key: bytes) -> "Fernet":
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    drawn = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key)
    return Fernet(base64.urlsafe_b64encode(drawn))
