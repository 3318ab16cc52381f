"""`nudger plan` and `nudger rehearse` on the same files: this module holds their answers equal, line by line.

Anybody can do the same with the two commands and `diff`; docs/planning.md says how. `NUDGER_SOAK=1` tries more.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.commands import load_all
from tests.simulation.odd_company import write_company

SEEDS = range(1, 9) if os.environ.get("NUDGER_SOAK") else (1,)
PEOPLE = 70
FILES = ("--people", "people.csv", "--reactions", "reactions.csv", "--from", "2027-01-08", "--seed", "3")


@pytest.fixture(scope="module", params=SEEDS)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    write_company(folder, people=PEOPLE, seed=request.param)
    return folder


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setenv("NUDGER_PLAYBOOKS", "playbooks")
    monkeypatch.chdir(folder)
    return CliRunner().invoke(load_all(), words)


def told(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, Any]:
    done = run(folder, monkeypatch, *words, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_what_is_planned_is_what_is_sent_person_by_person(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = told(company, monkeypatch, "plan", *FILES)
    happened = told(company, monkeypatch, "rehearse", "--weeks", "8", *FILES)
    assert planned["outcomes"] == happened["outcomes"]
    assert happened["not_as_planned"] == []
    outcomes = Counter(line["outcome"] for line in planned["outcomes"])
    reasons = {line["reason"] for line in planned["outcomes"]}
    assert outcomes["sent"] > 100
    assert {"holdout", "stopped", "prerequisite", "cap_day", "backed_off"} <= reasons
    assert sum("the rest begin on" in note for plan in planned["plans"] for note in plan["notes"]) == 2


def test_another_seed_draws_other_groups(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (told(company, monkeypatch, "plan", *FILES[:-1], seed)["outcomes"] for seed in ("3", "5"))
    assert _held_out(one) != _held_out(other)


def test_one_persons_weeks_are_told_from_the_same_files(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(company, monkeypatch, "plan", "ask-first", *FILES, "--person", "U0P002")
    assert done.exit_code == 0, done.output
    assert "U0P002" in done.stdout


def test_reactions_that_name_nobody_and_nothing_are_listed(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header, *_ = (company / "reactions.csv").read_text("utf-8").splitlines()
    lines = (
        "U0P00X,ask-first,ask-tip,useful,,1h",
        "U0P001,ask-frist,ask-tip,useful,,1h",
        "U0P001,ask-first,ask-tipp,useful,,1h",
        "U0P001,ask-first,ask-quiz,answer,chanel,1h",
    )
    (company / "wrong.csv").write_text("\n".join([header, *lines]), "utf-8")
    files = ("--people", "people.csv", "--reactions", "wrong.csv", "--from", "2027-01-08")
    for words in (("plan",), ("rehearse", "--weeks", "1")):
        output = run(company, monkeypatch, *words, "ask-first", *files).stdout
        for name, meant in (
            ("U0P00X", "U0P"),
            ("ask-frist", "ask-first"),
            ("ask-tipp", "ask-tip"),
            ("chanel", "channel"),
        ):
            assert f"{name} (line" in output
            assert f"perhaps {meant}" in output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan",), "Name one playbook"),
        (("plan", "--people", "people.csv", "--starts-on", "2027-01-11"), "--from"),
        (("plan", "--people", "people.csv", "--against", "live"), "leave --people out"),
        (("plan", "--people", "nowhere.csv"), "cannot be read"),
    ],
)
def test_what_does_not_go_together_is_said(
    company: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    done = run(company, monkeypatch, *words)
    assert (done.exit_code, said in done.output) == (2, True)


def _held_out(lines: list[dict[str, Any]]) -> set[str]:
    return {line["person"] for line in lines if line["reason"] == "holdout"}
