"""Schemas for editors: this module makes them with the company's own names and puts them beside the playbooks."""

import json
from collections.abc import Iterator
from pathlib import Path

from nudges.domain.editing.schema import Vocabulary, company_schema, playbook_schema, plays_schema
from nudges.domain.files.loading import load_company
from nudges.domain.people.segments import HasValue, leaves
from nudges.domain.playbooks.company import Company
from nudges.domain.times.zones import zone_names
from nudges.errors import FileRefused
from nudges.services.authoring.import_playbooks import Library, read_folder
from nudges.services.authoring.playbook_files import COMPANY_NAMES, PLAYS_NAMES, read_file
from nudges.services.authoring.writing_files import replace_file

FOLDER = ".schema"  # a name with a dot is no playbook and is not looked into
PLAYBOOK_FILE, COMPANY_FILE, PLAYS_FILE = "playbook.schema.json", "company.schema.json", "plays.schema.json"
HEADER = "# yaml-language-server: $schema="


def header_for(file_name: str) -> str:
    """Return the first line that tells an editor which schema a file of the playbooks folder follows."""
    schema = COMPANY_FILE if file_name in COMPANY_NAMES else PLAYS_FILE if file_name in PLAYS_NAMES else PLAYBOOK_FILE
    return f"{HEADER}{FOLDER}/{schema}"


def vocabulary_of(folder: Path) -> Vocabulary:
    """Return the names that company.yaml and the playbooks of the folder use; none are known without company.yaml."""
    company = read_company(folder)
    if company is None:
        return Vocabulary(zones=zone_names())
    return Vocabulary(
        segments=tuple(company.segments),
        channels=tuple(company.channels),
        languages=tuple(sorted({"en", *_languages(company, read_folder(folder))})),
        zones=zone_names(),
        is_known=True,
    )


def read_company(folder: Path) -> Company | None:
    """Return company.yaml, as far as it can be read when it has faults."""
    for name in COMPANY_NAMES:
        text = read_file(folder / name, inside=folder) if (folder / name).is_file() else None
        if isinstance(text, bytes):
            loaded = load_company(text, file=str(folder / name))
            return loaded.value or loaded.draft
    return None


def schema_texts(folder: Path) -> dict[str, str]:
    """Return the text of each schema by its file's name."""
    vocabulary = vocabulary_of(folder)
    schemas = {
        PLAYBOOK_FILE: playbook_schema(vocabulary),
        COMPANY_FILE: company_schema(vocabulary),
        PLAYS_FILE: plays_schema(vocabulary),
    }
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write the schemas under `.schema`, where they are not there or not as they should be; return those written."""
    place = folder / FOLDER
    try:
        place.mkdir(exist_ok=True)
    except OSError as error:
        raise FileRefused(f"{place} cannot be made: {error.strerror}.") from error
    texts = {place / name: text for name, text in schema_texts(folder).items()}
    stale = {path: text for path, text in texts.items() if not _holds(path, text)}
    for path, text in stale.items():
        replace_file(path, text)
    return tuple(stale)


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def _languages(company: Company, library: Library) -> Iterator[str]:
    for rule in company.segments.values():
        for leaf in leaves(rule):
            yield from leaf.values if isinstance(leaf, HasValue) and leaf.field == "language" else ()
    for entry in library.playbooks.values():
        yield from (entry.playbook.language, *entry.playbook.languages)
