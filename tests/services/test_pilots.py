"""A few people first: this module is the tests of pilots from publishing to the end, with books that balance."""

from datetime import timedelta

import pytest

from nudges.domain.delivery.deliveries import SkipReason
from nudges.domain.delivery.responses import Feedback
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.errors import RecipientUnreachable
from nudges.services.answers.record_response import record_barrier, record_feedback
from nudges.services.authoring.approve import approve, decline
from nudges.services.authoring.draft_plan import draft
from nudges.services.authoring.publish import publish
from nudges.services.authoring.read_approvals import waiting, waiting_for
from nudges.services.delivery.stage_pilots import Staged, stage_pilots
from nudges.services.delivery.steer import resume_campaigns
from nudges.services.measuring.read_status import campaign
from nudges.services.own.preferences import stop
from nudges.store.tables import AuditRow, CampaignRow
from tests.services.house import ADMIN, AUTHOR, BILLING, MONDAY, TUESDAY_AT_TEN, House, a_text

pytestmark = pytest.mark.once

SECOND = "U0SECOND"
NAME = "find-an-expert"


def a_piloted(then: str = "approval", stop_when: str = "", *, segments: str = "customer-service", **tips: str) -> str:
    """Return a playbook whose pilot is the nine people of Billing; five answers, 60 % useful."""
    rules = f", stop_when: {{{stop_when}}}" if stop_when else ""
    pilot = f"pilot: {{segment: first-few, answers: 5, useful: 60%, then: {then}{rules}}}"
    return a_text(segments=segments, **tips).replace(f"segments: [{segments}]}}", f"segments: [{segments}], {pilot}}}")


def taps(house: House, *, useful: int, not_for_me: int = 0, nudge: str = "first-tip") -> None:
    """Let people of the pilot say whether a nudge was useful."""
    for number, person_id in enumerate(BILLING[: useful + not_for_me]):
        feedback = Feedback.USEFUL if number < useful else Feedback.NOT_FOR_ME
        record_feedback(house.core, person_id, house.delivery(nudge, person_id).delivery_id, feedback)


@pytest.fixture
def piloting(house: House) -> House:
    """Return a house on Tuesday at noon, when the pilot has its first tip."""
    house.run(a_piloted())
    house.walk("2027-01-12 12:00")
    return house


def balanced(house: House) -> None:
    assert house.books().is_balanced, house.books()


def test_only_the_pilot_is_reached_and_the_rest_waits_in_the_books(house: House) -> None:
    house.run(a_piloted())
    steps = house.walk("2027-01-20 12:00", lambda: balanced(house))
    assert house.states() == {"sent": 9}
    assert house.books().after_pilot == 12
    assert {one.person_id for one in house.messenger.standing if one.message.kind != "notice"} == set(BILLING)
    assert steps < 40
    assert campaign(house.core, NAME).status == "pilot"


def test_a_pilot_with_fewer_people_than_answers_wanted_is_named_in_the_draft(house: House) -> None:
    house.write(a_piloted())
    assert not any("never ends by itself" in said for said in draft(house.core, NAME).warnings)
    house.write(a_piloted().replace("answers: 5", "answers: 10"))
    assert any("10 answers cannot come from 9 people" in said for said in draft(house.core, NAME).warnings)


def test_publishing_whole_passes_the_pilot_over_only_with_a_yes(house: House) -> None:
    house.write(a_piloted())
    done = publish(house.core, NAME, AUTHOR, is_whole=True)
    assert done.is_waiting
    (question,) = waiting(house.core)
    approve(house.core, question.approval_id, question.content_hash, ADMIN)
    house.walk("2027-01-13 12:00")
    assert house.states()["sent"] == 21


def test_a_good_pilot_asks_once_and_a_yes_gives_the_rest_a_first_week_of_their_own(piloting: House) -> None:
    taps(piloting, useful=5)
    assert [stage_pilots(piloting.core) for _ in range(2)] == [Staged(asked=1), Staged()]
    view = waiting_for(piloting.core, NAME)
    assert view is not None
    assert (view.kind, view.reached, view.pilot.verdict if view.pilot else "") == ("widen", 12, "ready")
    done = approve(piloting.core, view.approval_id, view.content_hash, ADMIN)
    assert done.starts_on == MONDAY + timedelta(days=7)
    balanced(piloting)
    piloting.walk("2027-01-19 09:00", lambda: balanced(piloting))
    assert piloting.states() == {"sent": 19, "planned": 2}  # Lisbon and New York have their ten o'clock still to come
    piloting.walk("2027-01-22 12:00", lambda: balanced(piloting))
    assert piloting.states() == {"sent": 21}
    sent = {row.person_id: row.sent_at.date().isoformat() for row in piloting.rows(nudge_key="first-tip")}
    assert (sent["U0ANA"], sent["U0BERLIN0"]) == ("2027-01-12", "2027-01-19")


def test_an_automatic_pilot_widens_by_itself_and_its_owner_hears_of_it(house: House) -> None:
    house.run(a_piloted("automatic"))
    house.walk("2027-01-12 12:00")
    taps(house, useful=5)
    assert stage_pilots(house.core) == Staged(widened=1)
    assert house.rows(CampaignRow)[0].rest_starts_on == MONDAY + timedelta(days=7)
    house.tick()
    assert [message.notice_key for message in house.messenger.sent_to(AUTHOR)] == ["notice.pilot_widened"]


