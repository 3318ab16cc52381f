"""Status and results from counts: this module is the test that they are what counting the rows gives."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from nudges.services.measuring import results
from nudges.store import campaigns, past, reports
from nudges.store.engine import Database
from tests import raw_counts
from tests.store.rows import HERE
from tests.store.test_rollups import Hands

FAR = ZoneInfo("Asia/Kathmandu")  # a quarter of an hour beside everybody


@pytest.mark.parametrize("seed", range(4))
def test_figures_from_counts_are_those_of_the_rows(db: Database, seed: int) -> None:
    hands = Hands(db, seed)
    for _ in range(60):
        hands.dice.choice(hands.acts())()
    with db.reading() as session:
        for campaign_id in hands.campaigns:
            raw = raw_counts.everything(session, campaign_id, FAR)
            found = reports.entries(session, campaign_id)
            assert Counter({(one.status, one.reason, one.is_enqueued): one.count for one in found}) == raw["entries"]
            assert reports.people_reached(session, campaign_id) == raw["reached"]
            assert reports.people_answered(session, campaign_id) == raw["answered"]
            assert reports.decided_people(session, campaign_id) == raw["decided"]
            said = reports.response_counts(session, campaign_id)
            assert {(one.kind, one.value, one.is_right, one.responses, one.people) for one in said} == raw["said"]
            campaign = campaigns.by_id(session, HERE, campaign_id)
            assert campaign is not None
            assert not past.counts(session, campaign_id)
            assert told(results._counted(session, campaign, FAR)) == raw["results"]


def told(counted: dict[str, results._Tally]) -> Counter[raw_counts.Key]:
    found = {
        (question, nudge_key, *key): count
        for nudge_key, tally in counted.items()
        for question in ("answered", "useful", "choices")
        for key, count in getattr(tally, question).items()
    }
    return Counter({key: count for key, count in found.items() if count})
