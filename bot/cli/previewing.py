"""A nudge as a person reads it: this module is `preview`, in the terminal, as a page and for machines."""

import json
import webbrowser
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import typer
from rich.text import Text

from bot.cli.console import app, could_not_run, remark, say, say_json
from bot.cli.screen import out
from bot.settings import Settings, read_settings
from nudges.domain.delivery.previews import PreviewState, Reader, real_reader
from nudges.errors import StorageError
from nudges.services.authoring.import_playbooks import Library, read_folder
from nudges.services.authoring.preview_nudge import Preview, default_reader, entry_of, previews
from nudges.store import instance, people
from nudges.store.engine import open_database


class Shape(StrEnum):
    """How a preview is given."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"


@app.command()
def preview(
    playbook: str = typer.Argument(..., help="The playbook's name."),
    nudge: str = typer.Argument("", help="The nudge's name; without it every nudge of the playbook."),
    as_: str = typer.Option("", "--as", help="Slack id of the person who reads it; otherwise an example person."),
    segment: str = typer.Option("", help="An example person of this segment; by default the audience's first."),
    language: str = typer.Option("", help="The reader's language, such as de or pt-BR."),
    state: PreviewState = typer.Option(PreviewState.FRESH, help="What the reader has done with it so far."),
    format: Shape = typer.Option(Shape.TEXT, help="text, html (a page with every state) or json"),
    out_file: Path = typer.Option(None, "--out", help="Write it into this file."),
    open_: bool = typer.Option(False, "--open", help="Show the page in a browser."),
) -> None:
    """Show nudges exactly as a person will see them.

    Nothing is stored or sent. The time is in the reader's own zone; what the check says of a nudge stands below it.
    """
    settings = read_settings()
    library = read_folder(settings.nudger_playbooks)
    reader = _reader(settings, library, playbook, as_=as_, segment=segment, language=language)
    found = previews(library, playbook, nudge, reader)
    if open_ or format is Shape.HTML:
        _give_page(found, out_file or (Path(f"preview-{playbook}.html") if open_ else None), is_opened=open_)
    elif format is Shape.JSON:
        from bot.preview.cards import as_json

        _give_json([as_json(one, state) for one in found], out_file)
    else:
        _give_text(found, state, out_file)


def _reader(settings: Settings, library: Library, playbook: str, *, as_: str, segment: str, language: str) -> Reader:
    example = default_reader(library, playbook, segment=segment, language=language)
    known = _known(settings, library, playbook, as_) if as_ else None
    if known is None:
        if as_:
            remark(f"{as_} is not known here, so this is how an example person of {example.segment} reads it.")
        return example
    if segment:
        known = replace(known, segment=example.segment)
    return replace(known, person=replace(known.person, language=language)) if language else known


def _known(settings: Settings, library: Library, playbook: str, person_id: str) -> Reader | None:
    """The person as the database knows them; None without a database or without the person."""
    path = settings.sqlite_path
    if path is not None and not path.exists():
        return None  # looking must not make a database
    entry, company = entry_of(library, playbook)
    try:
        database = open_database(settings.database_url)
        try:
            with database.reading() as session:
                for workspace in instance.workspaces(session):
                    person = people.person(session, workspace.workspace_id, person_id)
                    if person is not None:
                        told = people.preference(session, workspace.workspace_id, person_id).introduced_at
                        return real_reader(entry.playbook, company, person, is_new=told is None)
        finally:
            database.close()
    except StorageError as error:
        remark(f"The database was not looked at: {error.message}")
    return None


def _give_page(found: tuple[Preview, ...], path: Path | None, *, is_opened: bool) -> None:
    from bot.preview.html import page

    document = page(found)
    if path is None:
        typer.echo(document)
        return
    _write(path, document)
    if is_opened:
        webbrowser.open(path.resolve().as_uri())


def _give_json(answer: list[dict[str, object]], path: Path | None) -> None:
    if path is None:
        say_json(answer)
    else:
        _write(path, json.dumps(answer, ensure_ascii=False, indent=2) + "\n")


def _give_text(found: tuple[Preview, ...], state: PreviewState, path: Path | None) -> None:
    from bot.preview.cards import card_of, reader_line
    from bot.preview.terminal import aside, card, plain_card

    is_card = out.is_terminal and path is None
    parts: list[str] = []
    for one in found:
        shown = card_of(one, state)
        below = [one.when, f"Read by {reader_line(one)}.", *(finding.text() for finding in one.findings)]
        if not is_card:
            parts.append("\n\n".join([f"{one.nudge} ({one.kind})", plain_card(shown.states[0].blocks), *below]))
            continue
        width = min(out.width, 76)
        out.print(card(shown.states[0].blocks, title=f"{one.nudge} ({one.kind})", width=width), soft_wrap=False)
        for line in below:
            out.print(aside(line), soft_wrap=False)
        out.print(Text(""))
    if path is not None:
        _write(path, "\n\n----\n\n".join(parts) + "\n")
    elif not is_card:
        say("\n\n----\n\n".join(parts))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        could_not_run(f"{path} cannot be written: {error.strerror}. Name another file with --out.")
    say(f"Written to {path}.")
