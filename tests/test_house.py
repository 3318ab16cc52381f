"""The house rules that no linter knows: this module holds sizes, layers, and that everything named is documented."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nudges import errors
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.scheduler import JOBS

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
REFERENCE = ROOT / "docs" / "reference.md"


def modules() -> Iterator[Path]:
    """Our own code, without migrations, which are lists of columns."""
    for folder in ("bot", "nudges"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def error_types(root: type[errors.NudgerError] = errors.NudgerError) -> Iterator[type[errors.NudgerError]]:
    yield root
    for child in root.__subclasses__():
        yield from error_types(child)


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = {str(path): lines for path in modules() if (lines := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert not long


def test_what_the_page_of_reliability_names_is_there() -> None:
    missing = []
    for line in (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8").splitlines():
        text = ""
        for name in re.findall(r"`([^`]+)`", line):
            if re.fullmatch(r"(tests/)?([a-z_]+/)+test_[a-z_]+\.py", name):
                path = ROOT / "tests" / name.removeprefix("tests/")
                text = path.read_text(encoding="utf-8") if path.is_file() else ""
                missing += [name] * (not text)
            elif text and re.fullmatch(r"test_\w+", name) and f"def {name}(" not in text:
                missing.append(name)
    assert missing == []


def test_no_function_is_longer_than_fifty_lines() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in modules()
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_every_module_says_what_it_is() -> None:
    silent = [str(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not silent


def test_every_import_points_inward() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(
        [*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0, done.stdout


def test_only_the_settings_read_the_environment() -> None:
    # The demo hands its child an environment, and threads.py says how many; that is writing, not reading settings.
    allowed = {"bot/settings.py", "bot/cli/demo_app.py", "bot/threads.py"}
    readers = {path.relative_to(ROOT).as_posix() for path in modules() if "os.environ" in path.read_text()}
    assert readers <= allowed


def test_only_the_clock_reads_the_wall_clock() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(", path.read_text())
    }
    assert readers <= {"nudges/clock.py"}


@pytest.mark.parametrize("name", sorted({error.code for error in error_types()}))
def test_every_error_code_is_documented(name: str) -> None:
    assert f"`{name}`" in REFERENCE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*(job.name for job in JOBS), *BarrierKind])
def test_every_job_and_barrier_kind_is_documented(name: str) -> None:
    assert f"`{name}`" in REFERENCE.read_text(encoding="utf-8")


def test_every_command_of_the_terminal_is_documented() -> None:
    from bot.cli.commands import load_all

    app = load_all()

    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    text = REFERENCE.read_text(encoding="utf-8")
    missing = [name for name in (*names, "people sync", "people import") if f"`nudger {name}" not in text]
    assert not missing


def test_the_list_of_commands_says_what_each_command_says_of_itself() -> None:
    import typer

    from bot.cli.commands import TABLE, load_all

    commands = typer.main.get_group(load_all()).commands
    told = {name: (command.help or "").strip().split("\n")[0] for name, command in commands.items()}
    assert told == {name: listed.summary for name, listed in TABLE.items()}


@pytest.mark.parametrize("arguments", [["--help"], ["check", "playbooks"]])
def test_a_command_imports_no_more_than_it_needs(arguments: list[str]) -> None:
    code = f"""
import sys
sys.argv = ["nudger", *{arguments}]
from bot.cli import main
try:
    main()
except SystemExit:
    pass
print(sorted({{"sqlalchemy", "slack_bolt", "apscheduler", "altair", "starlette"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_table_and_lock_names_no_index() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in re.sub(r"#.*", "", lock.read_text(encoding="utf-8"))
