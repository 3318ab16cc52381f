"""Several workspaces in one process: this module installs them as a browser does, and lets one go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from bot.cli.cores import WorkspaceUnclear, workspace_core
from bot.sandbox.workspace import Slack
from nudges.services.authoring.publish import publish
from nudges.services.people.sync_people import import_people
from nudges.store import installations, instance, people
from tests.acceptance import small_company
from tests.acceptance.running import RunningApp, start_app, wait_until
from tests.acceptance.small_company import AUTHOR, BILLING, MONDAY, TUESDAY_NOON

TWO, OTHERS, ORG = "T0TWO", "T0OTHERS", "E0ORG"
CLIENT = {"slack_client_id": "1000.2000", "slack_client_secret": "sandbox-client-secret"}
MAYA = BILLING[0]


@dataclass
class Browser:
    """Somebody's browser: it keeps the app's cookie, and goes where it is sent."""

    app: RunningApp

    def __post_init__(self) -> None:
        self.own = f"http://127.0.0.1:{self.app.settings.nudger_port}"
        self.http = httpx.Client(trust_env=False)

    def begins(self) -> dict[str, str]:
        """Open our page; return the fields of the address behind its button."""
        page = self.http.get(f"{self.own}/slack/install")
        assert page.status_code == 200 and "Add to Slack" in page.text
        link = page.text.split('class="go" href="')[1].split('"')[0].replace("&amp;", "&")
        assert link.startswith(f"{self.app.server.url}/oauth/v2/authorize?")
        return dict(parse_qsl(urlsplit(link).query))

    def decides(self, fields: dict[str, str], where: str, decision: str = "allow") -> str:
        """Say yes or no at Slack; return where that leads, on this machine."""
        form = fields | {"where": where, "decision": decision, "person": AUTHOR}
        answer = self.http.post(f"{self.app.server.url}/oauth/v2/authorize", data=form)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["location"])
        return f"{self.own}{back.path}?{back.query}"

    def installs(self, where: str) -> httpx.Response:
        """Go the whole way."""
        return self.http.get(self.decides(self.begins(), where))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[RunningApp]:
    running = start_app(tmp_path, transport="http", nudger_public_url="http://127.0.0.1:1", **CLIENT)
    yield running
    running.stop()


def a_second(app: RunningApp, team_id: str = TWO, **facts: Any) -> Slack:
    """Return another workspace with the same people."""
    return app.slack.add_workspace(team_id, people=small_company.users(), **facts)


def is_served(app: RunningApp, workspace_id: str) -> bool:
    """Return whether the workspace's people were read."""
    if workspace_id not in {core.workspace_id for core in app.nudger.crew.cores()}:
        return False
    with app.nudger.offices.database.reading() as session:
        here = instance.workspace(session, workspace_id)
    return here is not None and here.synced_at is not None


def let_run(app: RunningApp, workspace_id: str) -> None:
    """Publish the playbook there, for the people of the file."""
    core = app.nudger.offices.core(workspace_id)
    import_people(core, small_company.people_csv())
    publish(core, "find-an-expert", AUTHOR, starts_on=MONDAY.date())


def hold_of(app: RunningApp, workspace_id: str) -> str:
    with app.nudger.offices.database.reading() as session:
        here = instance.workspace(session, workspace_id)
    return here.hold_reason if here else ""


def test_two_workspaces_get_theirs_and_one_goes_on_when_the_other_leaves(app: RunningApp) -> None:
    second, browser = a_second(app), Browser(app)
    done = browser.installs(TWO)
    assert done.status_code == 200 and "is connected" in done.text and AUTHOR in done.text
    wait_until(lambda: is_served(app, TWO))
    app.publish("find-an-expert")
    let_run(app, TWO)
    app.walk_to(MONDAY + timedelta(hours=10, minutes=30))
    assert len(second.posted()) == len(app.slack.posted()) > 0
    assert {one.user for one in second.posted()} == {one.user for one in app.slack.posted()}

    heard = app.slack.oauth.uninstall(TWO)
    assert all(outcome.ok for outcome in heard)
    assert hold_of(app, TWO) in ("slack:tokens_revoked", "slack:app_uninstalled")
    with app.nudger.offices.database.reading() as session:
        assert installations.tokens(session, TWO) is None
    wait_until(lambda: app.nudger.offices.workspace_ids() == ["T0SANDBOX"])
    before, first_before = len(second.posted()), len(app.slack.posted())
    app.walk_to(MONDAY + timedelta(hours=34, minutes=30))  # the quiz is out
    assert len(second.posted()) == before
    assert len(app.slack.posted()) > first_before
    assert app.troubles.found == []

    back = browser.installs(TWO)
    assert back.status_code == 200
    assert hold_of(app, TWO) == ""
    wait_until(lambda: is_served(app, TWO))
    assert app.nudger.offices.core(TWO).directory.people()  # the new token opens Slack


