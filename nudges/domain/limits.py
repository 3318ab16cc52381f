"""Slack's lengths: this module is the few numbers of Block Kit that playbooks must keep, and how characters count."""

# Taken from tests/data/block-kit-limits.json; a test holds the two equal.
TEXT_MAX = 3_000
HEADER_MAX = 150
BUTTON_MAX = 75
BUTTON_SHOWN = 30
LINK_MAX = 3_000

# Top-level text over 4,000 characters is cut into several messages by Slack; this leaves room for our own words.
MESSAGE_MAX = 3_600
# Longer than any text we accept; nothing is searched in a text beyond it.
SCAN_MAX = 20_000


def counted(text: str) -> int:
    """Return the stricter of code points and UTF-16 units, since Slack does not say which it counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", errors="surrogatepass")) // 2
