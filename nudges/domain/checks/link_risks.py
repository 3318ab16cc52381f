"""Links that should not go to hundreds of people: this module tells a secret, a sign-in page or a hidden target.

An address that hides a key gives everybody what was meant for one; a sign-in or reset page teaches people to type their
password where a message sends them; a short link shows nobody where it leads.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

LINK = re.compile(r"https?://[^\s<>|\"'`]+", re.IGNORECASE)

_SHORTENERS = frozenset(
    str.split(
        "bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy "
        "tiny.cc lnkd.in t.ly bl.ink s.id qr.ae short.io tny.im soo.gd shorte.st adf.ly clck.ru urlz.fr dub.sh",
    )
)
_SECRET_KEYS = frozenset(
    str.split(
        "token access_token auth_token authtoken id_token refresh_token apikey api_key api-key secret "
        "client_secret password passwd pwd pass passcode session sessionid session_id sid jsessionid phpsessid "
        "jwt sig signature x-amz-signature x-goog-signature x-amz-security-token awsaccesskeyid credential "
        "ticket otp rlkey resourcekey invite_token invitation_token reset_token magic sas sharekey share_token "
        "tk",
    )
)
_SIGN_IN = frozenset(
    str.split(
        "login log-in log_in logon signin sign-in sign_in sso saml saml2 oauth oauth2 authorize reset-password "
        "reset_password password-reset password_reset resetpassword forgot-password forgotpassword "
        "change-password reset passwordreset",
    )
)
_SIGN_IN_HOST = re.compile(r"^(?:login|signin|sign-in|sso|auth|oauth|accounts|idp|adfs)\.")
_TOKEN = re.compile(r"\beyJ[\w-]{10,}\.[\w-]{6,}|\bxox[abeprs]-[\w-]{8,}|\bgh[pousr]_\w{20,}|\bAKIA[0-9A-Z]{12,}")
_INVITATIONS = ("join.slack.com", "hooks.slack.com", "discord.gg", "chat.whatsapp.com")
_LOCAL_HOST = re.compile(r"(?:^|\.)(?:localhost|local|localdomain|test|invalid)$")


def risky_links(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield address, sentence and fix for each link of a text that should not be passed on."""
    if "://" not in text:
        return
    for match in LINK.finditer(text):
        risk = link_risk(match[0].rstrip(".,;:!?)"))
        if risk is not None:
            yield match[0], *risk


@lru_cache(maxsize=2048)
def link_risk(address: str) -> tuple[str, str] | None:
    """Return a sentence and a fix when the link should not be passed on, or None."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None  # said where the link is read
    host = (parts.hostname or "").rstrip(".")
    if _is_local(host):
        sentence = f"The link leads to `{host[:60]}`, which only this machine or this network can open."
        return sentence, "Link to the address that every reader can open."
    if host.removeprefix("www.") in _SHORTENERS:
        return f"The short link `{host}` hides where it leads; people are taught not to click such links.", (
            "Write the whole address; the words to show may be as short as you like."
        )
    if host in _INVITATIONS or _holds_secret(address, parts.query, parts.fragment):
        sentence = (
            "The link carries a key or an invitation in its address; whoever gets it, or forwards it, can use it."
        )
        return sentence, "Link to the page itself and let people sign in with their own account."
    if _SIGN_IN_HOST.match(host) or any(step in _SIGN_IN for step in parts.path.lower().split("/")):
        sentence = "The link leads to a page for signing in or for a password, as forged messages do."
        return sentence, "Link to the page people want to see; it asks them to sign in where needed."
    return None


def _holds_secret(address: str, query: str, fragment: str) -> bool:
    if _TOKEN.search(address):
        return True
    pairs = [pair.partition("=") for pair in re.split(r"[&;?]", f"{query}&{fragment}")]
    return any(value and key.lower().replace("%2d", "-") in _SECRET_KEYS for key, _, value in pairs)


def _is_local(host: str) -> bool:
    if _LOCAL_HOST.search(host):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_loopback or address.is_link_local or address.is_unspecified
