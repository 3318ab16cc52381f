"""Adding Nudger to a workspace, in a browser: this module is `/slack/install` and where Slack sends people back to."""

import base64
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urljoin

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPE_USES, public_address, scopes_for
from bot.offices import Offices
from bot.settings import Settings
from bot.slack_api.oauth import ExchangeFailed
from bot.texts import DEFAULT_LANGUAGE, shown, text
from nudges.domain.people.installations import Grant
from nudges.errors import StorageError
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.workspaces.installing import (
    STATE_LIVES,
    Begun,
    StateRefused,
    begin_installation,
    complete_installation,
    redeem_state,
)

logger = logging.getLogger(__name__)

LONGEST = 1_000  # characters of a code or a state that is worth a look
COOKIE = "nudger-install"
STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:12vh auto;padding:0 1.5em;color:#1d3557}"
    "h1{font-size:1.5em}a.go{display:inline-block;padding:.6em 1.2em;border-radius:.4em;background:#1d3557;"
    "color:#fff;text-decoration:none}a.go:focus{outline:3px solid #e9c46a}"
    "@media(prefers-color-scheme:dark){body{background:#10182b;color:#e8edf5}a.go{background:#a8c5f0;color:#10182b}}"
)
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def install_routes(settings: Settings, offices: Offices) -> Sequence[BaseRoute]:
    """Return the pages, or none where the app's id and secret and our public address are not all set."""
    if not settings.can_install:
        return ()
    pages = InstallPages(settings, offices)
    return Route(INSTALL_PATH, pages.install), Route(REDIRECT_PATH, pages.redirect)


@dataclass(frozen=True)
class _Page:
    """What a page says: the keys of its texts, and their values."""

    name: str
    status: int
    values: dict[str, str]
    link: str = ""  # where its button leads
    label: str = "install.again"


class InstallPages:
    """The two steps in the browser; in between the person is at Slack's."""

    def __init__(self, settings: Settings, offices: Offices) -> None:
        company = read_folder(settings.nudger_playbooks).company if settings.nudger_playbooks.is_dir() else None
        self._scopes = sorted({*SCOPE_USES, *scopes_for(company)})
        self._offices = offices
        self._client_id = settings.slack_client_id
        self._authorize = urljoin(settings.api_url, "../oauth/v2/authorize")
        self._address = public_address(settings.nudger_public_url)
        self._is_safe = self._address.startswith("https:")
        # The prefix lets no other host under the same name set it; browsers want it only over https.
        self._cookie = f"__Host-{COOKIE}" if self._is_safe else COOKIE

    async def install(self, request: Request) -> Response:
        """Show what this is, with a button that leads to Slack."""
        try:
            begun = await run_in_threadpool(begin_installation, self._offices.database, self._offices.clock)
        except StorageError:
            return self._answer(request, _Page("busy", 503, {}, INSTALL_PATH))
        fields = {
            "client_id": self._client_id,
            "scope": ",".join(self._scopes),
            "state": begun.state,
            "redirect_uri": self._address + REDIRECT_PATH,
        }
        page = _Page("begin", 200, {}, f"{self._authorize}?{urlencode(fields)}", "install.button")
        answer = self._answer(request, page)
        answer.set_cookie(
            self._cookie,
            begun.browser,
            max_age=int(STATE_LIVES.total_seconds()),
            path="/",
            secure=self._is_safe,
            httponly=True,
            samesite="lax",
        )
        return answer

    async def redirect(self, request: Request) -> Response:
        """Complete what was begun in this browser, and say what comes next."""
        answer = self._answer(request, await run_in_threadpool(self._complete, request))
        answer.delete_cookie(self._cookie, path="/", secure=self._is_safe, httponly=True, samesite="lax")
        return answer

    def _complete(self, request: Request) -> _Page:
        state, code, refusal = (_only(request, name) for name in ("state", "code", "error"))
        begun = Begun(state, request.cookies.get(self._cookie, "")[:LONGEST])
        try:
            redeem_state(self._offices.database, self._offices.clock, begun)
            if refusal or not code:
                return self._refused(refusal or "no_code")
            return self._installed(self._redeemed(code))
        except StateRefused:
            return _Page("stale", 400, {}, INSTALL_PATH)
        except ExchangeFailed as error:
            return self._refused(error.slack_code)
        except StorageError:
            return _Page("busy", 503, {}, INSTALL_PATH)

    def _redeemed(self, code: str) -> Grant:
        if self._offices.oauth is None:
            raise ExchangeFailed(slack_code="not_configured")
        return self._offices.oauth.redeem(code, self._address + REDIRECT_PATH)

    def _refused(self, code: str) -> _Page:
        if code == "access_denied":
            return _Page("declined", 200, {}, INSTALL_PATH)
        known = code if code.isidentifier() and len(code) < 60 else "an_error"
        logger.warning("installation not completed", extra={"slack_code": known})
        return _Page("failed", 502, {"code": known}, INSTALL_PATH)

    def _installed(self, grant: Grant) -> _Page:
        complete_installation(self._offices.database, self._offices.clock, self._offices.box, grant)
        self._offices.look_again()
        logger.info("workspace has installed the app", extra={"workspace_id": grant.workspace_id})
        values = {"workspace": grant.workspace_name or grant.workspace_id, "person": grant.installed_by or "?"}
        if grant.workspace_id in self._offices.resting():
            return _Page("done_resting", 200, values)
        return _Page("done_org" if grant.is_org else "done", 200, values)

    def _answer(self, request: Request, page: _Page) -> Response:
        language = _language(request)
        title = text(f"install.{page.name}.title", language, **page.values)
        said = text(f"install.{page.name}.text", language, **page.values)
        paragraphs = "".join(f"<p>{escape(one)}</p>" for one in said.split("\n") if one)
        label = text(page.label, language)
        button = f'<p><a class="go" href="{escape(page.link)}">{escape(label)}</a></p>' if page.link else ""
        document = (
            f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>'
            f"<main><h1>{escape(title)}</h1>{paragraphs}{button}</main></html>"
        )
        return HTMLResponse(document, page.status, headers={"content-security-policy": POLICY})


def _only(request: Request, name: str) -> str:
    """Return a field of the address; one that stands there twice, or is longer than any of Slack's, counts as none."""
    found = request.query_params.getlist(name)
    return found[0] if len(found) == 1 and len(found[0]) <= LONGEST else ""


def _language(request: Request) -> str:
    """Return which of our languages the browser asks for first."""
    asked = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip().lower()
    return shown(asked) if asked.replace("-", "").isalnum() else DEFAULT_LANGUAGE
