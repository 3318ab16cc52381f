"""One colleague's ids in another's hands: this module lets each of two people send every request with the other's ids.

Who asks is authenticated by Slack, what they send is not: buttons, forms and commands carry whatever was put in them.
Neither of the two leads anything, so whatever changes must be their own, and nothing of the other's words may come
back. `NUDGER_SOAK=1` tries a hundred thousand combinations, NUDGER_SOAK_SHARE a part of them.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from nudges.domain.delivery.deliveries import Delivery
from nudges.services.keeping.forget_person import hash_of
from nudges.services.stories.tell_story import own_stories
from nudges.store import deliveries, reports
from tests.bot.every_request import Case, body_of, every_case
from tests.bot.office import ANA, BEN
from tests.bot.test_swapped_ids import Door, is_kind, without
from tests.soak import IS_LONG, luck, times
from tests.two_workspaces import BOTH, HERE, ONLY_HERE, Ids, Place, furnish, opened, rows_of

COMBINATIONS = times(400, 100_000)
AT_ONCE = 40  # requests to one copy of the database
LOOK_EVERY = 8  # requests between two looks at all rows
OF_ALL = {"rollups", "seen_events", "heartbeats"}  # counts, what Slack has told already, signs of life
OF_THE_WORKSPACE = {"app_uninstalled", "tokens_revoked"}  # said by Slack itself, about nobody
FORGOTTEN = "'', 'forget'"  # in the audit: somebody's own wish, which names nobody
WORDS = {ANA: ("word typed", "word told", "my manager told me"), BEN: ("word said",)}
INJECTIONS = (
    "' OR '1'='1",
    "'; DELETE FROM people; --",
    '" OR ""="',
    "x') UNION SELECT text FROM replies --",
    "1; DROP TABLE deliveries",
    "%' ESCAPE '!' OR 1=1 --",
    "\\'; SELECT pg_sleep(9); --",
    "${jndi:x}' || (SELECT words FROM stories) || '",
)
OTHER = {ANA: BEN, BEN: ANA}


@dataclass(frozen=True)
class House:
    """A furnished workspace, and what an attacker could know of each of the two."""

    folder: Path
    ids: dict[str, Ids]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("people")
    plain = furnish(folder)
    with opened(folder / "alone", folder / "look") as place:
        return House(folder, {person_id: known_of(place, person_id, plain) for person_id in (ANA, BEN)})


def known_of(place: Place, person_id: str, ids: Ids) -> Ids:
    """Return the ids of one person: what they were sent, told and asked."""
    with place.core.db.reading() as session:
        mine = tuple(sorted(one.delivery_id for one in reports.deliveries_of(session, HERE, person_id)))
    assert len(mine) >= 2
    told = own_stories(place.core, person_id)
    found = replace(ids, deliveries=mine, campaigns=(BOTH, ONLY_HERE))
    return replace(found, story=told[0].story_id, digest=told[0].digest) if told else found


def combinations(house: House, count: int, seed: int) -> Iterator[Case]:
    """Give requests by each of the two about the other: each line with each id first, then anything mixed."""
    dice = random.Random(seed)
    plain = {
        attacker: [
            replace(case, person_id=attacker)
            for case in every_case(house.ids[OTHER[attacker]])
            if case.person_id == ANA and case.name not in OF_THE_WORKSPACE
        ]
        for attacker in (ANA, BEN)
    }
    every = [case for both in itertools.zip_longest(*plain.values()) for case in both if case]
    dice.shuffle(every)
    yield from every[:count]
    for _ in range(count - len(every)):
        attacker = dice.choice((ANA, BEN))
        case, other = dice.choice(plain[attacker]), dice.choice(plain[attacker])
        value = other.value if case.sort != "event" and dice.random() < 0.7 else case.value
        if case.sort == "command":
            value = f"{case.name.partition('_')[0]} {value}"
        strays = ("", "D0BEN", OTHER[attacker], *house.ids[OTHER[attacker]].deliveries)
        yield replace(case, value=value, stray=dice.choice(strays) if case.sort in ("command", "action") else "")


def faults_of(house: House, work: Path, cases: list[Case]) -> list[str]:
    """Make these requests, all by one person; return what was said or changed that is not the asker's own."""
    found = []
    with opened(house.folder / "alone", work) as place:
        door = Door(place)
        own = {one: {one, hash_of(place.core, one), *house.ids[one].deliveries, FORGOTTEN} for one in OTHER}
        before = rows_of(place.core.db, HERE)
        for number, case in enumerate(cases):
            said = door.asked(body_of(case, number))
            words = without(said, [case.value])
            found += [f"{case}: words of the other: {said}" for word in WORDS[OTHER[case.person_id]] if word in words]
            found += [f"{case}: no kind answer: {said}"] * (not is_kind(said))
            if number % LOOK_EVERY == LOOK_EVERY - 1 or number == len(cases) - 1:
                after = rows_of(place.core.db, HERE)
                found += [f"{case}, or one before: {row}" for row in strange(before, after, own[case.person_id])]
                before = after
    return found


def strange(before: dict[str, list[str]], after: dict[str, list[str]], marks: set[str]) -> list[str]:
    """Return rows that are new, gone or changed and bear none of the marks of whoever asked."""
    return [
        f"{table}: {row}"
        for table in before
        if table not in OF_ALL
        for row in set(before[table]) ^ set(after[table])
        if not any(mark in row for mark in marks)
    ]


@pytest.mark.timeout(7200 if IS_LONG else 180)
def test_with_ids_of_a_colleague_nothing_of_theirs_is_read_or_changed(house: House, tmp_path: Path) -> None:
    cases = list(combinations(house, COMBINATIONS, luck(5)))
    for person_id in OTHER:
        own = [case for case in cases if case.person_id == person_id]
        for start in range(0, len(own), AT_ONCE):
            found = faults_of(house, tmp_path / "work", own[start : start + AT_ONCE])
            assert not found, "\n".join(one[:800] for one in found)
    print(f"\n{len(cases)} requests with a colleague's ids: 0 of their rows changed, 0 of their words said")


@pytest.mark.timeout(1800 if IS_LONG else 180)
def test_words_of_sql_in_every_field_are_words(house: House, tmp_path: Path) -> None:
    """Statements are written once and values are bound, which the lint holds; this tries it from outside."""
    plain = every_case(house.ids[ANA])
    names = [one for one in dict.fromkeys((case.sort, case.name) for case in plain) if one[1] not in OF_THE_WORKSPACE]
    tried = 0
    for payload in INJECTIONS if IS_LONG else INJECTIONS[:2]:
        cases = [
            Case(sort, name, f"{name.partition('_')[0]} {payload}" if sort == "command" else payload, BEN, stray)
            for sort, name in names
            for stray in ("", payload)
        ]
        for start in range(0, len(cases), AT_ONCE):
            found = faults_of(house, tmp_path / "work", cases[start : start + AT_ONCE])
            assert not found, "\n".join(one[:800] for one in found)
        tried += len(cases)
    assert tried > 400


class Anybody(str):
    """An id that is whoever it is compared with."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


def test_an_app_that_does_not_ask_whose_a_delivery_is_would_be_noticed(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = deliveries.find

    def of_anybody(*args: Any) -> Delivery | None:
        found = find(*args)
        return replace(found, person_id=Anybody(found.person_id)) if found else None

    monkeypatch.setattr(deliveries, "find", of_anybody)
    cases = [Case("action", "mark_not_for_me", one, ANA) for one in house.ids[BEN].deliveries]
    assert any("responses: " in fault for fault in faults_of(house, tmp_path / "work", cases))
