"""What a whole batch will be asked for: this module looks it up together, so that each of its rows need not be asked.

It changes no answer: whoever asks for one person or one membership finds in the reading session what it would fetch.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.deliveries import Delivery
from nudges.store.campaigns import MEMBER_COLUMNS, ONE_MEMBER
from nudges.store.engine import AnyRow, Values, fetch, fetch_ahead
from nudges.store.history import SENDINGS, SENDINGS_OF_SEVERAL
from nudges.store.people import ONE_PERSON, ONE_WISH, PERSON_COLUMNS, WISH_COLUMNS
from nudges.store.tables import AudienceRow, PersonRow, PreferenceRow

_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_PEOPLE = select(*PERSON_COLUMNS).where(
    col(PersonRow.workspace_id) == bindparam("workspace_id"), col(PersonRow.person_id).in_(_IDS)
)
_WISHES = select(*WISH_COLUMNS).where(
    col(PreferenceRow.workspace_id) == bindparam("workspace_id"), col(PreferenceRow.person_id).in_(_IDS)
)
_MEMBERS = select(*MEMBER_COLUMNS, col(AudienceRow.campaign_id)).where(
    col(AudienceRow.campaign_id).in_(bindparam("campaign_ids", expanding=True)), col(AudienceRow.person_id).in_(_IDS)
)


def look_ahead(session: Session, workspace_id: str, deliveries: Sequence[Delivery]) -> None:
    """Look up what each of these will be asked for before its posting: person, wishes, latest nudges, membership."""
    ids = sorted({one.person_id for one in deliveries})
    if len(ids) < 2:
        return  # nothing is gained
    for one, several in ((ONE_PERSON, _PEOPLE), (ONE_WISH, _WISHES), (SENDINGS, SENDINGS_OF_SEVERAL)):
        rows = fetch(session, several, workspace_id=workspace_id, ids=ids)
        wanted = [(workspace_id, person_id) for person_id in ids]
        fetch_ahead(session, one, _by(wanted, rows, lambda row: (workspace_id, row.person_id)))
    nudges = [one for one in deliveries if not one.is_notice]
    asked = sorted({(one.campaign_id, one.person_id) for one in nudges})
    if asked:
        rows = fetch(session, _MEMBERS, campaign_ids=sorted({one.campaign_id for one in nudges}), ids=ids)
        fetch_ahead(session, ONE_MEMBER, _by(asked, rows, lambda row: (row.campaign_id, row.person_id)))


def _by(
    wanted: Iterable[Values], rows: Iterable[AnyRow], values_of: Callable[[AnyRow], Values]
) -> Mapping[Values, Sequence[AnyRow]]:
    found: dict[Values, list[AnyRow]] = {values: [] for values in wanted}
    for row in rows:
        found.setdefault(values_of(row), []).append(row)
    return found
