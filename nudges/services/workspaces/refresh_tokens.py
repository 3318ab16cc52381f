"""Renewing tokens before they end: this module is the job of it, so that no message has to wait for it."""

from nudges.services.core import Core


def refresh_tokens(core: Core) -> bool:
    """Renew the workspace's token if it lives less than two hours more; True when it was renewed here."""
    return core.token is not None and core.token.renew()
