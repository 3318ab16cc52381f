"""The pages for whoever adds Nudger to a workspace: bound to the browser, with a kind word for every way it ends."""

import re
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from bot.manifest import SCOPE_USES
from bot.offices import Offices, open_offices
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from bot.settings import Settings
from bot.web_install import install_routes
from bot.web_workshops import workshop_routes
from nudges.store import installations
from nudges.store.engine import checkpoint
from nudges.store.tables import OauthStateRow
from tests.bot.web_examples import Client, a_client, an_app
from tests.places import PLACES, new_database

PUBLIC = "https://nudger.example.com"
TWO = "T0TWO"


@pytest.fixture(scope="module")
def slack() -> Iterator[SandboxServer]:
    engine = Slack()
    engine.add_workspace(TWO)
    with SandboxServer(engine, port=0) as server:
        yield server


def the_settings(slack: SandboxServer, folder: Path, **changes: Any) -> Settings:
    values = {
        "slack_api_url": slack.api_url,
        "slack_client_id": "1000.2000",
        "slack_client_secret": "sandbox-client-secret",
        "nudger_public_url": PUBLIC,
        "nudger_secret_key": "k" * 32,
        "database_url": PLACES.address(folder / "install.db"),
        "nudger_playbooks": folder,
    }
    return Settings(_env_file=None, **values | changes)  # type: ignore[call-arg]


class Visitor:
    """A browser at our pages, which keeps cookies as browsers do."""

    def __init__(self, client: Client, slack: SandboxServer) -> None:
        self.client = client
        self.slack = slack
        self.cookie = ""

    def begins(self, **headers: str) -> dict[str, str]:
        page = self.client.get("/slack/install", headers=headers)
        assert page.status_code == 200
        self.page, self.set_cookie = page, page.headers["set-cookie"]
        self.cookie = self.set_cookie.split(";")[0]
        link = re.search(r'href="([^"]+)"', page.text)
        assert link is not None
        self.link = link.group(1).replace("&amp;", "&")
        return {name: values[0] for name, values in parse_qs(urlsplit(self.link).query).items()}

    def comes_back(self, cookie: str | None = None, **fields: Any) -> httpx.Response:
        headers = {"cookie": self.cookie if cookie is None else cookie}
        return self.client.get("/slack/oauth_redirect", params=fields, headers=headers)

    def code(self, where: str = TWO) -> str:
        return str(self.slack.slack.oauth.new_code(where, redirect_uri=f"{PUBLIC}/slack/oauth_redirect"))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("install") / "empty.db"
    database = new_database(path)
    checkpoint(database)
    database.close()
    return path


@pytest.fixture
def offices(slack: SandboxServer, migrated: Path, tmp_path: Path) -> Iterator[Offices]:
    shutil.copy(migrated, tmp_path / "install.db")
    PLACES.settle(tmp_path / "install.db")
    opened = open_offices(the_settings(slack, tmp_path), None)
    yield opened
    opened.close()
    opened.database.close()
    PLACES.leave(tmp_path / "install.db")


@pytest.fixture
def visitor(slack: SandboxServer, offices: Offices, tmp_path: Path) -> Visitor:
    routes = install_routes(the_settings(slack, tmp_path), offices)
    return Visitor(a_client(an_app(more=routes), host="203.0.113.5"), slack)


def live(offices: Offices) -> list[str]:
    with offices.database.reading() as session:
        return [one.workspace_id for one in installations.live(session)]


def test_the_first_page_leads_to_slack_with_least_scopes_and_a_guarded_cookie(visitor: Visitor) -> None:
    fields = visitor.begins()
    assert visitor.link.startswith(visitor.slack.url + "/oauth/v2/authorize?")
    assert fields["scope"] == ",".join(sorted(SCOPE_USES)) and "user_scope" not in fields
    assert fields["redirect_uri"] == f"{PUBLIC}/slack/oauth_redirect"
    assert visitor.set_cookie.startswith("__Host-nudger-install=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/", "Max-Age=600"} <= set(visitor.set_cookie.split("; "))
    assert visitor.page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert visitor.page.headers["cache-control"] == "no-store"


def test_a_whole_installation_ends_on_a_page_that_says_what_comes_next(visitor: Visitor, offices: Offices) -> None:
    fields = visitor.begins()
    done = visitor.comes_back(state=fields["state"], code=visitor.code())
    assert done.status_code == 200 and "is connected" in done.text and "admins" in done.text
    assert live(offices) == [TWO] == offices.workspace_ids()
    assert offices.office(TWO).token().startswith("xoxe.xoxb-")
    assert "Max-Age=0" in done.headers["set-cookie"]
    again = visitor.comes_back(state=fields["state"], code=visitor.code())
    assert again.status_code == 400 and "Please begin again" in again.text


def test_in_the_database_stand_neither_state_nor_cookie_nor_token(visitor: Visitor, offices: Offices) -> None:
    fields = visitor.begins()
    with offices.database.reading() as session:
        (row,) = session.query(OauthStateRow)
        kept = f"{row.state_hash} {row.browser_hash}"
    assert fields["state"] not in kept and visitor.cookie.partition("=")[2] not in kept
    visitor.comes_back(state=fields["state"], code=visitor.code())
    with offices.database.reading() as session:
        tokens = installations.tokens(session, TWO)
    assert tokens is not None and tokens.access and tokens.refresh
    # A token holds a dot, and what is sealed never does: three letters alone may come about by chance.
    assert "xoxe." not in tokens.access + tokens.refresh and "." not in tokens.access + tokens.refresh


