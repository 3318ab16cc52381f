"""The one decision: this module is the tests of `plan` and of holdouts."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.domain.delivery.deliveries import Decision, DeliveryStatus, Planned, Skipped, SkipReason, Waiting
from nudges.domain.delivery.eligibility import Standing
from nudges.domain.delivery.planning import Facts, Predecessor, Terms, plan
from nudges.domain.measuring.experiments import holdout_key_of, is_held_out
from nudges.domain.playbooks.playbook import AfterNudge, Nudge
from tests.builders import A_MONDAY, a_company, a_day, a_person, a_quiz, a_tip

TERMS = Terms(starts_on=A_MONDAY)
PUBLISHED = datetime(2027, 1, 6, 12, tzinfo=UTC)
SENT_AT = datetime(2027, 1, 12, 10, 5, tzinfo=UTC)
AFTER = a_quiz(when=AfterNudge(after="ask-before-you-search", days=7))


def decided(
    nudge: Nudge | None = None, *, facts: Facts | None = None, terms: Terms = TERMS, now: datetime = PUBLISHED
) -> Decision:
    """Return the decision for Ana."""
    return plan(
        nudge=nudge or a_tip(), terms=terms, person=a_person(), company=a_company(), facts=facts or Facts(), now=now
    )


def test_a_nudge_of_the_coming_days_is_planned_at_its_wall_time() -> None:
    decision = decided()
    assert isinstance(decision, Planned)
    assert (decision.local_due, decision.zone) == ("2027-01-12T10:00", "Europe/Lisbon")


def test_a_nudge_of_a_far_week_waits() -> None:
    assert decided(a_tip(when=a_day(week=3))) == Waiting()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts(is_held_out=True), SkipReason.HOLDOUT),
        (Facts(blocked=SkipReason.NUDGE_STOPPED), SkipReason.NUDGE_STOPPED),
        (Facts(is_sendable=False), SkipReason.NOT_SENDABLE),
        (Facts(is_in_audience=False), SkipReason.LEFT_AUDIENCE),
        (Facts(standing=Standing(is_stopped=True)), SkipReason.STOPPED),
        (Facts(standing=Standing(paused_until=PUBLISHED + timedelta(days=60))), SkipReason.PAUSED),
        (Facts(is_topic_off=True), SkipReason.TOPIC_OFF),
        (Facts(joined_at=datetime(2027, 1, 13, 8, tzinfo=UTC)), SkipReason.JOINED_LATE),
    ],
)
def test_whoever_is_not_to_get_it_is_skipped_with_the_reason(facts: Facts, reason: SkipReason) -> None:
    assert decided(facts=facts) == Skipped(reason)


def test_who_joins_on_the_day_itself_still_gets_it() -> None:
    joined = datetime(2027, 1, 12, 15, tzinfo=UTC)
    assert isinstance(decided(facts=Facts(joined_at=joined), now=joined), Planned)


def test_a_late_start_skips_what_is_stale_and_keeps_what_is_not() -> None:
    wednesday = datetime(2027, 1, 13, 8, tzinfo=UTC)
    assert decided(now=wednesday) == Skipped(SkipReason.STALE)
    lasting = a_tip(when=a_day(valid_for=timedelta(days=3)))
    assert isinstance(decided(lasting, now=wednesday), Planned)


def test_nothing_is_planned_after_the_campaigns_last_day() -> None:
    assert decided(terms=Terms(A_MONDAY, ends_on=date(2027, 1, 11))) == Skipped(SkipReason.CAMPAIGN_ENDED)
    assert isinstance(decided(terms=Terms(A_MONDAY, ends_on=date(2027, 1, 12))), Planned)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (DeliveryStatus.PLANNED, Waiting()),
        (DeliveryStatus.SENDING, Waiting()),
        (DeliveryStatus.RETRY, Waiting()),
        (DeliveryStatus.UNKNOWN, Waiting()),
        (DeliveryStatus.SKIPPED, Skipped(SkipReason.PREREQUISITE)),
        (DeliveryStatus.EXPIRED, Skipped(SkipReason.PREREQUISITE)),
        (DeliveryStatus.FAILED, Skipped(SkipReason.PREREQUISITE)),
    ],
)
def test_a_follower_waits_for_its_predecessor_and_shares_its_fate(status: DeliveryStatus, expected: Decision) -> None:
    assert decided(AFTER, facts=Facts(predecessor=Predecessor(status))) == expected


def test_a_follower_without_a_decided_predecessor_waits() -> None:
    assert decided(AFTER) == Waiting()


def test_a_follower_is_counted_from_the_sending() -> None:
    facts = Facts(predecessor=Predecessor(DeliveryStatus.SENT, SENT_AT))
    decision = decided(AFTER, facts=facts, now=SENT_AT)
    assert isinstance(decision, Planned)
    assert decision.local_due == "2027-01-19T10:05"
    far = a_quiz(when=AfterNudge(after="ask-before-you-search", days=60))
    assert decided(far, facts=facts, now=SENT_AT) == Waiting()


def test_a_share_of_nothing_spares_nobody_and_never_more_than_half_are_spared() -> None:
    keys = [f"team:{n}" for n in range(2000)]
    spared = {
        share: sum(is_held_out(team_key=name, campaign_id=7, share=share, key=b"k") for name in keys)
        for share in (0.0, 0.1, 0.5, 0.9)
    }
    assert spared[0.0] == 0
    assert 140 < spared[0.1] < 260
    assert 900 < spared[0.5] < 1100
    assert spared[0.9] == spared[0.5]


def test_whole_teams_are_spared_together_and_other_campaigns_draw_anew() -> None:
    team = [a_person(f"U{n}", team="Billing Lisbon" if n % 2 else " billing lisbon ") for n in range(6)]
    assert len({holdout_key_of(person) for person in team}) == 1
    loner = a_person("U9", team="", manager_id="")
    assert holdout_key_of(loner) == "person:U9"
    draws = {is_held_out(team_key="team:a", campaign_id=n, share=0.5, key=b"k") for n in range(40)}
    assert draws == {True, False}


ZONES = ["Pacific/Kiritimati", "Asia/Kolkata", "Europe/Lisbon", "America/St_Johns", "Pacific/Apia", "Africa/Cairo", ""]


@settings(max_examples=200, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    at=st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60)),
    week=st.integers(1, 4),
    now=st.datetimes(datetime(2027, 1, 1), datetime(2027, 3, 1)),
    hours=st.sampled_from(["", "22:00-23:30 sat-sun", "05:00-05:10 fri", "09:00-17:00 sun-thu"]),
)
def test_planning_twice_gives_the_same_and_only_instants_of_working_time(
    zone: str, at: time, week: int, now: datetime, hours: str
) -> None:
    person, company = a_person(zone=zone, hours=hours), a_company()
    tip = a_tip(when=a_day(week=week).model_copy(update={"at": at}))
    arguments = {"nudge": tip, "terms": TERMS, "person": person, "company": company, "facts": Facts()}
    first = plan(**arguments, now=now.replace(tzinfo=UTC))  # type: ignore[arg-type]
    assert plan(**arguments, now=now.replace(tzinfo=UTC)) == first  # type: ignore[arg-type]
    later = plan(**arguments, now=now.replace(tzinfo=UTC) + timedelta(hours=3))  # type: ignore[arg-type]
    if isinstance(first, Planned):
        assert later in (first, Skipped(SkipReason.STALE))
        assert first.fresh_until > now.replace(tzinfo=UTC)
