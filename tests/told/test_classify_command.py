"""`nudger barriers classify`: this module runs it as a user would."""

import json
from pathlib import Path

from typer.testing import CliRunner

from bot.cli.commands import load_all
from nudges.domain.playbooks.playbook import BarrierKind

ENGLISH = '{"id": "1", "text": "My boss is against it.", "lang": "en"}'
GERMAN = '{"id": 2, "text": "Danke, hat geklappt."}'


def run(*arguments: str, given: str | bytes = "") -> tuple[int, str, str]:
    result = CliRunner().invoke(load_all(), ["barriers", "classify", *arguments], input=given)
    return result.exit_code, result.stdout, result.stderr


def test_a_line_in_gives_a_line_out() -> None:
    code, out, _ = run("-", given=f"{ENGLISH}\n\n{GERMAN}\n")
    first, second = (json.loads(line) for line in out.splitlines())

    assert code == 0
    assert (first["id"], first["labels"]) == ("1", ["manager_discourages"])
    assert (second["id"], second["labels"]) == ("2", ["none"])
    assert set(first["scores"]) == {kind.value for kind in BarrierKind}


def test_a_file_is_read_with_or_without_a_mark_of_its_encoding(tmp_path: Path) -> None:
    file = tmp_path / "told.jsonl"
    file.write_text(ENGLISH, encoding="utf-8-sig")

    code, out, _ = run(str(file))

    assert code == 0
    assert json.loads(out)["labels"] == ["manager_discourages"]


def test_every_faulty_line_is_named_and_nothing_is_classified(tmp_path: Path) -> None:
    file = tmp_path / "told.jsonl"
    lines = [
        ENGLISH.encode(),
        b'{"id": "a"}',
        b"[1]",
        b"\xff\xfe",
        b'{"id": "x", "text": "t", "lang": 3}',
        b'{"text": ""}',
    ]
    file.write_bytes(b"\n".join(lines))

    code, out, told = run(str(file))

    assert (code, out) == (2, "")
    assert [f"told.jsonl:{number}:" in told for number in range(1, 7)] == [False, True, True, True, True, True]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    code, _, told = run(str(tmp_path / "none.jsonl"))

    assert code == 2
    assert "could not be read" in told


def test_a_method_that_is_not_there_says_what_to_use() -> None:
    code, out, told = run("-", "--method", "magic", given=ENGLISH)

    assert (code, out) == (2, "")
    assert "lexicon or embedding" in told


def test_half_a_sign_from_a_broken_sender_is_no_crash() -> None:
    code, out, _ = run("-", given='{"id": "\\ud800", "text": "\\ud800 no time", "lang": "en"}\n')

    assert code == 0
    assert json.loads(out)["labels"] == ["no_time"]
