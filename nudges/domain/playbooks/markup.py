"""Authors' text and Slack's: this module is the small grammar of `* _ ~`, code, quotes, links and variables.

Everything outside that grammar is escaped, and what people are called never turns into markup.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from nudges.domain.playbooks.limits import counted

VARIABLES = ("first_name", "team", "place")
VALUE_MAX = 80  # characters of a variable's value; keeps a checked text within Slack's limits for everybody

_LINK = r"<https://[^<>|\s]+(?:\|[^<>|\n]+)?>"
TOKEN = re.compile(
    r"(?P<code>```.+?```|`[^`\n]+`)"
    rf"|(?P<link>{_LINK})"
    r"|(?P<variable> ?\{(?:first_name|team|place)\})"
    r"|(?P<quote>^>{1,3}(?!>) ?)",
    re.DOTALL | re.MULTILINE,
)
# Slack may turn these words into a mention of everybody; a word joiner after the @ keeps them words.
_LOUD_WORD = re.compile(r"@(?=(?:channel|here|everyone)\b)", re.IGNORECASE)
_EMPHASIS = tuple(
    re.compile(
        rf"(?<![\w{re.escape(mark)}]){re.escape(mark)}(?=\S)([^{re.escape(mark)}\n]+)(?<=\S){re.escape(mark)}(?!\w)"
    )
    for mark in "*_~"
)
_LOOK_ALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_SLOT = "\ue000"  # stands for a token while emphasis is taken off the words around it


def escape(text: str) -> str:
    """Return the text with Slack's three special characters escaped and no word that could call everybody."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LOUD_WORD.sub("@\u2060", escaped)


def render_mrkdwn(text: str, variables: Mapping[str, str]) -> str:
    """Return an author's text as safe mrkdwn: their markup kept, all else escaped, values without any markup."""
    return _replace_tokens(text, lambda match: _token_as_mrkdwn(match, variables), escape)


def render_plain(text: str, variables: Mapping[str, str]) -> str:
    """Return the words alone, for places without markup; not escaped, so `escape` it where Slack parses."""
    tokens: list[str] = []

    def keep(match: re.Match[str]) -> str:
        tokens.append(_token_as_words(match, variables))
        return _SLOT

    words = _replace_tokens(text.replace(_SLOT, ""), keep, str)
    for emphasis in _EMPHASIS:
        words = emphasis.sub(r"\1", words)
    remaining = iter(tokens)
    return re.sub(_SLOT, lambda _: next(remaining), words)


def clean_value(value: str) -> str:
    """Return a person's own words (a name, a team) on one line, short, and with nothing Slack would act on."""
    kept = "".join(" " if character.isspace() else character for character in value if not _is_unseen(character))
    kept = _shortened(" ".join(kept.split()))
    if kept.startswith(">"):
        kept = "\u203a" + kept.lstrip(">")
    return _LOOSE_UNDERSCORE.sub("\u02cd", kept.translate(_LOOK_ALIKES))


def _shortened(value: str) -> str:
    """Return as much of a value as takes at most VALUE_MAX characters as Slack counts them, escaped."""
    kept = value[:VALUE_MAX]
    while counted(escape(kept)) > VALUE_MAX:
        kept = kept[:-1]
    return kept


def _replace_tokens(text: str, token: Callable[[re.Match[str]], str], between: Callable[[str], str]) -> str:
    parts: list[str] = []
    position = 0
    for match in TOKEN.finditer(text):
        parts += [between(text[position : match.start()]), token(match)]
        position = match.end()
    parts.append(between(text[position:]))
    return "".join(parts)


def _token_as_mrkdwn(match: re.Match[str], variables: Mapping[str, str]) -> str:
    found = match[0]
    if match.lastgroup == "variable":
        return escape(_value(found, variables))
    if match.lastgroup == "link":
        address, bar, label = found[1:-1].partition("|")
        words = _fill(label, lambda name: variables.get(name, ""))
        return f"<{address.replace('&', '&amp;')}{bar}{escape(words.replace('|', ' '))}>"
    return found if match.lastgroup == "quote" else escape(found)


def _token_as_words(match: re.Match[str], variables: Mapping[str, str]) -> str:
    found = match[0]
    if match.lastgroup == "variable":
        return _value(found, variables)
    if match.lastgroup == "link":
        address, _, label = found[1:-1].partition("|")
        return f"{_fill(label, lambda name: variables.get(name, ''))} ({address})" if label else address
    return "" if match.lastgroup == "quote" else found.strip("`").strip("\n")


def _value(token: str, variables: Mapping[str, str]) -> str:
    value = clean_value(variables.get(token.strip(" {}"), ""))
    # With nothing to say the space before it goes too: "Hi {first_name}!" becomes "Hi!".
    return value and token[: token.index("{")] + value


def _fill(text: str, value: Callable[[str], str]) -> str:
    return re.sub(r"\{(first_name|team|place)\}", lambda match: clean_value(value(match[1])), text)


def _is_unseen(character: str) -> bool:
    # Joiners (U+200C, U+200D) shape letters and emoji; other format and control characters only hide things.
    category = unicodedata.category(character)
    return category in {"Cc", "Cf", "Cs", "Co"} and character not in "\u200c\u200d\n\t\r"
