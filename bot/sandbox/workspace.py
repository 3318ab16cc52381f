"""A small Slack in process, free of any network: this module is the engine of the sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from bot.sandbox import contract
from bot.sandbox.call import Call, identify, need_access
from bot.sandbox.call_log import CallLog, summary_of
from bot.sandbox.credentials import APP_TOKEN, BOT_SCOPES, BOT_TOKEN, SIGNING_SECRET
from bot.sandbox.delivery import Delivery
from bot.sandbox.diary import Diary
from bot.sandbox.errors import AnswerLost, RateLimited, Refusal
from bot.sandbox.faults import Dice, Fault, Faults
from bot.sandbox.installer import Installer
from bot.sandbox.installs import AppClient, Installation, Installs, Place
from bot.sandbox.methods import METHODS
from bot.sandbox.methods_conversations import history
from bot.sandbox.people import Crowd
from bot.sandbox.people_acts import PeopleActs
from bot.sandbox.post_limits import PostLimit
from bot.sandbox.records import AppIdentity, Channel, Json, Notice, Posted, Token
from bot.sandbox.response_urls import use_response_url
from bot.sandbox.state import State
from bot.sandbox.virtual_clock import VirtualClock
from bot.sandbox.workspaces import Workspaces

__all__ = ["APP_TOKEN", "BOT_SCOPES", "BOT_TOKEN", "SIGNING_SECRET", "Answer", "Slack"]

LATE_HEADER = "x-sandbox-answer-after"  # seconds the network side waits before it answers
HANG_SECONDS = 3_600  # longer than anybody waits
HTML = "<html><body>The sandbox has been told to fail.</body></html>"


class Answer(NamedTuple):
    """An HTTP answer; a body that is a text is not JSON."""

    status: int
    headers: dict[str, str]
    body: Json | str


class Slack:
    """One workspace and the way to all others; safe from any thread. `call` is the Web API, `do` what people do."""

    def __init__(
        self,
        *,
        people: Iterable[Json] | Crowd = (),
        app: AppIdentity | None = None,
        tokens: Mapping[str, Iterable[str]] | None = None,
        start: float | None = None,
        real: Callable[[], float] = time.time,
        seed: int = 0,
        faults: Faults | None = None,
        strict: bool = True,
        client: AppClient | None = None,
        beside: Slack | None = None,
    ) -> None:
        """`tokens` maps each token to its scopes; `strict` refuses arguments the documentation does not name.

        With `beside` this is one more workspace of that one's sandbox, without tokens unless some are given.
        """
        self.clock: VirtualClock = beside.clock if beside else VirtualClock(start=start, real=real)
        self.workspaces: Workspaces = (
            beside.workspaces if beside else Workspaces(Installs(client=client or AppClient()))
        )
        self.oauth: Installer = beside.oauth if beside else Installer(self.workspaces, self.clock)
        self.state = State(
            people=people,
            app=app or AppIdentity(),
            clock=self.clock,
            installs=self.workspaces.installs,
            number=len(self.workspaces),
        )
        self.calls = CallLog(self.state)
        self.dice = Dice(faults or Faults(), seed)
        self.delivery: Delivery = Delivery(self.state, self.calls, self.dice, like=beside.delivery if beside else None)
        self.do = PeopleActs(self.state, self.delivery)
        self.diary = Diary(self.state)
        self.strict = strict
        self.post_limit = PostLimit()
        self.workspaces.add(self)
        self._open(_tokens(tokens or ({} if beside else _STATIC), self.state.app.team_id))
        if beside:
            self._join(beside)

    def _open(self, tokens: list[Token]) -> None:
        """Let the app in with tokens that last for ever, as a single-workspace app has them."""
        installs, place = self.state.installs, _place(self.state.app)
        installs.places[place.id] = place
        installs.tokens.update({token.value: token for token in tokens})
        scopes = [token.scopes for token in tokens if token.kind == "bot"]
        if scopes:
            installs.installations[place.id] = Installation(place=place, scopes=scopes[0])

    def _join(self, beside: Slack) -> None:
        """Share what all workspaces of a sandbox share: its address, and the pages that look in."""
        self.state.base_url = beside.state.base_url
        self.state.listeners = beside.state.listeners
        self.state.teams_of = partial(self.workspaces.teams_of, organisation=self.state.app.enterprise_id)

    # More workspaces

    def add_workspace(
        self,
        team_id: str,
        *,
        name: str = "",
        people: Iterable[Json] | Crowd = (),
        organisation: str | None = None,
        token: str | None = None,
        scopes: Iterable[str] = BOT_SCOPES,
        faults: Faults | None = None,
    ) -> Slack:
        """Return a new workspace; without a token the app is not installed there, see `oauth.install`."""
        app = self.oauth.identity(team_id, name=name, app=self.state.app, organisation=organisation)
        tokens = {token: scopes} if token else None
        seed = len(self.workspaces)
        return Slack(people=people, app=app, tokens=tokens, seed=seed, faults=faults, strict=self.strict, beside=self)

    def workspace(self, team_id: str) -> Slack:
        return self.workspaces.get(team_id)

    # The Web API

    def call(self, method: str, args: Json, token: str | None) -> Answer:
        """Answer one call of the Web API in the token's workspace; raise AnswerLost where a network would lose it."""
        return self.workspaces.serving(method, args, token).answer(method, args, token)

    def answer(self, method: str, args: Json, token: str | None) -> Answer:
        """Answer one call that is about this workspace."""
        started = time.perf_counter()
        warnings: list[str] = []
        try:
            with self.state.lock:
                self.state.catch_up()
                answer = self._answer(method, args, token, warnings)
        except AnswerLost:
            self._log(method, args, started, warnings, status=None, error="answer_lost")
            raise
        error = answer.body.get("error") if isinstance(answer.body, dict) else f"http_{answer.status}"
        self._log(method, args, started, warnings, status=answer.status, error=error)
        return answer

    def _answer(self, method: str, args: Json, token: str | None, warnings: list[str]) -> Answer:
        try:
            call = self._admit(method, args, token, warnings)
            return self._befall(call, self.dice.draw(method))
        except RateLimited as limited:
            return Answer(429, {"retry-after": str(limited.retry_after)}, limited.body())
        except Refusal as refusal:
            return Answer(200, self._headers(token), refusal.body())

    def _admit(self, method: str, args: Json, token: str | None, warnings: list[str]) -> Call:
        if method not in METHODS:
            raise Refusal("unknown_method", req_method=method)
        known = identify(self.state, method, token)
        parsed, notes = contract.admit(method, args, strict=self.strict)
        warnings.extend(notes)
        call = Call(method=method, args=parsed, token=known)
        need_access(self.state, call)
        if method == "chat.postMessage":
            wait = self.post_limit.take(self.dice.faults, self.clock.real())
            if wait:
                raise RateLimited(wait)
        return call

    def _befall(self, call: Call, fault: Fault | None) -> Answer:
        """Run the call under the fault the dice drew."""
        faults = self.dice.faults
        if fault is Fault.RATE_LIMIT:
            raise RateLimited(faults.retry_after)
        if fault is Fault.SERVER_ERROR_BEFORE:
            return Answer(503, {}, HTML)
        if fault is Fault.HANG:
            return Answer(504, {LATE_HEADER: str(HANG_SECONDS)}, HTML)
        if fault is Fault.LATE_ACCEPTANCE:
            self.state.do_at(self.clock.now() + faults.late_seconds, partial(self._run, call))
            raise AnswerLost("The answer was lost; the call is accepted later.")
        body = self._run(call)
        if fault is Fault.LOST_ANSWER:
            raise AnswerLost("The answer was lost; the call was accepted.")
        if fault in (Fault.SERVER_ERROR_AFTER, Fault.NOT_JSON):
            return Answer(503 if fault is Fault.SERVER_ERROR_AFTER else 200, {}, HTML)
        headers = self._headers(call.token.value)
        if fault is Fault.LATE_ANSWER:
            headers[LATE_HEADER] = str(faults.late_seconds)
        return Answer(200, headers, {"ok": True, **body})

    def _run(self, call: Call) -> Json:
        if call.method != "conversations.history":
            return METHODS[call.method](self.state, call)
        faults = self.dice.faults
        if self.dice.happens(faults.history_error):
            raise Refusal("internal_error")
        return history(self.state, call, lag=faults.history_lag, most=faults.history_page)

    def _headers(self, token: str | None) -> dict[str, str]:
        known = self.state.installs.tokens.get(token or "")
        return {"x-oauth-scopes": ",".join(sorted(known.scopes))} if known else {}

    def _log(
        self, method: str, args: Json, started: float, warnings: list[str], *, status: int | None, error: Any
    ) -> None:
        target = str(args.get("channel") or args.get("user_id") or args.get("user") or "")
        channel = self.state.channels.get(target)
        person = self.state.person_of(channel) if channel else (target if target in self.state.users else None)
        self.calls.add(
            direction="app_to_slack",
            what=method,
            person=person,
            ok=error is None,
            error=error,
            ms=round((time.perf_counter() - started) * 1000, 2),
            http_status=status,
            summary=summary_of(args),
            warnings=tuple(warnings),
        )

    def respond(self, key: str, body: Json) -> Answer:
        """Answer a POST to a `response_url` of any workspace."""
        state = self.workspaces.with_response_url(key).state
        with state.lock:
            state.catch_up()
            return Answer(*use_response_url(state, key, body))

    # Ground truth and switches

    def posted(self) -> list[Posted]:
        """Return every accepted chat.postMessage in the order of acceptance."""
        with self.state.lock:
            self.state.catch_up()
            return list(self.state.posted)

    def set_faults(self, **values: Any) -> Faults:
        """Turn switches at run time; raise ValueError for an unknown or impossible one."""
        with self.state.lock:
            self.dice.faults = self.dice.faults.changed({**values, "drop_socket": False})
        if values.get("drop_socket"):
            self.delivery.drop_connections()
        return self.dice.faults

    def put_notice(self, text: str, *, about: str = "") -> None:
        """Show a text on the page until its reader closes it; a later one about the same replaces it in place."""
        self.state.notice = Notice(text, about) if text else None
        self.state.tell("notice")

    def deactivate(self, user_id: str) -> None:
        with self.state.lock:
            self.state.users[user_id] = {**self.state.user(user_id), "deleted": True}
        self.state.tell("people")

    def add_channel(self, channel_id: str, *, name: str, members: Iterable[str]) -> Channel:
        with self.state.lock:
            return self.state.add_channel(channel_id, name=name, members=members)

    def add_user_group(self, group_id: str, *, name: str, members: Iterable[str], is_disabled: bool = False) -> None:
        with self.state.lock:
            self.state.add_user_group(group_id, name=name, members=members, is_disabled=is_disabled)


_STATIC = {BOT_TOKEN: BOT_SCOPES, APP_TOKEN: frozenset({"connections:write"})}


def _tokens(tokens: Mapping[str, Iterable[str]], team_id: str) -> list[Token]:
    return [
        Token(value=value, kind="app" if value.startswith("xapp-") else "bot", scopes=frozenset(scopes), owner=team_id)
        for value, scopes in tokens.items()
    ]


def _place(app: AppIdentity) -> Place:
    return Place(app.team_id, app.team_name, app.bot_user, app.enterprise_id, app.enterprise_name)
