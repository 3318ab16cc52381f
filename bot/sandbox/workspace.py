"""A small Slack in process, free of any network: this module is the engine of the sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from bot.sandbox import contract
from bot.sandbox.call import Call, identify
from bot.sandbox.call_log import CallLog, summary_of
from bot.sandbox.delivery import Delivery
from bot.sandbox.errors import AnswerLost, RateLimited, Refusal
from bot.sandbox.faults import Bucket, Dice, Fault, Faults
from bot.sandbox.methods import METHODS
from bot.sandbox.methods_conversations import history
from bot.sandbox.people_acts import PeopleActs
from bot.sandbox.records import AppIdentity, Channel, Json, Posted, Token
from bot.sandbox.response_urls import use_response_url
from bot.sandbox.state import State
from bot.sandbox.virtual_clock import VirtualClock

BOT_TOKEN = "xoxb-sandbox"  # noqa: S105 - opens a sandbox on loopback, nothing else
APP_TOKEN = "xapp-sandbox"  # noqa: S105
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105
BOT_SCOPES = frozenset({"chat:write", "commands", "im:history", "im:write", "users:read"})
LATE_HEADER = "x-sandbox-answer-after"  # seconds the network side waits before it answers
HTML = "<html><body>The sandbox has been told to fail.</body></html>"


class Answer(NamedTuple):
    """An HTTP answer; a body that is a text is not JSON."""

    status: int
    headers: dict[str, str]
    body: Json | str


class Slack:
    """One workspace with one app; safe from any thread. `call` is the Web API, `do` what people do."""

    def __init__(
        self,
        *,
        people: Iterable[Json] = (),
        app: AppIdentity | None = None,
        tokens: Mapping[str, Iterable[str]] | None = None,
        start: float | None = None,
        real: Callable[[], float] = time.time,
        seed: int = 0,
        faults: Faults | None = None,
        strict: bool = True,
    ) -> None:
        """`tokens` maps each token to its scopes; `strict` refuses arguments the documentation does not name."""
        self.clock = VirtualClock(start=start, real=real)
        known = _tokens(tokens or {BOT_TOKEN: BOT_SCOPES, APP_TOKEN: {"connections:write"}})
        self.state = State(people=people, app=app or AppIdentity(), clock=self.clock, tokens=known)
        self.calls = CallLog(self.state)
        self.dice = Dice(faults or Faults(), seed)
        self.delivery = Delivery(self.state, self.calls, self.dice)
        self.do = PeopleActs(self.state, self.delivery)
        self.strict = strict
        self._bucket = Bucket()

    # The Web API

    def call(self, method: str, args: Json, token: str | None) -> Answer:
        """Answer one call of the Web API; raise AnswerLost where a network would lose the answer."""
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
        if method == "chat.postMessage":
            wait = self._bucket.take(rate=self.dice.faults.post_limit_per_s, now=self.clock.real())
            if wait:
                raise RateLimited(wait)
        return Call(method=method, args=parsed, token=known)

    def _befall(self, call: Call, fault: Fault | None) -> Answer:
        """Run the call under the fault the dice drew."""
        faults = self.dice.faults
        if fault is Fault.RATE_LIMIT:
            raise RateLimited(faults.retry_after)
        if fault is Fault.SERVER_ERROR_BEFORE:
            return Answer(503, {}, HTML)
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
        known = self.state.tokens.get(token or "")
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
        """Answer a POST to a `response_url`."""
        with self.state.lock:
            self.state.catch_up()
            return Answer(*use_response_url(self.state, key, body))

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


def _tokens(tokens: Mapping[str, Iterable[str]]) -> list[Token]:
    return [
        Token(value=value, kind="app" if value.startswith("xapp-") else "bot", scopes=frozenset(scopes))
        for value, scopes in tokens.items()
    ]
