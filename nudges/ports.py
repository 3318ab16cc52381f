"""What we ask of the outside: this module is the protocols that the faces implement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from nudges.domain.messages import Message
from nudges.domain.people import Person


@dataclass(frozen=True)
class Receipt:
    """Where a posted message stands: the conversation's id and the message's timestamp."""

    channel_id: str
    message_ts: str


class Messenger(Protocol):
    """Posts and looks up direct messages; never retries by itself."""

    def send(self, person_id: str, message: Message) -> Receipt:
        """Post once. Raises a DeliveryError that says whether it was surely not posted or may have been."""
        ...

    def find(
        self, person_id: str, channel_id: str, delivery_id: str, since: datetime, until: datetime
    ) -> Receipt | None:
        """Return the receipt of a message posted between the two instants, or None after reading all of the span.

        Raises TemporaryFailure or InstallationStopped when the conversation could not be read to the end.
        """
        ...

    def update(self, receipt: Receipt, message: Message) -> None:
        """Show the message in its new state. Raises a DeliveryError."""
        ...


class Directory(Protocol):
    """Reads who is in the workspace."""

    def people(self) -> Sequence[Person]:
        """Return everybody, read to the last page. Raises DirectoryError when a page is missing."""
        ...

    def ids_by_email(self) -> Mapping[str, str]:
        """Return ids by address in lower case; empty where addresses may not be read. Raises DirectoryError."""
        ...