def test_a_pilot_that_lacks_answers_goes_on(piloting: House) -> None:
    taps(piloting, useful=4)
    assert stage_pilots(piloting.core) == Staged()
    taps(piloting, useful=4, not_for_me=5)
    assert stage_pilots(piloting.core) == Staged(), "four of nine found it useful"


def test_a_no_leaves_the_rest_waiting_and_is_not_asked_again(piloting: House) -> None:
    taps(piloting, useful=5)
    stage_pilots(piloting.core)
    (question,) = waiting(piloting.core)
    decline(piloting.core, question.approval_id, ADMIN, "Not in January")
    assert stage_pilots(piloting.core) == Staged()
    piloting.walk("2027-01-27 12:00")
    assert piloting.states() == {"sent": 9}
    told = [dict(one.notice_values) for one in piloting.messenger.sent_to(AUTHOR)]
    assert {"why": "Not in January", "by": ADMIN}.items() <= told[0].items()


def halts(house: House, rule: str) -> None:
    """Expect that the pilot halts, that owner and admins hear which rule it was, and that nothing more goes out."""
    assert stage_pilots(house.core) == Staged(halted=1)
    assert house.rows(CampaignRow)[0].status == "paused"
    house.tick()
    for person_id in (AUTHOR, ADMIN, SECOND):
        (notice,) = house.messenger.sent_to(person_id)
        assert notice.notice_key == f"notice.pilot_halted_{rule}"
    assert dict(notice.notice_values)["people"] in ("5-9", "10-19")
    (line,) = house.rows(AuditRow, action="halt_pilot")
    assert line.actor_id == "nudger"


def test_too_many_not_for_me_halt_it_until_a_person_has_looked(house: House) -> None:
    house.run(a_piloted(stop_when="not_for_me: 50%"))
    house.walk("2027-01-12 12:00")
    taps(house, useful=4, not_for_me=5)
    halts(house, "not_for_me")
    resume_campaigns(house.core, ADMIN, NAME)
    assert stage_pilots(house.core) == Staged()
    assert house.rows(CampaignRow)[0].status == "live"


def test_one_grumble_halts_nothing(house: House) -> None:
    house.run(a_piloted(stop_when="not_for_me: 1%, stops: 1%, barrier_reports: 1"))
    house.walk("2027-01-12 12:00")
    taps(house, useful=3, not_for_me=1)
    stop(house.core, BILLING[8])
    assert stage_pilots(house.core) == Staged()


def test_people_who_stop_afterwards_halt_it(house: House) -> None:
    house.run(a_piloted(stop_when="stops: 50%"))
    house.walk("2027-01-12 12:00")
    for person_id in BILLING[:5]:
        stop(house.core, person_id)
    halts(house, "stops")


def test_barrier_reports_halt_it(house: House) -> None:
    house.run(a_piloted(stop_when="barrier_reports: 5"))
    house.walk("2027-01-12 12:00")
    for person_id in BILLING[:5]:
        record_barrier(house.core, person_id, house.delivery("first-tip", person_id).delivery_id, BarrierKind.NO_TIME)
    halts(house, "barrier_reports")


def test_refused_messages_halt_it(house: House) -> None:
    second = '{week: 1, day: wed, at: "10:00"}'
    house.run(a_piloted(stop_when="errors: 20%", first_tip=TUESDAY_AT_TEN, second_tip=second))
    house.walk("2027-01-12 12:00")
    house.messenger.always = RecipientUnreachable(slack_code="channel_not_found")
    house.at("2027-01-13 10:00")
    house.messenger.always = None
    halts(house, "errors")


def test_with_nobody_else_to_ask_the_owner_hears_what_to_do(house: House) -> None:
    company = (house.folder / "company.yaml").read_text("utf-8")
    house.write(company.replace("admins: [U0AMIR, U0SECOND]", "admins: [U0PRIYA]"), "company")
    house.run(a_piloted())
    house.walk("2027-01-12 12:00")
    taps(house, useful=5)
    assert stage_pilots(house.core) == Staged()
    house.tick()
    assert [one.notice_key for one in house.messenger.sent_to(AUTHOR)] == ["notice.pilot_ready_nobody"]


def test_a_pilot_that_nobody_widens_says_so_and_ends_by_itself(house: House) -> None:
    house.run(a_piloted())
    house.walk("2027-05-10 12:00", lambda: balanced(house))
    assert [one.notice_key for one in house.messenger.sent_to(AUTHOR)] == ["notice.pilot_over"]
    assert campaign(house.core, NAME).status == "ended"
    assert house.books().not_enqueued[SkipReason.NOT_PILOT] == 12


def test_a_campaign_ends_when_nothing_can_come_any_more(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.walk("2027-01-16 12:00")
    assert campaign(house.core, NAME).status == "live"
    house.walk("2027-01-25 12:00", lambda: balanced(house))
    assert campaign(house.core, NAME).status == "ended"
    assert house.rows(AuditRow, action="end")[0].actor_id == "nudger"
    taps(house, useful=1)  # a late tap still counts
