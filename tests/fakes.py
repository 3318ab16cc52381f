"""The outside, faked: this module is a messenger, a directory and a clock that do what a test tells them."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nudges.domain.delivery.messages import Message
from nudges.domain.people.people import Person
from nudges.errors import DirectoryError, MessageGone, NudgerError, OutcomeUnknown
from nudges.ports import Receipt


class FixedClock:
    """Shows the instant it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **lengths: float) -> None:
        """Move on: `advance(days=1)`."""
        self.now += timedelta(**lengths)


@dataclass(frozen=True)
class Standing:
    """One message as it stands at Slack; `seen_at` is when a reader of the conversation can first find it."""

    person_id: str
    message: Message
    receipt: Receipt
    sent_at: datetime
    seen_at: datetime

    @property
    def delivery_id(self) -> str:
        return self.message.delivery_id


@dataclass(frozen=True)
class Lost:
    """Slack accepts the message and the answer never arrives; it may be applied later than that."""

    after: timedelta = timedelta(0)


Answer = Exception | Lost | None  # None: accepted


class RecordingMessenger:
    """Accepts everything unless told otherwise, and keeps what stands at Slack."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.answers: deque[Answer] = deque()  # for the next sends, in order
        self.always: Answer = None  # when there is none left
        self.unreadable: NudgerError | Exception | None = None
        self.before_send: Callable[[str, Message], None] = lambda _person_id, _message: None
        self.standing: list[Standing] = []
        self.asked: list[str] = []
        self.finds: list[datetime] = []
        self.updated: list[tuple[Receipt, Message]] = []
        self.deleted: list[Receipt] = []
        self.change_answers: deque[Exception | None] = deque()  # for the next updates and deletions, in order

    def send(self, person_id: str, message: Message) -> Receipt:
        self.before_send(person_id, message)
        with self._lock:
            self.asked.append(message.delivery_id)
            answer = self.answers.popleft() if self.answers else self.always
            if isinstance(answer, Exception):
                raise answer
            receipt = self._accept(person_id, message, answer.after if isinstance(answer, Lost) else timedelta(0))
        if isinstance(answer, Lost):
            raise OutcomeUnknown(slack_code="lost_answer")
        return receipt

    def find(self, person_id: str, channel_id: str, delivery_id: str, since: datetime) -> Receipt | None:
        self.finds.append(since)
        if self.unreadable is not None:
            raise self.unreadable
        found = (one for one in self.standing if one.person_id == person_id and one.delivery_id == delivery_id)
        visible = (one for one in found if since <= one.seen_at <= self._clock())
        return next((one.receipt for one in visible), None)

    def post_preview(self, conversation_id: str, message: Message, *, asked_by: str) -> Receipt:
        return Receipt(conversation_id, "7.000100")

    def update(self, receipt: Receipt, message: Message) -> None:
        self._refuse_change()
        self.updated.append((receipt, message))

    def delete(self, receipt: Receipt) -> None:
        self._refuse_change()
        with self._lock:
            found = next((one for one in self.standing if one.receipt == receipt), None)
            if found is None:
                raise MessageGone(slack_code="message_not_found")
            self.standing.remove(found)
            self.deleted.append(receipt)

    def sent_to(self, person_id: str) -> list[Message]:
        """Return what stands in a person's conversation, oldest first."""
        return [one.message for one in self.standing if one.person_id == person_id]

    def doubled(self) -> int:
        """Return how many messages stand there once too often."""
        return sum(count - 1 for count in Counter(one.delivery_id for one in self.standing).values())

    def _refuse_change(self) -> None:
        answer = self.change_answers.popleft() if self.change_answers else None
        if answer is not None:
            raise answer

    def _accept(self, person_id: str, message: Message, late: timedelta) -> Receipt:
        now = self._clock()
        number = len(self.standing) + 1
        receipt = Receipt(f"D{person_id[1:]}", f"{(now + late).timestamp():.0f}.{number:06d}")
        self.standing.append(Standing(person_id, message, receipt, now, now + late))
        return receipt


class FixedDirectory:
    """The people a test says, or an unreadable page."""

    def __init__(self, everybody: Sequence[Person] = (), emails: Mapping[str, str] | None = None) -> None:
        self.everybody = list(everybody)
        self.emails = dict(emails or {})
        self.is_readable = True
        self.groups: dict[str, Sequence[str] | NudgerError] = {}  # an error is what reading the group raises
        self.asked_groups: list[str] = []

    def people(self) -> Sequence[Person]:
        if not self.is_readable:
            raise DirectoryError
        return list(self.everybody)

    def group_members(self, group_id: str) -> Sequence[str]:
        self.asked_groups.append(group_id)
        found = self.groups[group_id]
        if isinstance(found, NudgerError):
            raise found
        return found

    def ids_by_email(self) -> Mapping[str, str]:
        return self.emails

    def replace(self, person: Person) -> None:
        """Let the directory show this person from now on."""
        self.everybody = [*(one for one in self.everybody if one.person_id != person.person_id), person]


def utc(text: str) -> datetime:
    """Return the instant of `2027-01-12 10:00`, read as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
