"""Needs as a period ends: this module counts what people lack by tool, once, and keeps what may be told of it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from nudges.domain.privacy.needed import needed
from nudges.services.barriers.publish_periods import Evidence, limits_in
from nudges.services.core import Core
from nudges.store import needs


def gather_needs(session: Session, core: Core, period: int, spans: Sequence[Evidence]) -> int:
    """Keep the needs that the last closed periods tell of, in the transaction that closes one; return how many are new.

    Once for each period and never in between: who forgets themselves must not make a tool appear or vanish.
    """
    if not spans:
        return 0
    tools = {name: read.playbook.tool for name, read in core.library().playbooks.items()}
    told = needed(
        [one for span in spans for one in span.reports],
        tools,
        at_start=spans[-1].at_start,
        at_end=spans[-1].at_end,
        limits=limits_in(session, core, period),
    )
    return needs.hear(session, core.workspace_id, told, core.clock())
