"""Needs from what people say to what IT gets: this module closes a period, decides, exports and posts."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from nudges.domain.barriers.needs import Choice, NeedVerdict
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.errors import NeedsAddressRefused
from nudges.ports import NotTaken
from nudges.services.answers.record_response import record_barrier
from nudges.services.barriers.needs import CSV_COLUMNS, as_csv, decide, needs
from nudges.services.barriers.needs_address import name_address, needs_address
from nudges.services.barriers.post_needs import TELLS_AFTER, post_needs
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.prune_history import prune_history
from nudges.services.own.glass_box import my_data
from nudges.store.tables import AuditRow, NeedRow, NoticeRow
from tests.fakes import utc
from tests.services.house import ADMIN, AUTHOR, BILLING, BOSS, House, live_once, visit

pytestmark = pytest.mark.once

PERIOD_CLOSED, NEXT_CLOSED = "2027-02-01 00:00", "2027-03-01 00:00"
ACCESS, LANGUAGE = BarrierKind.ACCESS_OR_IT_PROBLEM, BarrierKind.LANGUAGE_OR_ACCESSIBILITY
WHY = "The new login is ordered"


@dataclass
class Receiver:
    """Takes what is posted, or refuses so many times first."""

    refuses: int = 0
    taken: list[tuple[bytes, str]] = field(default_factory=list)

    def post(self, body: bytes, *, post_id: str) -> None:
        if self.refuses:
            self.refuses -= 1
            raise NotTaken("The address for needs answered 503.")
        self.taken.append((body, post_id))


@pytest.fixture(scope="session")
def needy_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six of Billing Lisbon cannot get in, four do not know how, and their period has closed."""
    folder = tmp_path_factory.mktemp("needy") / "house"
    live_once(furnished_house, folder, live)
    return folder


def live(house: House) -> None:
    review_barriers(house.core)
    for person_id in BILLING[:6]:
        record_barrier(house.core, person_id, "", ACCESS)
    for person_id in BILLING[:4]:
        record_barrier(house.core, person_id, "", BarrierKind.LACKS_SKILL)
    assert needs(house.core, ADMIN) == (), "nothing is told before the period ends"
    house.clock.now = utc(PERIOD_CLOSED)
    review_barriers(house.core)


