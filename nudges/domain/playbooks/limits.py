"""Slack's lengths: this module is the few numbers of Block Kit that playbooks must keep, and how characters count."""

# Taken from tests/data/block-kit-limits.json; a test holds the two equal.
TEXT_MAX = 3_000
HEADER_MAX = 150
BUTTON_MAX = 75
BUTTON_SHOWN = 30
LINK_MAX = 3_000

# Ours, so that a message stays within Slack's lengths with our own words round it: a reply stands in one section with
# the answer it belongs to, and the whole is also sent as one text, which Slack splits above 4,000 characters.
REPLY_MAX = 2_500
WIN_MAX = 300
STEP_MAX = 300
MESSAGE_MAX = 3_200
# Longer than any text we accept; nothing is searched in a text beyond it.
SCAN_MAX = 20_000


def counted(text: str) -> int:
    """Return the stricter of code points and UTF-16 units, since Slack does not say which it counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", errors="surrogatepass")) // 2
