"""Fixtures for the services: each test gets a company of its own, copied from one that is furnished once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nudges.domain.delivery.responses import Feedback
from nudges.services.answers.record_response import record_feedback
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.core import Core
from nudges.services.delivery.steer import release
from nudges.services.keeping.identity import claim_identity
from nudges.store.marker import Marker
from tests.fakes import utc
from tests.services.house import (
    ADMIN,
    ANA,
    BERLIN,
    BILLING,
    COMPANY,
    FRIDAY,
    TUESDAY_AT_TEN,
    House,
    a_text,
    furnish,
    live_once,
    visit,
)
from tests.services.lived_in import live_a_month
from tests.services.nine_due import BILLING_ONLY, TUESDAY
from tests.services.periods import open_a_period
from tests.services.restoring import path_of, reopened
from tests.services.ruling import RULES
from tests.services.saying import NOON


@pytest.fixture(scope="session")
def furnished_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house") / "furnished"
    furnish(folder)
    return folder


@pytest.fixture
def house(furnished_house: Path, tmp_path: Path) -> Iterator[House]:
    with visit(furnished_house, tmp_path / "house", FRIDAY) as opened:
        yield opened


@pytest.fixture
def core(house: House) -> Core:
    return house.core


@pytest.fixture
def running(house: House) -> House:
    """Nine people, a tip on Tuesday at ten; planned, not sent."""
    claim_identity(house.core, workspace_name="Test", marker=Marker(path_of(house)))
    release(house.core, ADMIN)
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    return house


@pytest.fixture
def opened() -> Iterator[Callable[[House], House]]:
    """Reopen houses, and close them in the end."""
    houses: list[House] = []

    def open_again(house: House) -> House:
        houses.append(reopened(house))
        return houses[-1]

    yield open_again
    for one in houses:
        one.core.db.close()


# ---- a person with a history


@pytest.fixture(scope="session")
def lived_in_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ana has got a tip and a quiz, answered, typed, reported and paused; a flag was raised about her team."""
    folder = tmp_path_factory.mktemp("lived_in") / "house"
    live_once(furnished_house, folder, live_a_month)
    return folder


@pytest.fixture
def lived_in(lived_in_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(lived_in_folder, tmp_path / "lived_in", utc("2027-02-01 10:00")) as house:
        yield house


@pytest.fixture(scope="session")
def said_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first period is open, everybody's place in it is frozen, and a tip has gone out."""
    folder = tmp_path_factory.mktemp("said") / "house"

    def live(house: House) -> None:
        house.run(a_text(segments="billing"))
        review_barriers(house.core)
        house.walk(NOON)

    live_once(furnished_house, folder, live)
    return folder


@pytest.fixture(scope="session")
def open_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first period is open, everybody's place in it is frozen, and a tip has gone out to nine people."""
    folder = tmp_path_factory.mktemp("open") / "house"
    live_once(furnished_house, folder, open_a_period)
    return folder


@pytest.fixture
def open_period(open_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(open_folder, tmp_path / "open", utc(NOON)) as house:
        yield house


@pytest.fixture
def ruled(house: House) -> House:
    """The company with rules over behaviour, groups and usage."""
    house.directory.groups = {"S0EXPERTS": [ANA, BERLIN[0], "U0ELSEWHERE"], "C0BILLING": [ANA, BERLIN[0], BILLING[1]]}
    house.write(COMPANY + RULES, "company")
    return house


@pytest.fixture
def answered(ruled: House) -> House:
    """Everybody got a tip on Tuesday; six of Billing tapped on it."""
    ruled.run(a_text(first_tip=TUESDAY_AT_TEN))
    ruled.walk("2027-01-12 23:00")
    for person_id in BILLING[:6]:
        record_feedback(ruled.core, person_id, ruled.delivery("first-tip", person_id).delivery_id, Feedback.USEFUL)
    return ruled


@pytest.fixture
def due(house: House) -> House:
    """Nine people of one team, for whom a tip is due now."""
    house.run(BILLING_ONLY)
    house.at("2027-01-12 09:00")
    house.clock.now = utc(TUESDAY)
    return house
