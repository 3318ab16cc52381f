"""The calendar file over HTTP: who holds the address gets the file, and nobody else gets anything."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.offices import NotInstalled
from bot.web import SECURITY_HEADERS
from bot.web_workshops import workshop_routes
from nudges.services.core import Core
from tests.bot.web_examples import Client, a_client, an_app
from tests.services.house import ANA, TEAM, House
from tests.services.test_kinds import WORKSHOP, invited, shown, tap

ADDRESS = "https://nudger.example.com"


@dataclass
class OneOffice:
    """A server that serves one workspace."""

    house: House

    def core(self, workspace_id: str) -> Core:
        if workspace_id != TEAM:
            raise NotInstalled("not here")
        return self.house.core


@dataclass
class Set:
    nudger_public_url: str = ADDRESS


def client_of(house: House, settings: Any) -> Client:
    return a_client(an_app(more=workshop_routes(settings, OneOffice(house))))  # type: ignore[arg-type]


@pytest.fixture
def path(house: House) -> str:
    house.core = replace(house.core, public_url=ADDRESS)
    invited(house, WORKSHOP)
    tap(house, "together", ANA, "coming")
    link: str = shown(house, "together", ANA).parts.session.calendar_link  # type: ignore[union-attr]
    return link.removeprefix(ADDRESS)


def test_the_link_in_the_message_gives_a_file_for_calendars(house: House, path: str) -> None:
    answer = client_of(house, Set()).get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == SECURITY_HEADERS["cache-control"]
    assert "SUMMARY:Your first question\\, together" in answer.text and ANA not in answer.text


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.replace(TEAM, "T0OTHER"),
        lambda path: path.replace("together", "together2"),
        lambda path: path.replace("2027-01-11", "2027-01-18"),
        lambda path: path[:-5] + "0.ics" if path[-5] != "0" else path[:-5] + "1.ics",
        lambda path: "/workshop/x.ics",
        lambda path: "/workshop/../../etc/passwd.ics",
        lambda path: "/workshop/" + "9" * 5000 + ".ics",
    ],
)
def test_an_address_that_we_did_not_make_leads_nowhere(house: House, path: str, change: Any) -> None:
    assert client_of(house, Set()).get(change(path)).status_code == 404


def test_nothing_is_changed_there_and_without_a_public_address_there_is_no_such_page(house: House, path: str) -> None:
    assert client_of(house, Set()).post(path).status_code == 405
    assert client_of(house, Set("")).get(path).status_code == 404
