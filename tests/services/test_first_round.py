"""The first round of a process: this module tests that nobody waits for what sending does not hang on."""

from sqlalchemy import update

from bot.rounds import Rounds
from bot.settings import Settings
from nudges.store.tables import MembershipRow, PersonRow, WorkspaceRow
from tests.acceptance.running import wait_until
from tests.builders import a_person
from tests.fakes import utc
from tests.services.house import House


def is_known(house: House, person_id: str) -> bool:
    return any(row.person_id == person_id for row in house.rows(PersonRow))


def rounds_of(house: House) -> Rounds:
    return Rounds(Settings(_env_file=None), house.core)  # type: ignore[call-arg]


def test_a_directory_that_is_known_is_read_again_only_after_the_first_round(house: House) -> None:
    house.directory.replace(a_person("U0NEW"))
    rounds = rounds_of(house)

    rounds.first()
    assert not is_known(house, "U0NEW")

    rounds.start(is_first_done=True)
    try:
        wait_until(lambda: is_known(house, "U0NEW"))
    finally:
        rounds.stop()


def test_a_directory_that_was_never_read_is_read_before_anything_else(house: House) -> None:
    house.directory.replace(a_person("U0NEW"))
    with house.core.db.begin() as session:
        session.execute(update(WorkspaceRow).values(synced_at=None))

    rounds_of(house).first()

    assert is_known(house, "U0NEW")


def test_what_comes_once_an_hour_is_done_after_the_first_round_and_what_sending_hangs_on_within_it(
    house: House,
) -> None:
    house.run()
    house.clock.now = utc("2027-01-11 09:00")
    rounds = rounds_of(house)

    rounds.first()
    assert house.rows(status="planned") != []
    assert house.rows(MembershipRow) == [], "the weekly look for barriers keeps nobody waiting"

    rounds.start(is_first_done=True)
    try:
        wait_until(lambda: house.rows(MembershipRow) != [])
    finally:
        rounds.stop()
