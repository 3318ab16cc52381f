"""What we ask of the outside: this module is the protocols that the faces implement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from nudges.domain.delivery.messages import Message
from nudges.domain.people.installations import Tokens
from nudges.domain.people.people import Person
from nudges.errors import DeliveryError, NudgerError


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

    def find(self, person_id: str, channel_id: str, delivery_id: str, since: datetime) -> Receipt | None:
        """Return the receipt of a message posted since then, or None after reading the conversation back to there.

        Raises TemporaryFailure or InstallationStopped when the conversation could not be read to the end.
        """
        ...

    def post_preview(self, conversation_id: str, message: Message, *, asked_by: str) -> Receipt:
        """Show a message that is nobody's delivery, under a line that says who asked. Raises a DeliveryError."""
        ...

    def update(self, receipt: Receipt, message: Message) -> None:
        """Show the message in its new state. Raises a DeliveryError."""
        ...

    def delete(self, receipt: Receipt) -> None:
        """Take the message away. Raises a DeliveryError; MessageGone when it is not there or may not be taken away."""
        ...


class Directory(Protocol):
    """Reads who is in the workspace."""

    def people(self) -> Iterable[Person]:
        """Give everybody, read page by page. Raises DirectoryError, maybe only then, when a page is missing."""
        ...

    def group_members(self, group_id: str) -> Sequence[str]:
        """Return the ids of the members of a user group (S...) or a channel (C...), read to the last page.

        Raises GroupUnreadable when Slack does not show them, and DirectoryError when a page is missing.
        """
        ...

    def ids_by_email(self) -> Mapping[str, str]:
        """Return ids by address in lower case; empty where addresses may not be read. Raises DirectoryError."""
        ...


class NeedsReceiver(Protocol):
    """Takes the list of needs outside the company's Slack: an address that an admin has set."""

    def post(self, body: bytes, *, post_id: str) -> None:
        """Post once, signed. Raises NotTaken where it was not taken, or nobody knows."""
        ...


class Quiet(Protocol):
    """Knows who does not want to be disturbed at Slack; nobody where it may not ask."""

    def look(self, person_ids: Sequence[str]) -> None:
        """Learn of these people, as far as it may and they are not known; never raises and never waits long."""
        ...

    def until(self, person_id: str, now: datetime) -> datetime | None:
        """Return until when somebody who rests now does; None where they do not, or nothing was heard of them."""
        ...


class Meaning(Protocol):
    """Knows how near texts are in meaning, whatever their words; neither call waits long or raises."""

    def learn(self, texts: Iterable[str]) -> None:
        """Begin to learn these texts; returns at once."""
        ...

    def likeness(self, asked: str, texts: Sequence[str]) -> Sequence[float] | None:
        """Return for each text how near it is to what is asked, at most 1; None while not all of them are known."""
        ...


class NotTaken(NudgerError):
    """The list of needs was not taken at the address that is set."""

    code = "needs.not_taken"
    hint = "It is tried again by itself. See NUDGER_NEEDS_URL in docs/settings.md, and `nudger needs export` meanwhile."


class RenewalRefused(DeliveryError):
    """Slack does not renew this token."""

    code = "install.renewal_refused"
    hint = "Install the app again in that workspace: /slack/install."


class TokenRenewal(Protocol):
    """Trades a refresh token for the next pair; each works once."""

    def renew(self, refresh_token: str) -> Tokens:
        """Ask once. Raises RenewalRefused, or TemporaryFailure when nobody knows or it was surely not done."""
        ...


class Token(Protocol):
    """What opens one workspace's Slack, as it is at the moment of use."""

    def __call__(self) -> str:
        """Return the token. Raises InstallationStopped or TemporaryFailure."""
        ...

    def at_hand(self) -> str:
        """Return the token, or whatever was the last."""
        ...

    def renew(self) -> bool:
        """Renew it if that is due; True when it was done here."""
        ...
