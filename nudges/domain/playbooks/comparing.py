"""When two texts are one value: this module is how names, places and tools are compared everywhere."""

import unicodedata


def plain(text: str) -> str:
    """Return the text as it is compared: letter case, outer spaces and ways of writing an accent do not count."""
    return unicodedata.normalize("NFC", text.strip().casefold())
