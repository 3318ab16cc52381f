"""What each key is for: this module finds the sentence and the examples that an editor shows beside a key."""

from nudges.domain.editing.guide_company import COMPANY_GUIDES
from nudges.domain.editing.guide_kinds import KIND_GUIDES
from nudges.domain.editing.guide_playbook import PLAYBOOK_GUIDES, Guide
from nudges.domain.playbooks.playbook import Part
from nudges.domain.plays.guides import PLAY_GUIDES

__all__ = ["GUIDES", "Guide", "guide_of"]

GUIDES = {**PLAYBOOK_GUIDES, **KIND_GUIDES, **COMPANY_GUIDES, **PLAY_GUIDES}


def guide_of(model: type[Part], key: str) -> Guide:
    """Return the guide of a key, that of the type it is inherited from where it has none of its own."""
    for kind in model.__mro__:
        guide = GUIDES.get(f"{kind.__name__}.{key}")
        if guide is not None:
            return guide
    raise KeyError(f"{model.__name__}.{key} has no line in one of the modules of guides")
