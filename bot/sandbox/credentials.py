"""What opens a sandbox on loopback, and nothing else: this module holds the words a newcomer needs not set."""

BOT_TOKEN = "xoxb-sandbox"  # noqa: S105 - opens a sandbox on loopback, nothing else
APP_TOKEN = "xapp-sandbox"  # noqa: S105
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105
BOT_SCOPES = frozenset({"chat:write", "commands", "im:history", "im:write", "users:read"})
