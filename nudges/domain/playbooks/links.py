"""Addresses that may stand in a message: this module is the rule that they are complete and https."""

from urllib.parse import urlsplit

from nudges.domain.checks.finding_codes import Code

_FORBIDDEN = frozenset(' \t\n<>|"`\\')


def link_fault(address: str) -> tuple[Code, str, str] | None:
    """Return code, sentence and fix when the address cannot be used, else None."""
    shown = address if len(address) <= 60 else f"{address[:59]}…"
    if not address.startswith("https://"):
        fix = "Write the whole address from https:// on; other kinds of links are not sent."
        return Code.UNSAFE_LINK, f"The link `{shown}` does not start with https://.", fix
    if _FORBIDDEN & set(address) or not _host(address):
        fix = "Copy the address once more from the browser; it holds no spaces."
        return Code.BAD_LINK, f"The link `{shown}` is not a complete address.", fix
    if "@" in address[8:].split("/")[0]:
        sentence = f"The link `{shown}` has a name before an @, so it leads elsewhere than it seems."
        return Code.BAD_LINK, sentence, "Copy the address once more from the browser."
    return None


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    return host if not host.startswith(".") and ".." not in host else ""
