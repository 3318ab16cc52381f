"""Words: every key used exists, none is left over, and every fixed word of the domain has its own."""

import ast
import re
import string
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

import bot
from bot.blocks.parts import Safe, say
from bot.texts import DEFAULT_LANGUAGE, fill, languages, plural, sentences, text
from nudges import errors
from nudges.domain.delivery.deliveries import SkipReason
from nudges.domain.playbooks.playbook import BarrierKind, WinKind
from nudges.errors import NudgerError
from nudges.store.campaigns import CampaignStatus

ENGLISH = sentences(DEFAULT_LANGUAGE)
ROOT = Path(bot.__file__).parent
BLOCK_IDS = {"home.wishes", "home.writing", "home.yours"}
FORMS = ("zero", "one", "two", "few", "many", "other")
# Keys written down further in, where words are known only by name.
NUDGES = ROOT.parent / "nudges"


def trees(*folders: Path) -> list[ast.AST]:
    return [parsed(path) for folder in folders for path in folder.rglob("*.py") if "sandbox" not in path.parts]


@cache
def parsed(path: Path) -> ast.AST:
    return ast.parse(path.read_text("utf-8"))


def strings(*folders: Path) -> set[str]:
    nodes = (node for tree in trees(*folders) for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def patterns() -> list[re.Pattern[str]]:
    """Return what f-strings such as f"skip.{reason}" can become."""
    found = set()
    for tree in trees(ROOT, NUDGES):
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [p.value if isinstance(p, ast.Constant) else None for p in node.values]
                if isinstance(parts[0], str) and re.match(r"[a-z_]+\.", parts[0]):
                    found.add("".join(re.escape(str(part)) if part else r"([a-z_.-]+)" for part in parts))
    return [re.compile(pattern) for pattern in found]


def base(key: str) -> str:
    stem, _, form = key.rpartition(".")
    return stem if form in FORMS and f"{stem}.other" in ENGLISH and f"{stem}.one" in ENGLISH else key


def test_no_sentence_is_left_over() -> None:
    known = strings(ROOT, NUDGES)
    built = patterns()
    unused = [key for key in ENGLISH if base(key) not in known and not _is_built(base(key), built, known)]
    assert unused == []


def _is_built(key: str, built: list[re.Pattern[str]], known: set[str]) -> bool:
    matches = (pattern.fullmatch(key) for pattern in built)
    return any(match and all(part in known for part in match.groups()) for match in matches)


def test_every_key_named_in_the_code_exists() -> None:
    groups = {key.partition(".")[0] for key in ENGLISH}
    shaped = re.compile(rf"(?:{'|'.join(groups)})\.[a-z_]+(?:\.[a-z_]+)?")
    named = {value for value in strings(ROOT / "blocks", ROOT / "listeners") if shaped.fullmatch(value)}
    known = set(ENGLISH) | {base(key) for key in ENGLISH}
    assert {key for key in named - known if not key.endswith("_")} - BLOCK_IDS == set()


def test_every_notice_that_services_write_has_its_words() -> None:
    named = {value for value in strings(NUDGES) if re.fullmatch(r"notice\.[a-z_]+", value)}
    assert named
    assert named <= set(ENGLISH)


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("barrier", BarrierKind),
        ("skip", SkipReason),
        ("reason", SkipReason),
        ("message.win", WinKind),
        ("campaign_status", CampaignStatus),
    ],
)
def test_every_fixed_word_has_its_own_sentence(group: str, words: type[StrEnum]) -> None:
    assert {f"{group}.{word.value}" for word in words} <= set(ENGLISH)


def test_every_error_has_its_hint() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, NudgerError)]
    assert {f"hint.{kind.code}" for kind in kinds} <= set(ENGLISH)


@pytest.mark.parametrize("language", languages())
def test_a_language_says_the_same_things_with_the_same_values(language: str) -> None:
    for key, sentence in sentences(language).items():
        form = base(key)
        there = ENGLISH.get(key) or ENGLISH[f"{form}.other"]
        assert _names(sentence) <= _names(there) | {"count"}, key


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_sentences_are_plain_and_kind() -> None:
    harsh = re.compile(r"\b(error|invalid|illegal|failed|utilize|leverage)\b|!", re.IGNORECASE)
    assert [key for key, sentence in ENGLISH.items() if harsh.search(sentence) or len(sentence) >= 320] == []


def test_an_unknown_language_falls_back_to_its_parent_and_then_to_english() -> None:
    assert text("message.useful", "pt-BR") == text("message.useful", "pt")
    assert text("message.useful", "xx") == "Useful"


def test_numbers_and_counts_are_written_as_the_language_does() -> None:
    assert plural("people.count", 1) == "*1 person*"
    assert plural("people.count", 1280) == "*1,280 people*"
    assert fill("{n}", "de", {"n": 1280}) == "1.280"


def test_what_is_put_into_a_sentence_is_escaped_once_unless_it_is_safe() -> None:
    assert say("command.unknown_plain", word="<!here> & co").count("&lt;!here&gt; &amp; co") == 1
    assert "*x*" in say("command.unknown_plain", word=Safe("*x*"))
    assert "&lt;name&gt;" in say("campaigns.footer")


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("no.such.key")
