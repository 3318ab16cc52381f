"""/oauth/v2/authorize: where to install the app, Allow or Cancel: this module is the page a browser is sent to."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.errors import Impossible
from bot.sandbox.installs import Place
from bot.sandbox.records import Json
from bot.sandbox.workspace import Slack

STATIC = Path(__file__).parent / "static"
PATH = "/oauth/v2/authorize"
KEPT_FIELDS = ("client_id", "scope", "state", "redirect_uri", "user_scope")


class ConsentPage:
    """Shows what the app asks for; the answer goes to the app's redirect address, by way of the browser."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._installs = slack.workspaces.installs

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PATH, self.ask, methods=["GET"]),
            Route(PATH, self.answer, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        asked = dict(request.query_params)
        try:
            address = self._redirect_address(asked)
        except Impossible as error:
            return _refused(error)
        return HTMLResponse(self._form(asked), headers=_policy(address))

    async def answer(self, request: Request) -> Response:
        """Send the browser back with a code, or with word of a refusal."""
        body = (await request.body()).decode("utf-8", "replace")
        asked = {**dict(request.query_params), **dict(parse_qsl(body, keep_blank_values=True))}
        try:
            address = self._redirect_address(asked)
            answer = self._decided(asked)
        except Impossible as error:
            return _refused(error)
        return RedirectResponse(_with_query(address, {**answer, "state": asked.get("state", "")}), 302)

    def _decided(self, asked: Json) -> dict[str, str]:
        if asked.get("decision") != "allow":
            return {"error": "access_denied"}
        code = self._slack.oauth.new_code(
            asked.get("where") or self._slack.state.app.team_id,
            scopes=[scope for scope in asked.get("scope", "").replace(" ", ",").split(",") if scope],
            redirect_uri=asked.get("redirect_uri", ""),
            person=asked.get("person", ""),
        )
        return {"code": code}

    def _redirect_address(self, asked: Json) -> str:
        """Return where the browser goes next; raise Impossible for an unknown client or address."""
        client = self._installs.client
        if asked.get("client_id") != client.client_id:
            raise Impossible("invalid_client_id", "No app has this client_id.")
        known = client.redirect_urls
        address = asked.get("redirect_uri") or (known[0] if known else "")
        if urlsplit(address).scheme not in ("http", "https"):
            raise Impossible("bad_redirect_uri", "The redirect_uri is missing or is no web address.")
        if known and not any(address == one or address.startswith(f"{one.rstrip('/')}/") for one in known):
            raise Impossible("bad_redirect_uri", "The redirect_uri is not one of the app's redirect addresses.")
        return str(address)

    def _form(self, asked: Json) -> str:
        scopes = [scope for scope in asked.get("scope", "").split(",") if scope]
        return Template((STATIC / "consent.html").read_text(encoding="utf-8")).substitute(
            app=escape(self._slack.state.app.name),
            path=PATH,
            hidden="".join(_hidden(name, asked[name]) for name in KEPT_FIELDS if name in asked),
            scopes="".join(f'<li><span class="tag">{escape(scope)}</span></li>' for scope in scopes),
            places="".join(_option(place, asked.get("team", "")) for place in self._installs.places.values()),
        )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _option(place: Place, chosen: str) -> str:
    kind = "organisation" if place.is_organisation else "workspace"
    selected = " selected" if place.id == chosen else ""
    return f'<option value="{escape(place.id)}"{selected}>{escape(place.name)} ({kind})</option>'


def _policy(redirect_uri: str) -> dict[str, str]:
    """Return headers that let the form go here and on to the app; browsers check the whole way."""
    parts = urlsplit(redirect_uri)
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {parts.scheme}://{parts.netloc}"
    )
    return {"content-security-policy": policy, "cache-control": "no-store"}


def _with_query(address: str, values: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(values)) if part)
    return urlunsplit(parts._replace(query=query))


def _refused(error: Impossible) -> Response:
    return HTMLResponse(f"<!doctype html><title>{error.code}</title><p>{escape(error.detail)}</p>", 400)
