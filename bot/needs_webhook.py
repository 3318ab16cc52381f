"""The list of needs, posted to IT: this module is one signed https request, to an address looked at first.

Nothing is followed, and nothing on this machine or network is reached unless the admin has said so: an address that
can be made to point inward would let anybody who sets it ask our neighbours. The name is looked up once and the
connection goes to just that address, so that a second answer cannot lead elsewhere.
"""

import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.settings import Settings
from nudges.clock import Clock
from nudges.ports import NotTaken

SIGNATURE, STAMP, POST_ID = "X-Nudger-Signature", "X-Nudger-Timestamp", "X-Nudger-Post"
TIMEOUT_S = 10.0


@dataclass(frozen=True)
class NeedsWebhook:
    """Posts to one address; `secret` signs, `reaches_inward` allows addresses of the own machine and network."""

    url: str
    secret: str
    clock: Clock
    reaches_inward: bool = False

    def post(self, body: bytes, *, post_id: str) -> None:
        """Post once. Raises NotTaken with what is wrong; a later post of the same list has the same `post_id`."""
        import httpx  # here, so that whoever posts nothing does not wait for it

        host = urlsplit(self.url).hostname or ""
        address = self._address(host)
        url = httpx.URL(self.url)
        headers = self._signed(body, post_id) | {"Host": url.netloc.decode(), "Content-Type": "application/json"}
        try:
            # No proxy of the environment: it would look the name up again, and elsewhere.
            with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
                request = client.build_request("POST", url.copy_with(host=address), content=body, headers=headers)
                request.extensions["sni_hostname"] = host  # the certificate has to be the name's, not the number's
                with_answer = client.send(request, stream=True)
                with_answer.close()
        except httpx.HTTPError as error:
            raise NotTaken(f"The address for needs cannot be reached ({type(error).__name__}).") from error
        if not with_answer.is_success:
            raise NotTaken(f"The address for needs answered {with_answer.status_code}.")

    def _signed(self, body: bytes, post_id: str) -> dict[str, str]:
        stamp = str(int(self.clock().timestamp()))
        signed = hmac.new(self.secret.encode(), b"v1:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {SIGNATURE: f"v1={signed}", STAMP: stamp, POST_ID: post_id}

    def _address(self, host: str) -> str:
        """Return the number to connect to; NotTaken where any of the name's numbers is not to be reached."""
        try:
            found = [str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
        except OSError as error:
            raise NotTaken(f"Nobody knows the address {host}.") from error
        if not self.reaches_inward and not all(_is_outside(one) for one in found):
            raise NotTaken(
                f"{host} is an address of the own machine or network.",
                hint="If that is meant, set NUDGER_NEEDS_INWARD=yes; otherwise give another address.",
            )
        return found[0]


def needs_webhook(settings: Settings, clock: Clock) -> NeedsWebhook | None:
    """Return the webhook of the settings, or None where no address was set."""
    if not settings.nudger_needs_url:
        return None
    secret = settings.nudger_needs_secret.get_secret_value()
    return NeedsWebhook(settings.nudger_needs_url, secret, clock, settings.nudger_needs_inward == "yes")


def needs_door(settings: Settings, clock: Clock) -> Callable[[str, str], NeedsWebhook]:
    """Return what makes a webhook for an address that a workspace named, and its secret."""
    is_inward = settings.nudger_needs_inward == "yes"
    return lambda url, secret: NeedsWebhook(url, secret, clock, is_inward)


def _is_outside(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_global and not mapped.is_multicast)