@pytest.fixture
def needy(needy_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(needy_folder, tmp_path / "needy", utc("2027-02-01 10:00")) as house:
        yield house


def test_a_need_is_told_when_its_period_closes_and_what_few_said_is_not(needy: House) -> None:
    found = needs(needy.core, ADMIN)
    assert [(one.number, one.kind, one.tool, one.band) for one in found] == [(1, ACCESS, "", "5-9")]
    assert [scope.scope_id for scope in found[0].where] == ["Billing Lisbon"], "an open flag says the same"
    assert (ADMIN, "needs") in [(row.actor_id, row.action) for row in needy.rows(AuditRow)]


def test_what_is_heard_again_keeps_its_number_and_its_band(needy: House) -> None:
    for person_id in BILLING[:8]:
        record_barrier(needy.core, person_id, "", ACCESS)
    needy.clock.now = utc(NEXT_CLOSED)
    review_barriers(needy.core)
    (found,) = [one for one in needs(needy.core, ADMIN) if one.kind == ACCESS]
    assert (found.number, found.band, found.heard_at) == (1, "5-9", utc(NEXT_CLOSED))


def test_who_forgets_themselves_changes_nothing_that_was_told(needy: House) -> None:
    before = [replace(one, where=()) for one in needs(needy.core, ADMIN)]
    for person_id in BILLING[:6]:
        forget(needy.core, person_id)
    review_barriers(needy.core)
    assert [replace(one, where=()) for one in needs(needy.core, ADMIN)] == before


def test_a_decision_says_what_why_by_whom_and_when_and_a_later_one_takes_its_place(needy: House) -> None:
    assert decide(needy.core, AUTHOR, 1, Choice.DEFER, "No budget before summer") is NeedVerdict.DONE
    assert decide(needy.core, ADMIN, 1, Choice.ADOPT, f"  {WHY} ") is NeedVerdict.DONE
    (found,) = needs(needy.core, AUTHOR)
    assert (found.decision, found.why, found.by_id, found.decided_at) == ("adopt", WHY, ADMIN, needy.clock())


@pytest.mark.parametrize(
    ("number", "choice", "why", "said"),
    [(1, "buy", WHY, "no_such"), (1, "adopt", "  ", "no_why"), (2, "adopt", WHY, "gone"), (-1, "adopt", WHY, "gone")],
)
def test_what_cannot_be_decided_is_said_and_changes_nothing(
    needy: House, number: int, choice: str, why: str, said: str
) -> None:
    assert decide(needy.core, ADMIN, number, choice, why) == said
    assert needy.rows(NeedRow)[0].decision == ""


def test_a_sensitive_need_is_not_there_for_who_leads_everybody_who_could_have_said_it(needy: House) -> None:
    with needy.core.db.begin() as session:
        session.query(NeedRow).update({"kind": LANGUAGE.value})
    assert needs(needy.core, BOSS) == ()
    assert decide(needy.core, BOSS, 1, "adopt", WHY) is NeedVerdict.GONE
    assert len(needs(needy.core, ADMIN)) == 1


def test_the_table_for_it_holds_nobody_and_no_words(needy: House) -> None:
    decide(needy.core, ADMIN, 1, "adopt", WHY)
    told = as_csv(needs(needy.core, AUTHOR))
    (row,) = csv.DictReader(io.StringIO(told))
    assert tuple(row) == CSV_COLUMNS
    assert [row[name] for name in ("kind", "people", "decision")] == [ACCESS, "5-9", "adopt"]
    assert row["where"] == "team Billing Lisbon"
    assert ADMIN not in told
    assert WHY not in told


def test_the_list_is_posted_when_it_changes_and_only_then(needy: House) -> None:
    receiver = Receiver()
    core = replace(needy.core, needs_receiver=receiver)
    assert post_needs(core)
    assert not post_needs(core)
    decide(core, ADMIN, 1, "refuse", WHY)
    assert post_needs(core)
    first, second = (json.loads(body) for body, _ in receiver.taken)
    assert [one["decision"] for one in (*first["needs"], *second["needs"])] == ["", "refuse"]
    assert receiver.taken[0][1] != receiver.taken[1][1]
    assert not any(word in body for body, _ in receiver.taken for word in (ADMIN.encode(), WHY.encode()))


def test_groups_are_not_named_to_it_for_a_sensitive_kind(needy: House) -> None:
    with needy.core.db.begin() as session:
        session.query(NeedRow).update({"kind": LANGUAGE.value})
    receiver = Receiver()
    post_needs(replace(needy.core, needs_receiver=receiver))
    assert all(not one["where"] for body, _ in receiver.taken for one in json.loads(body)["needs"])


def test_what_is_not_taken_is_tried_again_ever_more_rarely_and_an_admin_is_told_once(needy: House) -> None:
    receiver = Receiver(refuses=TELLS_AFTER + 2)
    core = replace(needy.core, needs_receiver=receiver)
    tries, last, began = 0, receiver.refuses, needy.clock.now
    while not receiver.taken:
        post_needs(core)
        tries += receiver.refuses < last
        last = receiver.refuses
        needy.clock.now += timedelta(minutes=15)
    assert timedelta(hours=20) < needy.clock.now - began < timedelta(days=3)
    assert [row.text_key for row in needy.rows(NoticeRow)].count("notice.needs_not_taken") == 1
    assert not post_needs(core), "it was taken"


def test_without_an_address_or_a_need_nothing_is_posted(needy: House) -> None:
    assert not post_needs(needy.core)
    with needy.core.db.begin() as session:
        session.query(NeedRow).delete()
    receiver = Receiver()
    assert not post_needs(replace(needy.core, needs_receiver=receiver))
    assert receiver.taken == []


def test_a_workspace_of_its_own_address_is_told_there_and_nowhere_else(needy: House) -> None:
    ours, theirs = Receiver(), Receiver()
    doors: list[tuple[str, str]] = []

    def door(url: str, secret: str) -> Receiver:
        doors.append((url, secret))
        return theirs

    core = replace(needy.core, needs_receiver=ours, needs_door=door)
    named = name_address(core, ADMIN, "https://it.example.com/needs")
    assert post_needs(core)
    assert doors == [(named.url, named.secret)]
    assert (len(theirs.taken), ours.taken) == (1, [])
    assert len(named.secret) == 64
    again = name_address(core, ADMIN, "https://other.example.com/needs")
    assert again.secret != named.secret
    assert post_needs(core), "another address is told the whole list"
    name_address(core, ADMIN, "")
    assert post_needs(core)
    assert len(ours.taken) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://it.example.com/needs",
        "http://127.0.0.1:8000/needs",
        "https://me:pass@it.example.com/",
        "https:///x",
        "it.example.com",
        "https://it.example.com:99999/",
        "https://it.example.com/ ",
        "ftp://it.example.com/",
    ],
)
def test_an_unsafe_address_is_refused_and_the_old_one_stays(needy: House, url: str) -> None:
    name_address(needy.core, ADMIN, "https://it.example.com/needs")
    with pytest.raises(NeedsAddressRefused):
        name_address(needy.core, ADMIN, url)
    assert needs_address(needy.core).url == "https://it.example.com/needs"


def test_this_machine_is_reached_only_where_whoever_runs_it_allows_it(needy: House) -> None:
    assert name_address(needy.core, ADMIN, "http://127.0.0.1:8000/n", reaches_inward=True).url


def test_who_decided_sees_it_in_their_data_and_is_forgotten(needy: House) -> None:
    decide(needy.core, ADMIN, 1, "adopt", WHY)
    assert my_data(needy.core, ADMIN)["needs"][0]["decision"] == "adopt"
    forget(needy.core, ADMIN)
    row = needy.rows(NeedRow)[0]
    assert (row.decision, row.by_id) == ("adopt", "")


def test_needs_that_nobody_mentions_go_in_time(needy: House) -> None:
    needy.clock.now += timedelta(days=400)
    prune_history(needy.core)
    assert needy.rows(NeedRow) == []
