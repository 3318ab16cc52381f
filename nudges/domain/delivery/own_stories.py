"""Nobody is told their own story: this module recognises who told it, by the name and the team that stand under it.

A playbook holds no ids of its tellers, so that nothing of them has to be found there when they ask to be forgotten.
"""

from nudges.domain.people.people import Person
from nudges.domain.playbooks.comparing import plain
from nudges.domain.playbooks.playbook import Nudge, Story


def is_own_story(nudge: Nudge | None, person: Person) -> bool:
    """Return whether this looks like the person's own story; a namesake in the same team is spared too."""
    if not isinstance(nudge, Story) or not nudge.by.team or not person.first_name:
        return False
    name, first_name = plain(nudge.by.name).split(), plain(person.first_name).split()
    known = set(plain(f"{person.department} {person.place} {person.team}").split())
    return name[: len(first_name)] == first_name and set(plain(nudge.by.team).split()) <= known
