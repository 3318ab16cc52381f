"""The playbooks folder as last read well: this module keeps what runs from being disturbed by a broken edit."""

from dataclasses import replace
from pathlib import Path

from nudges.services.authoring.import_playbooks import Library, read_folder
from nudges.services.authoring.playbook_files import list_folder

Signature = tuple[tuple[str, int, int], ...]


class Shelf:
    """Gives the present Library; a broken company.yaml leaves the last good one in force."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._signature: Signature = ()
        self._library = Library(None)
        self.refresh()

    def __call__(self) -> Library:
        """Return the library as last read."""
        return self._library

    @property
    def folder(self) -> Path:
        """Where the playbooks lie."""
        return self._folder

    def refresh(self) -> bool:
        """Read the folder again if a file changed; return whether it did."""
        signature = _signature(self._folder)
        if signature == self._signature and self._library.files:
            return False
        fresh, old = read_folder(self._folder), self._library
        if fresh.company is None and old.company is not None:
            fresh = replace(fresh, company=old.company, company_text=old.company_text)
        self._signature, self._library = signature, fresh
        return True


def _signature(folder: Path) -> Signature:
    try:
        names = list_folder(folder).names
        stats = [(name, (folder / name).stat()) for name in names]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
