"""Codes for tokens, and tokens for newer ones: this module is the OAuth of the sandbox, on virtual time."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import replace
from urllib.parse import unquote_plus

from bot.sandbox.errors import Refusal
from bot.sandbox.installs import Code, Installation, Installs, Place
from bot.sandbox.records import Json, Token

CODE_SECONDS = 600.0
TOKEN_SECONDS = 43_200  # twelve hours
SECRET_BYTES = 64


def credentials(authorization: str) -> tuple[str | None, Json]:
    """Return the bearer token, or the client that Basic authentication names."""
    kind, _, value = authorization.partition(" ")
    if kind.lower() == "bearer" and value.strip():
        return value.strip(), {}
    if kind.lower() != "basic":
        return None, {}
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, {}
    return None, {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(secret)}


def new_code(installs: Installs, wanted: Code) -> str:
    """Return a code for a person who has just said yes."""
    value = _secret(installs, "code", wanted.where)
    with installs.lock:
        installs.codes[value] = wanted
    return value


def access(installs: Installs, args: Json, *, app_id: str, now: float) -> Json:
    """Answer oauth.v2.access: exchange a code or refresh a token; of two that come together one is first."""
    _check_client(installs, args)
    with installs.lock:
        grant = args.get("grant_type") or "authorization_code"
        if grant == "refresh_token":
            return _refresh(installs, str(args.get("refresh_token") or ""), app_id=app_id, now=now)
        if grant != "authorization_code":
            raise Refusal("invalid_grant_type")
        return install(installs, _spent(installs, args, now), app_id=app_id, now=now)


def install(installs: Installs, code: Code, *, app_id: str, now: float) -> Json:
    """Return what the app gets for a code; callers hold the lock."""
    enterprise_id = installs.places[code.where].enterprise_id
    if enterprise_id in installs.installations and enterprise_id != code.where:
        raise Refusal("cannot_install_an_org_installed_app")
    installation = _installed(installs, code)
    body = _answer(installation, app_id, _new_tokens(installs, installation, now))
    return {**body, "authed_user": {"id": installation.installer}}


def _check_client(installs: Installs, args: Json) -> None:
    if args.get("client_id") != installs.client.client_id:
        raise Refusal("invalid_client_id")
    if args.get("client_secret") != installs.client.client_secret:
        raise Refusal("bad_client_secret")


def _spent(installs: Installs, args: Json, now: float) -> Code:
    """Take the code away for good; a wrong redirect address leaves it."""
    value = str(args.get("code") or "")
    code = installs.codes.get(value)
    if code is None or now - code.made_at > CODE_SECONDS:
        raise Refusal("invalid_code")
    if str(args.get("redirect_uri") or "") != code.redirect_uri:
        raise Refusal("bad_redirect_uri")
    if not code.scopes:
        raise Refusal("no_scopes")
    return installs.codes.pop(value)


def _installed(installs: Installs, code: Code) -> Installation:
    """Note that the app is in this place; scopes only ever add up, and an organisation keeps whom it let in."""
    known = installs.installations.get(code.where)
    scopes = code.scopes | (known.scopes if known else frozenset())
    installation = Installation(
        place=installs.places[code.where],
        scopes=scopes,
        installer=code.person or (known.installer if known else ""),
        let_in=known.let_in if known else frozenset(),
    )
    installs.installations[code.where] = installation
    for token in installs.tokens_of(code.where):
        installs.tokens[token.value] = replace(token, scopes=scopes)
    return installation


def _refresh(installs: Installs, refresh_token: str, *, app_id: str, now: float) -> Json:
    """Spend the refresh token; the access token it belonged to goes on to its own end, unless told otherwise."""
    where = installs.refresh_tokens.pop(refresh_token, "")
    installation = installs.installations.get(where)
    if installation is None:
        raise Refusal("invalid_refresh_token")
    if installs.client.old_token_seconds is not None:
        _shorten(installs, where, now + installs.client.old_token_seconds)
    return _answer(installation, app_id, _new_tokens(installs, installation, now))


def _shorten(installs: Installs, where: str, end: float) -> None:
    for token in installs.tokens_of(where):
        if token.expires_at is not None:
            installs.tokens[token.value] = replace(token, expires_at=min(token.expires_at, end))


def _new_tokens(installs: Installs, installation: Installation, now: float) -> Json:
    """Return new tokens; without rotation an installation keeps the one it has."""
    where = installation.place.id
    known = installs.tokens_of(where)
    if known and not installs.client.rotates:
        return {"access_token": known[0].value}
    rotates = installs.client.rotates
    token = Token(
        value=_secret(installs, "xoxe.xoxb-1" if rotates else "xoxb", where),
        kind="bot",
        scopes=installation.scopes,
        owner=where,
        is_org_wide=installation.is_org_wide,
        expires_at=now + TOKEN_SECONDS if rotates else None,
    )
    installs.tokens[token.value] = token
    if not rotates:
        return {"access_token": token.value}
    refresh_token = _secret(installs, "xoxe-1", where)
    installs.refresh_tokens[refresh_token] = where
    return {"access_token": token.value, "refresh_token": refresh_token, "expires_in": TOKEN_SECONDS}


def _secret(installs: Installs, prefix: str, where: str) -> str:
    """Return a token as long as Slack's; it depends on the order of events only, so that runs can be compared."""
    material = f"{prefix}:{where}:{installs.next_number()}".encode()
    return f"{prefix}-{hashlib.shake_256(material).hexdigest(SECRET_BYTES)}"


def _answer(installation: Installation, app_id: str, tokens: Json) -> Json:
    place = installation.place
    return {
        "app_id": app_id,
        **tokens,
        "token_type": "bot",
        "scope": ",".join(sorted(installation.scopes)),
        "bot_user_id": place.bot_user,
        "team": None if installation.is_org_wide else {"id": place.id, "name": place.name},
        "enterprise": enterprise_of(place),
        "is_enterprise_install": installation.is_org_wide,
    }


def enterprise_of(place: Place) -> Json | None:
    return {"id": place.enterprise_id, "name": place.enterprise_name} if place.enterprise_id else None
