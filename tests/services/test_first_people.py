"""Whoever installs first and lets us in later: this module is the tests of the first reading of people."""

from dataclasses import dataclass, replace

from nudges.services.keeping.identity import claim_identity
from nudges.services.people.first_people import meet_people
from nudges.services.people.sync_people import sync_people
from tests.builders import a_person
from tests.fakes import FixedDirectory
from tests.services.house import House


@dataclass
class _Kept:
    """A token that somebody's installation brought."""

    def __call__(self) -> str:
        return "xoxb-kept"

    def at_hand(self) -> str:
        return "xoxb-kept"

    def renew(self) -> bool:
        return False


def test_people_are_read_as_soon_as_the_organisation_lets_us_in_and_then_left_to_the_usual_readings(
    house: House,
) -> None:
    directory = FixedDirectory([])
    core = replace(house.core, workspace_id="E0ORG", directory=directory, token=_Kept())
    claim_identity(core, workspace_name="Organisation", marker=None)
    assert sync_people(core).people == 0  # installed, and let into no workspace yet

    again = meet_people(core)
    directory.everybody = [a_person("U0ANA"), a_person("U0BEN")]
    met = meet_people(core)
    directory.everybody.append(a_person("U0NEW"))

    assert again is not None and again.people == 0
    assert met is not None and met.people == 2
    assert meet_people(core) is None


def test_a_workspace_whose_token_is_a_setting_is_not_asked_for(house: House) -> None:
    assert meet_people(replace(house.core, workspace_id="T0EMPTY")) is None
