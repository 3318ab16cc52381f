"""Forgotten for good: this module keeps database and list at the same tombstones, and erases who came back with a copy.

A database that was put in another's place may be older than what people asked of us; the list beside it is not.
"""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from nudges.errors import StorageError
from nudges.services.core import Core
from nudges.services.keeping.forget_person import erase, erase_hashed, hash_of
from nudges.store import aliases, forgotten
from nudges.store.tombstones import Tombstone, TombstoneFile, list_of

NO_LIST = "Give the path of a list that `nudger forgotten save` wrote, or of a file `<database>.forgotten`."


def hold_to_tombstones(core: Core) -> int:
    """Bring list and database to the same tombstones; return how many people were erased once more.

    Asked at each start. Nobody is erased where the database knew all there is to know.
    """
    kept = list_of(core.db)
    if kept is None:
        return 0
    with core.db.begin() as session:  # for writing: nobody says start between the look into the list and the other
        said = kept.read()
        planted = _plant(session, core, said.values())
        known = forgotten.tombstones(session, core.workspace_id)
    kept.add([one for one in known if one.whose not in said or said[one.whose].is_lifted])
    return erase_returned(core) if planted else 0


def apply_list(core: Core, said: Iterable[Tombstone]) -> int:
    """Hold a database to a list from elsewhere; return how many people were erased once more."""
    with core.db.begin() as session:
        _plant(session, core, said)
    return erase_returned(core)


def erase_returned(core: Core) -> int:
    """Erase everybody of whom there is a tombstone; return how many there was something of."""
    with core.db.reading() as session:
        hashes = forgotten.hashes(session, core.workspace_id)
        ids = aliases.all_ids(session, core.workspace_id) if hashes else set()
    returned = [one for one in sorted(ids) if hash_of(core, one) in hashes]
    for person_id in returned:
        erase(core, person_id)
    with core.db.begin() as session:
        for hashed in sorted(hashes - {hash_of(core, one) for one in returned}):
            erase_hashed(session, core, hashed)
    return len(returned)


def save_list(cores: Iterable[Core], target: Path) -> int:
    """Write the tombstones of these workspaces into a file of their own; return how many."""
    if target.exists():
        raise StorageError(f"{target} exists already and was left as it is.", hint="Choose another name.")
    found: list[Tombstone] = []
    for core in cores:
        with core.db.reading() as session:
            found += forgotten.tombstones(session, core.workspace_id)
    TombstoneFile(target).replace(found)
    return len(found)


def read_list(path: Path) -> list[Tombstone]:
    """Return what a list says; StorageError when there is none at this path."""
    if not path.is_file():
        raise StorageError(f"There is no file {path}.", hint=NO_LIST)
    return list(TombstoneFile(path).read().values())


def _plant(session: Session, core: Core, said: Iterable[Tombstone]) -> int:
    """Take over what the list says and the database does not; return how many tombstones are new."""
    known = {one.whose: one for one in forgotten.tombstones(session, core.workspace_id)}
    ours = [one for one in said if one.workspace_id == core.workspace_id]
    for one in ours:
        if one.is_lifted and one.whose in known and known[one.whose].at <= one.at:
            forgotten.lift(session, core.workspace_id, one.person_hash)
    new = [one for one in ours if not one.is_lifted and one.whose not in known]
    for one in new:
        forgotten.add(session, core.workspace_id, one.person_hash, one.at)
    return len(new)
