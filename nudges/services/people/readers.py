"""Who reads: this module is the language of somebody whom the app answers."""

from nudges.services.core import Core
from nudges.store import people


def language_of(core: Core, person_id: str) -> str:
    """Return the person's language, of the people file or of Slack; empty when nothing is known."""
    with core.db.reading() as session:
        person = people.person(session, core.workspace_id, person_id)
    return person.language if person else ""
