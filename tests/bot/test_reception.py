"""One door for all workspaces: whose a request is, that the others never wait, and that nobody reaches over."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.bolt_app import authorized
from bot.bootstrap import Installation
from bot.eager import AT_MOST, PEOPLE_KEPT, SPAN_S, Eager, asker_of
from bot.listeners.whose import Address, address_of
from bot.offices import NotInstalled, Office
from bot.reception import SHARE, Reception
from bot.settings import Settings
from nudges.store import instance, people
from tests.bot.office import ANA, BEN, TEAM
from tests.bot.office import Office as House


class FixedOffices:
    """Offices of a test: what is in the dictionary has the app."""

    def __init__(self, known: dict[str, Office]) -> None:
        self.known = known

    def office(self, workspace_id: str) -> Office:
        if workspace_id not in self.known:
            raise NotInstalled
        return self.known[workspace_id]

    def workspace_ids(self) -> list[str]:
        return sorted(self.known)


def an_office(house: House, workspace_id: str = TEAM, *, is_org: bool = False) -> Office:
    installation = Installation(workspace_id, "Here", "U0BOT", "", "E0ORG" if is_org else "", "", is_org)
    return Office(installation, house.core, lambda: "xoxb-now")


def a_reception(offices: FixedOffices) -> Reception:
    return Reception(Settings(_env_file=None), offices)  # type: ignore[arg-type, call-arg]


@pytest.fixture
def reception(office: House) -> Iterator[Reception]:
    door = a_reception(FixedOffices({TEAM: an_office(office)}))
    yield door
    door.close()


def command(text: str, person_id: str = ANA, **changes: Any) -> BoltRequest:
    body = {"command": "/nudge", "text": text, "user_id": person_id, "team_id": TEAM, "trigger_id": "t"}
    return BoltRequest(body={**body, **changes}, mode="socket_mode")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"team_id": "T1", "authorizations": [{"team_id": "T2", "enterprise_id": None}]}, ("T2",)),
        ({"team_id": "T1", "enterprise_id": "E1", "authorizations": []}, ("T1", "E1")),
        ({"authorizations": [{"enterprise_id": "E1", "team_id": None, "is_enterprise_install": True}]}, ("E1",)),
        ({"team": None, "enterprise": {"id": "E1"}, "is_enterprise_install": True, "user": {"team_id": "T9"}}, ("E1",)),
        ({"team": {"id": "T1"}, "enterprise": None, "is_enterprise_install": False}, ("T1",)),
        ({"command": "/nudge", "team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true"}, ("E1",)),
        ({"team": {"id": "T1"}, "view": {"app_installed_team_id": "T2"}}, ("T2",)),
        ({}, ()),
        ({"team": None, "enterprise": None, "authorizations": None}, ()),
        ({"team": ["T1"], "authorizations": [None], "view": 3, "enterprise": {"id": ["E"]}}, ()),
        ({"team": {"id": None}, "authorizations": "T1", "team_id": 7}, ()),
    ],
)
def test_whose_a_request_is_stands_in_its_authorization(body: dict[str, Any], found: tuple[str, ...]) -> None:
    assert address_of(body).workspace_ids == found


def test_an_installation_of_one_workspace_never_answers_for_a_whole_organisation() -> None:
    assert Address("T1", "E1", is_org=True).workspace_ids == ("E1",)


@pytest.mark.parametrize("team", ["T0NONE", None, ""])
def test_a_stranger_gets_a_kind_answer_and_nothing_happens(reception: Reception, office: House, team: Any) -> None:
    answer = reception.dispatch(command("stop", team_id=team))
    assert answer.status == 200 and "not connected to this workspace" in str(answer.body)
    event = {"type": "event_callback", "team_id": team, "event_id": "E", "event": {"type": "app_uninstalled"}}
    assert reception.dispatch(BoltRequest(body=event, mode="socket_mode")).status == 200
    with office.core.db.reading() as session:
        here = instance.workspace(session, TEAM)
        assert people.preference(session, TEAM, ANA).stopped_at is None
    assert here is not None and here.hold_reason == ""


def test_a_person_is_served_in_their_own_workspace(reception: Reception, office: House) -> None:
    assert reception.dispatch(command("stop")).status == 200
    with office.core.db.reading() as session:
        assert people.preference(session, TEAM, ANA).stopped_at is not None


def test_a_workspace_that_is_stuck_leaves_room_for_the_others(office: House) -> None:
    stuck, free = threading.Event(), an_office(office)
    offices = FixedOffices({TEAM: free, "T0STUCK": an_office(office, "T0STUCK")})
    door = a_reception(offices)
    try:
        door.dispatch(command("help"))
        room = door._enter(command("help", team_id="T0STUCK"))
        assert room is not None

        class Stuck:
            def dispatch(self, _: BoltRequest) -> Any:
                stuck.wait(20)

        room.app = Stuck()  # type: ignore[assignment]
        asking = [
            threading.Thread(target=door.dispatch, args=(command("help", team_id="T0STUCK"),)) for _ in range(SHARE - 1)
        ]
        for thread in asking:
            thread.start()
        office.until(lambda: room.inside == SHARE)
        started = time.monotonic()
        assert door.dispatch(command("help", team_id="T0STUCK")).status == 503
        assert door.dispatch(command("help")).status == 200
        assert time.monotonic() - started < 2
    finally:
        stuck.set()
        for thread in asking:
            thread.join()
        door.close()


def test_the_apps_of_workspaces_are_bounded_and_come_back(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.reception.APPS_KEPT", 3)
    names = [f"T0N{number}" for number in range(8)]
    door = a_reception(FixedOffices({name: an_office(office, name) for name in names}))
    for name in [*names, *names]:
        assert door.dispatch(command("help", team_id=name)).status == 200
    assert len(door._rooms) == 3
    door.close()


def test_an_app_s_id_and_secret_in_the_environment_do_not_take_authorize_from_us(
    office: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1000.2000")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "canary-secret")
    monkeypatch.setenv("HOME", str(tmp_path))
    door = a_reception(FixedOffices({TEAM: an_office(office)}))
    assert door.dispatch(command("stop", BEN)).status == 200  # nobody is asked: there is no Slack here
    with office.core.db.reading() as session:
        assert people.preference(session, TEAM, BEN).stopped_at is not None
    door.close()
    assert list(tmp_path.rglob("*.json")) == [] and not (tmp_path / ".bolt-app-installation").exists()


def test_the_token_of_each_request_is_the_one_of_that_moment(office: House) -> None:
    tokens = iter(("xoxb-old", "xoxb-new"))
    who = Office(Installation(TEAM, "", "U0BOT", "", "", ""), office.core, lambda: next(tokens))
    assert [authorized(who).bot_token for _ in range(2)] == ["xoxb-old", "xoxb-new"]


def test_for_an_organisation_no_workspace_is_named(office: House) -> None:
    known: AuthorizeResult = authorized(an_office(office, "E0ORG", is_org=True))
    assert (known.enterprise_id, known.team_id) == ("E0ORG", None)


def test_who_asks_too_much_is_answered_again_after_a_rest() -> None:
    at = [0.0]
    eager = Eager(lambda: at[0])
    assert not any(eager.is_too_much(TEAM, ANA) for _ in range(AT_MOST))
    assert eager.is_too_much(TEAM, ANA) and not eager.is_too_much(TEAM, BEN) and not eager.is_too_much("T2", ANA)
    at[0] = SPAN_S - 0.1
    assert eager.is_too_much(TEAM, ANA)
    at[0] = SPAN_S
    assert not eager.is_too_much(TEAM, ANA)
    assert not any(eager.is_too_much(TEAM, "") for _ in range(AT_MOST * 2)), (
        "what nobody asks, as an uninstall, is heard"
    )


def test_who_asked_longest_ago_is_forgotten_first() -> None:
    eager = Eager(lambda: 0.0)
    for number in range(PEOPLE_KEPT + 5):
        eager.is_too_much(TEAM, f"U{number}")
    assert len(eager._asked) == PEOPLE_KEPT


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ({"user": {"id": ANA}}, ANA),
        ({"user_id": ANA, "command": "/nudge"}, ANA),
        ({"event": {"type": "message", "user": ANA}}, ANA),
        ({"event": {"type": "user_change", "user": {"id": ANA}}}, ""),
        ({"event": {"type": "app_uninstalled"}, "user": None}, ""),
        ({"user": ["x"], "user_id": 3, "event": "x"}, ""),
    ],
)
def test_who_asks_is_read_from_what_slack_says(body: dict[str, Any], who: str) -> None:
    assert asker_of(body) == who


def test_a_thousand_requests_a_second_of_one_person_keep_nobody_waiting(reception: Reception) -> None:
    over, flooded = threading.Event(), [0] * 8

    def flood(number: int) -> None:
        while not over.is_set():
            reception.dispatch(command("help", BEN))
            flooded[number] += 1

    reception.dispatch(command("help"))
    threads = [threading.Thread(target=flood, args=(number,)) for number in range(len(flooded))]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    waits = [_seconds_for_help(reception) for _ in range(AT_MOST - 2)]
    length = time.monotonic() - started
    over.set()
    for thread in threads:
        thread.join()
    assert "at once" in str(reception.dispatch(command("help", BEN)).body)
    assert sum(flooded) / length > 1000
    assert max(waits) < 1.0


def _seconds_for_help(door: Reception) -> float:
    started = time.monotonic()
    answer = door.dispatch(command("help"))
    assert answer.status == 200 and "at once" not in str(answer.body)
    return time.monotonic() - started
