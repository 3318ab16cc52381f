"""Playbooks written with help: this module is `schema`, `fmt`, `new` and `migrate-playbooks`."""

from enum import StrEnum
from pathlib import Path

import typer

from bot.cli.console import COULD_NOT_RUN, FOUND, app, could_not_run, remark, say
from bot.settings import read_settings

AFTER_PLAYS = """Next:
  1. Keep the kinds you want to do otherwise and delete the rest: what is not there stays as it is shipped.
  2. nudger check"""


class Kind(StrEnum):
    """What `nudger new` makes."""

    TIP = "tip"
    STORY = "story"
    QUIZ = "quiz"
    HOWTO = "howto"
    WORKSHOP = "workshop"
    CHALLENGE = "challenge"
    EXCLUSIVE = "exclusive"
    POLL = "poll"
    LEADER = "leader"
    PLAYBOOK = "playbook"
    COMPANY = "company"
    PLAYS = "plays"


@app.command()
def schema(
    company: bool = typer.Option(False, "--company", help="The schema of company.yaml instead of a playbook's."),
    write: bool = typer.Option(False, "--write", help="Put all beside the playbooks, in the folder .schema."),
) -> None:
    """Let an editor complete and check playbooks.

    Prints the JSON Schema of playbooks, with the segments and channels of company.yaml. With --write it goes beside the
    playbooks, where a file's first line tells the editor to look; write it again when company.yaml changes.
    """
    from nudges.services.authoring import editor_schema

    folder = read_settings().nudger_playbooks
    if not write:
        name = editor_schema.COMPANY_FILE if company else editor_schema.PLAYBOOK_FILE
        typer.echo(editor_schema.schema_texts(folder)[name], nl=False)
        return
    written = editor_schema.write_schemas(folder)
    say("\n".join(f"Written: {path}" for path in written) or "The schemas are as they should be.")
    say(f"A playbook that starts with this line is completed and checked by editors that know YAML:\n{_header()}")


@app.command()
def fmt(
    paths: list[Path] = typer.Argument(None, help="Files or folders; by default the playbooks folder."),
    check: bool = typer.Option(False, "--check", help="Change nothing; exit 1 when something would change."),
) -> None:
    """Put playbooks into their usual shape.

    Sets the order of keys, the indentation, and quotes where YAML bites; keeps every comment and what the file means.
    """
    from nudges.services.authoring.format_files import format_paths

    paths = paths or [read_settings().nudger_playbooks]
    missing = [path for path in paths if not path.exists()]
    report = format_paths([path for path in paths if path.exists()], is_check=check)
    for path in report.changed:
        say(f"{'Would change' if check else 'Changed'}: {path}")
    _tell((*report.refused, *(f"{path}: there is no such file or folder." for path in missing)))
    say(f"{_counted(len(report.files), 'file')} looked at, {len(report.changed)} {_tense(check)}.")
    _exit(is_refused=bool(report.refused or missing), is_found=check and bool(report.changed))


@app.command()
def new(
    kind: Kind = typer.Argument(..., help="What to make."),
    name: str = typer.Argument("", help="Its name: letters, digits, - and _."),
    into: Path = typer.Option(None, "--into", help="Add the nudge at the end of this playbook."),
) -> None:
    """Start a playbook or a nudge.

    `nudger new playbook find-an-expert` writes a file with comments that teach into the playbooks folder. A nudge
    of any kind is printed, or with --into added to a playbook. In an empty folder, `nudger new company` comes first.
    Nothing is ever overwritten, and nothing is sent.
    """
    from nudges.services.authoring import editor_schema, new_files

    folder = read_settings().nudger_playbooks
    if kind in (Kind.PLAYBOOK, Kind.COMPANY, Kind.PLAYS):
        if into is not None:
            could_not_run(f"--into adds a nudge; `nudger new {kind} ...` writes a file of its own.")
        if kind is Kind.PLAYS:
            say(f"Written: {new_files.new_plays(folder)}\n{AFTER_PLAYS}")
            return
        if kind is Kind.PLAYBOOK and not name:
            could_not_run("A playbook needs a name, such as: nudger new playbook find-an-expert")
        path = new_files.new_playbook(folder, name) if name and kind is Kind.PLAYBOOK else new_files.new_company(folder)
        say(f"Written: {path}\n{_after_company(path) if kind is Kind.COMPANY else _after_playbook(path)}")
    elif into is not None:
        added = new_files.add_nudge(into, kind.value, name)
        say(f"Added: {kind} `{added}` at the end of {into}\n{_after_nudge(into, added)}")
    else:
        typer.echo(new_files.nudge_text(kind.value, name, editor_schema.read_company(folder)), nl=False)
        remark("Paste it below `nudges:` of a playbook, or let --into FILE add it.")


@app.command("migrate-playbooks")
def migrate_playbooks(
    check: bool = typer.Option(False, "--check", help="Change nothing; exit 1 when something would change."),
) -> None:
    """Lift playbooks to the newest format.

    Rewrites the files of the playbooks folder, comments kept. A file that has no `format:` is in the first.
    """
    from nudges.services.authoring.migrate_playbooks import migrate_folder

    report = migrate_folder(read_settings().nudger_playbooks, is_check=check)
    for path in report.changed:
        say(f"{'Would change' if check else 'Changed'}: {path}")
    _tell(report.refused)
    say(f"{_counted(len(report.files), 'file')} looked at, {len(report.changed)} {_tense(check)}.")
    _exit(is_refused=bool(report.refused), is_found=check and bool(report.changed))


def _after_playbook(path: Path) -> str:
    name = path.stem
    return (
        "Next:\n"
        f"  1. Open it in an editor and change what is marked; docs/playbooks.md explains every key.\n"
        f"  2. nudger check {path}\n"
        f"  3. nudger preview {name} why-it-helps    (as a person reads it)\n"
        f"  4. nudger rehearse {name}    (eight weeks on people made up)\n"
        f"  5. nudger plan {name} --people people.csv    (who gets what, when; in a workspace without --people)\n"
        f"  6. nudger publish {name}    (nothing is sent before)\n"
        f"More nudges: nudger new tip a-name --into {path}"
    )


def _after_company(path: Path) -> str:
    return (
        "Next:\n"
        "  1. Open it and put in your own ids, zone and segments.\n"
        f"  2. nudger check {path}\n"
        "  3. nudger new playbook a-name"
    )


def _after_nudge(file: Path, name: str) -> str:
    return (
        "Next: change its texts, then\n"
        f"  nudger check {file}\n"
        f"  nudger preview {file.stem} {name}    (with the name behind `playbook:`, where it is another one)"
    )


def _header() -> str:
    from nudges.services.authoring.editor_schema import header_for

    return header_for("a-playbook.yaml")


def _tell(refused: tuple[str, ...]) -> None:
    for sentence in refused:
        remark(sentence)


def _tense(check: bool) -> str:
    return "would change" if check else "changed"


def _exit(*, is_refused: bool, is_found: bool) -> None:
    raise typer.Exit(COULD_NOT_RUN if is_refused else FOUND if is_found else 0)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