def test_a_click_reaches_its_own_workspace_only(app: RunningApp) -> None:
    second = a_second(app)
    Browser(app).installs(TWO)
    wait_until(lambda: is_served(app, TWO))
    outcome = second.do.command(MAYA, "/nudge", "stop")
    assert outcome.ok, outcome
    with app.nudger.offices.database.reading() as session:
        assert people.preference(session, TWO, MAYA).stopped_at is not None
        assert people.preference(session, "T0SANDBOX", MAYA).stopped_at is None


def test_a_workspace_without_the_app_gets_a_kind_word_and_nothing_else(app: RunningApp) -> None:
    second = a_second(app)
    app.slack.oauth.install(TWO)  # by somebody else's doing: we were never given the token
    outcome = second.do.command(MAYA, "/nudge", "stop")
    assert outcome.ok, outcome
    with app.nudger.offices.database.reading() as session:
        assert instance.workspace(session, TWO) is None
        assert people.preference(session, TWO, MAYA).stopped_at is None


def test_an_organisation_is_one_place_in_which_each_person_is_one(app: RunningApp) -> None:
    app.slack.oauth.add_organisation(ORG)
    one, two = a_second(app, TWO, organisation=ORG), a_second(app, OTHERS, organisation=ORG)
    done = Browser(app).installs(ORG)
    assert done.status_code == 200 and "One step is left" in done.text
    app.slack.oauth.let_in(ORG, TWO, OTHERS)
    wait_until(lambda: ORG in app.nudger.offices.workspace_ids())
    core = app.nudger.offices.core(ORG)
    assert {person.person_id for person in core.directory.people()} >= set(BILLING)
    wait_until(lambda: is_served(app, ORG))
    let_run(app, ORG)
    app.walk_to(MONDAY + timedelta(hours=10, minutes=30))
    got = [post.user for post in (*one.posted(), *two.posted())]
    assert sorted(got) == sorted(set(got)) and MAYA in got
    assert two.do.command(MAYA, "/nudge", "stop").ok
    with app.nudger.offices.database.reading() as session:
        assert people.preference(session, ORG, MAYA).stopped_at is not None
    assert all(outcome.ok for outcome in app.slack.oauth.uninstall(ORG))
    assert hold_of(app, ORG).startswith("slack:")
    assert ORG not in app.nudger.offices.workspace_ids() or wait_until(
        lambda: ORG not in app.nudger.offices.workspace_ids()
    )


def test_tokens_are_renewed_before_they_end_and_nothing_waits(app: RunningApp) -> None:
    second = a_second(app)
    Browser(app).installs(TWO)
    wait_until(lambda: is_served(app, TWO))
    first = app.nudger.offices.core(TWO).token
    assert first is not None
    before = first()
    let_run(app, TWO)
    app.walk_to(TUESDAY_NOON)  # four days of twelve hours
    assert first() != before
    assert second.posted() and hold_of(app, TWO) == ""
    assert [record.error for record in second.calls.after(0) if record.error] == []


def test_commands_ask_which_workspace_is_meant(app: RunningApp) -> None:
    a_second(app)
    Browser(app).installs(TWO)
    with pytest.raises(WorkspaceUnclear, match=r"2 workspaces have the app: T0SANDBOX .*T0TWO"):
        workspace_core(app.settings)
    with pytest.raises(WorkspaceUnclear, match="T0NONE does not have the app"):
        workspace_core(app.settings, "T0NONE")
    core = workspace_core(app.settings, TWO)
    assert core.workspace_id == TWO
    core.db.close()


def test_saying_no_at_slack_installs_nothing(app: RunningApp) -> None:
    a_second(app)
    browser = Browser(app)
    page = browser.http.get(browser.decides(browser.begins(), TWO, "cancel"))
    assert page.status_code == 200 and "Nothing was installed" in page.text
    assert app.nudger.offices.workspace_ids() == ["T0SANDBOX"]
    with app.nudger.offices.database.reading() as session:
        assert installations.live(session) == []


def test_an_organisation_and_a_workspace_of_it_side_by_side_send_once(app: RunningApp) -> None:
    app.slack.oauth.add_organisation(ORG)
    one = a_second(app, TWO, organisation=ORG)
    Browser(app).installs(TWO)
    wait_until(lambda: is_served(app, TWO))
    let_run(app, TWO)
    Browser(app).installs(ORG)
    wait_until(lambda: ORG in app.nudger.offices.workspace_ids())
    assert app.nudger.offices.resting() == {TWO: ORG}
    wait_until(lambda: TWO not in {core.workspace_id for core in app.nudger.crew.cores()})
    app.slack.oauth.let_in(ORG, TWO)
    wait_until(lambda: is_served(app, ORG))
    let_run(app, ORG)
    app.walk_to(MONDAY + timedelta(hours=10, minutes=30))
    got = [post.user for post in one.posted()]
    assert sorted(got) == sorted(set(got)) and MAYA in got
    with pytest.raises(WorkspaceUnclear, match=f"{TWO} rests, because its organisation {ORG}"):
        workspace_core(app.settings, TWO)
    app.slack.oauth.uninstall(ORG)
    wait_until(lambda: TWO in app.nudger.offices.workspace_ids())  # and then it goes on by itself