@pytest.mark.parametrize("cookie", ["", "__Host-nudger-install=wrong", "other=1"])
def test_another_browser_installs_nothing(visitor: Visitor, offices: Offices, cookie: str) -> None:
    fields = visitor.begins()
    back = visitor.comes_back(cookie=cookie, state=fields["state"], code=visitor.code())
    assert back.status_code == 400 and "another browser" in back.text
    assert live(offices) == []


def test_a_field_that_stands_there_twice_counts_as_none(visitor: Visitor, offices: Offices) -> None:
    fields = visitor.begins()
    back = visitor.comes_back(state=[fields["state"], "x"], code=visitor.code())
    assert back.status_code == 400
    fields = visitor.begins()
    back = visitor.comes_back(state=fields["state"], code=[visitor.code(), visitor.code()])
    assert back.status_code == 502 and live(offices) == []


def test_saying_no_is_fine(visitor: Visitor, offices: Offices) -> None:
    fields = visitor.begins()
    back = visitor.comes_back(state=fields["state"], error="access_denied")
    assert back.status_code == 200 and "Nothing was installed" in back.text and "/slack/install" in back.text
    assert live(offices) == []


@pytest.mark.parametrize("code", ["", "never-given", "<script>alert(1)</script>", "x" * 5_000])
def test_every_failure_says_what_to_do_and_nothing_of_what_was_sent(visitor: Visitor, code: str) -> None:
    fields = visitor.begins()
    back = visitor.comes_back(state=fields["state"], code=code)
    assert back.status_code == 502 and "Begin again" in back.text
    assert "<script" not in back.text and "never-given" not in back.text


def test_an_odd_error_of_slacks_is_not_repeated_word_for_word(visitor: Visitor) -> None:
    fields = visitor.begins()
    back = visitor.comes_back(state=fields["state"], error="<img src=x onerror=alert(1)>")
    assert "onerror" not in back.text and "an_error" in back.text


def test_a_code_is_exchanged_once_and_not_again_when_the_answer_is_lost(visitor: Visitor, offices: Offices) -> None:
    engine = visitor.slack.slack.workspace(TWO)
    engine.set_faults(lost_answer=1.0, methods=["oauth.v2.access"])
    try:
        fields, before = visitor.begins(), len([1 for one in engine.calls.after(0) if one.what == "oauth.v2.access"])
        back = visitor.comes_back(state=fields["state"], code=visitor.code())
    finally:
        engine.set_faults(lost_answer=0.0)
    assert back.status_code == 502 and "no_answer" in back.text and live(offices) == []
    assert len([1 for one in engine.calls.after(0) if one.what == "oauth.v2.access"]) == before + 1


@pytest.mark.parametrize(("asked", "words"), [("de-AT,de;q=0.9", "Zu Slack hinzufügen"), ("es", "Añadir a Slack")])
def test_the_pages_speak_the_browsers_language(visitor: Visitor, asked: str, words: str) -> None:
    visitor.begins(**{"accept-language": asked})
    assert words in visitor.page.text


@pytest.mark.parametrize("odd", ["../../etc", "*", "", "x" * 3_000, "en\x7f"])
def test_an_odd_language_is_english(visitor: Visitor, odd: str) -> None:
    visitor.begins(**{"accept-language": odd})
    assert "Add to Slack" in visitor.page.text


@pytest.mark.parametrize("missing", ["slack_client_id", "slack_client_secret", "nudger_public_url"])
def test_without_its_settings_there_are_no_such_pages(
    slack: SandboxServer, offices: Offices, tmp_path: Path, missing: str
) -> None:
    routes = install_routes(the_settings(slack, tmp_path, **{missing: ""}), offices)
    client = a_client(an_app(more=routes))
    assert client.get("/slack/install").status_code == 404
    assert client.get("/slack/oauth_redirect").status_code == 404


def test_on_loopback_without_https_the_cookie_is_a_plain_one(
    slack: SandboxServer, offices: Offices, tmp_path: Path
) -> None:
    settings = the_settings(slack, tmp_path, nudger_public_url="http://127.0.0.1:3000/")
    visitor = Visitor(a_client(an_app(more=install_routes(settings, offices))), slack)
    fields = visitor.begins()
    assert visitor.set_cookie.startswith("nudger-install=") and "Secure" not in visitor.set_cookie
    assert fields["redirect_uri"] == "http://127.0.0.1:3000/slack/oauth_redirect"


def test_pages_change_nothing_by_other_methods(visitor: Visitor) -> None:
    assert visitor.client.post("/slack/install").status_code == 405
    assert visitor.client.post("/slack/oauth_redirect").status_code == 405


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://nudger.example.com"])
def test_another_site_moves_nothing_at_any_address_and_reads_nothing(
    slack: SandboxServer, offices: Offices, tmp_path: Path, origin: str
) -> None:
    settings = the_settings(slack, tmp_path)
    app = an_app(more=[*install_routes(settings, offices), *workshop_routes(settings, offices)])
    visitor = Visitor(a_client(app, host="203.0.113.5"), slack)
    fields, code = visitor.begins(), visitor.code()
    stolen = urlencode({"state": "x" * len(fields["state"]), "code": code})
    headers = {"origin": origin, "sec-fetch-site": "cross-site", "cookie": visitor.cookie, "referer": f"{origin}/"}
    paths = {str(getattr(route, "path", "")).replace("{token}", "x") for route in app.routes}
    assert len(paths) == 7
    for path, method in product(paths, ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")):
        answer = visitor.client.request(method, f"{path}?{stolen}", headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control-")], path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
        assert all("nudger-install=" in one for one in answer.headers.get_list("set-cookie")), (
            "there is no other cookie"
        )
    assert live(offices) == []
    assert visitor.comes_back(state=fields["state"], code=code).status_code == 200, "their own way is still open"
