"""Where a list of needs may be posted: this module says which addresses will do."""

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST = 1000


def is_address(url: str, *, reaches_inward: bool) -> bool:
    """Return whether needs may be posted there: https, or plain http to this machine where that is allowed.

    Whether the name leads to the own network is looked at with each post, because names move.
    """
    try:
        given = urlsplit(url)
        port = given.port
    except ValueError:
        return False
    is_here = given.scheme == "http" and given.hostname in LOOPBACK and reaches_inward
    is_plain = not (given.username or given.password or given.fragment) and url == url.strip() and len(url) <= LONGEST
    return bool(given.hostname) and (given.scheme == "https" or is_here) and is_plain and port != 0
