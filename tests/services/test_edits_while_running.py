"""Edits by the hundred while a wave goes out: this module holds that nobody ever gets two versions in one message.

Between any two posts the files are written anew, cut off anywhere, filled with rubbish, taken away and put back, and
some edits are published as updates. `NUDGER_SOAK=1` makes a thousand edits, in seventeen waves.
"""

import random
import re

import pytest

from nudges.domain.delivery.messages import Message
from nudges.errors import NudgerError
from nudges.services.answers.record_response import message_state, record_answer
from nudges.services.authoring.publish import update
from nudges.services.authoring.watch_playbooks import watch_playbooks
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from tests.fakes import utc
from tests.services.house import AUTHOR, COMPANY, House
from tests.soak import lucks, times

EDITS = 60  # in the time that one wave takes
WAVES = times(1, 17)
NAME = "find-an-expert"
MARK = re.compile(r"version(\d+)z")
TEXT = """
playbook: find-an-expert
title: Find an expert, version{n}z
tool: Slack channels
owner: U0PRIYA
audience: {{segments: [customer-service]}}
personal_wins:
  customer-service: {{kind: easier_day, text: Answer on the first call version{n}z}}
nudges:
  - quiz: first-quiz
    when: {{week: 1, day: tue, at: "10:00", window: 6h}}
    text: Stuck on a billing question? version{n}z
    question: Where do you ask first? version{n}z
    choices:
      - {{key: channel, text: The channel version{n}z, right: true, reply: Yes version{n}z}}
      - {{key: mail, text: A mail version{n}z, reply: It works version{n}z}}
"""


class Authors:
    """People who edit without end, and what of it is in force."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.dice = random.Random(seed)
        self.written = self.in_force = 1
        self.path = house.folder / f"{NAME}.yaml"
        self.company = house.folder / "company.yaml"

    def edit(self) -> None:
        """Do one thing to the files, let the app see it, and perhaps publish it."""
        self.dice.choice(
            [self._rewrite, self._rewrite, self._cut_off, self._spoil, self._remove, self._upset_company]
        )()
        watch_playbooks(self.house.core)
        self.house.core.library()
        if self.dice.random() < 0.3:
            self._publish()

    def _publish(self) -> None:
        self.company.write_text(COMPANY, "utf-8")
        if self.dice.random() < 0.5:
            self._rewrite()
        self.house.core.library.refresh()
        try:
            update(self.house.core, NAME, AUTHOR)
        except NudgerError:
            return  # a file that cannot be used is refused in words
        (found,) = set(MARK.findall(self.path.read_text("utf-8")))
        self.in_force = int(found)

    def _rewrite(self) -> None:
        self.written += 1
        self.path.write_text(TEXT.format(n=self.written), "utf-8")

    def _cut_off(self) -> None:
        """Leave what an editor leaves that is killed while it writes."""
        self.written += 1
        whole = TEXT.format(n=self.written).encode()
        self.path.write_bytes(whole[: self.dice.randrange(len(whole) * 9 // 10)])

    def _spoil(self) -> None:
        rubbish = [b"", b"\x00\xff\xfe", b"playbook: [", b"- a\n b: {", b"&a [*a]", "playbook: ünfinished\n".encode()]
        self.path.write_bytes(self.dice.choice(rubbish))

    def _remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def _upset_company(self) -> None:
        self.company.write_text(
            self.dice.choice([COMPANY, "segments: [", "", COMPANY.replace("Europe", "Mars")]), "utf-8"
        )


def versions_in(message: Message) -> set[int]:
    """Return every version that a message shows."""
    choices = " ".join(choice.text for choice in message.choices)
    answer = f"{message.answer.text} {message.answer.reply} {message.answer.right_text}" if message.answer else ""
    said = f"{message.body} {message.win} {message.question} {choices} {answer}"
    return {int(number) for number in MARK.findall(said)}


@pytest.mark.parametrize("seed", lucks(WAVES, 32))
def test_edit_after_edit_in_the_middle_of_a_wave_mix_no_versions_and_break_nothing(house: House, seed: int) -> None:
    authors = Authors(house, seed)
    house.run(TEXT.format(n=1), NAME)
    house.at("2027-01-11 09:00")
    house.clock.now = utc("2027-01-12 10:30")
    seen_at_post: dict[str, int] = {}
    house.messenger.before_send = lambda _person_id, message: seen_at_post.update(
        {message.delivery_id: authors.in_force}
    )
    for number in range(EDITS):
        authors.edit()
        if number % 2 == 0:
            house.clock.advance(seconds=10)
            plan_deliveries(house.core)  # an update has what waits planned anew
            send_due(house.core, limit=3)  # owners hear of the faults meanwhile
        _answer(house, authors.dice)
    plan_deliveries(house.core)
    house.send()

    standing = [one.message for one in house.messenger.standing if one.message.kind == "quiz"]
    assert len(standing) >= 15
    assert [message for message in standing if versions_in(message) != {seen_at_post[message.delivery_id]}] == []
    assert len({seen_at_post[message.delivery_id] for message in standing}) > 2, "several versions were in force"
    assert house.messenger.doubled() == 0
    assert house.books(NAME).is_balanced


def _answer(house: House, dice: random.Random) -> None:
    """Somebody answers what they got: their reply is of the version they were asked in."""
    quizzes = [one for one in house.messenger.standing if one.message.kind == "quiz"]
    if not quizzes:
        return
    one = dice.choice(quizzes)
    record_answer(house.core, one.person_id, one.delivery_id, dice.choice(["channel", "mail"]))
    message = message_state(house.core, one.person_id, one.delivery_id).message
    assert message is not None
    assert versions_in(message) == versions_in(one.message)
