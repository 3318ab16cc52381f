"""What people do with flags: this module takes one up, plays it through, and tries what is not theirs to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nudges.domain.barriers.flag_life import Move, Reason
from nudges.domain.barriers.flag_views import Act, FlagCard, FlagVerdict, NextThing
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.answers.record_response import record_barrier
from nudges.services.barriers import flag_moves
from nudges.services.barriers.flag_cards import barriers, card, plays_shown
from nudges.services.barriers.flag_week import digest_for
from nudges.services.barriers.play_sends import is_eased
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.barriers.tend_flags import Tending, tend_flags
from nudges.services.keeping.forget_person import forget
from nudges.services.own.own_data import PARTS, Asked
from nudges.store import people
from nudges.store.tables import CampaignRow, FlagEventRow, FlagRow, NoticeRow
from tests.fakes import utc
from tests.services.house import ADMIN, ANA, AUTHOR, BERLIN, BILLING, BOSS, TEAM, House, live_once, visit

PERIOD_CLOSED = "2027-02-01 00:00"
SECOND = "U0SECOND"


@pytest.fixture(scope="session")
def flagged_folder(furnished_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five of Billing Lisbon have said that they have no time, and their period has closed."""
    folder = tmp_path_factory.mktemp("flagged") / "house"
    live_once(furnished_house, folder, live)
    return folder


def live(house: House) -> None:
    review_barriers(house.core)
    for person_id in BILLING[:5]:
        record_barrier(house.core, person_id, "", BarrierKind.NO_TIME)
    house.clock.now = utc(PERIOD_CLOSED)
    review_barriers(house.core)


@pytest.fixture
def flagged(flagged_folder: Path, tmp_path: Path) -> Iterator[House]:
    with visit(flagged_folder, tmp_path / "flagged", utc("2027-02-01 10:00")) as house:
        yield house


def flag_of(house: House, viewer_id: str = AUTHOR) -> FlagCard:
    return barriers(house.core, viewer_id).flags[0]


def take_up(house: House) -> int:
    flag_id = flag_of(house).flag_id
    assert flag_moves.acknowledge(house.core, AUTHOR, flag_id).verdict is FlagVerdict.DONE
    return flag_id


def begin(house: House, key: str = "fewer-and-shorter") -> int:
    flag_id = take_up(house)
    assert flag_moves.start_play(house.core, AUTHOR, flag_id, key).verdict is FlagVerdict.DONE
    return flag_id


def told(house: House) -> list[str]:
    return [row.text_key for row in house.rows(NoticeRow)]


def test_a_flag_is_taken_up_played_and_closed_with_its_owners_word(flagged: House) -> None:
    shown = flag_of(flagged)
    assert (shown.state, shown.owner_id, shown.next.what) == ("open", AUTHOR, NextThing.TO_BE_TAKEN)
    flag_id = begin(flagged)
    done = flag_moves.step_done(flagged.core, AUTHOR, flag_id, 1)
    assert done.card is not None
    assert done.card.next.what is NextThing.THE_MEASURE
    assert [line.what for line in done.card.history] == [
        Move.OPENED, Move.ACKNOWLEDGED, Move.PLAY_STARTED, Move.STEP_DONE,
    ]  # fmt: skip
    assert flag_moves.agree_over(flagged.core, AUTHOR, flag_id).verdict is FlagVerdict.MOVED, "nobody has proposed it"


def test_what_was_done_already_is_done_once_and_a_late_tap_shows_how_it_stands(flagged: House) -> None:
    flag_id = begin(flagged)
    flag_moves.step_done(flagged.core, AUTHOR, flag_id, 1)
    for again in (
        flag_moves.acknowledge(flagged.core, AUTHOR, flag_id),
        flag_moves.start_play(flagged.core, AUTHOR, flag_id, "fewer-and-shorter"),
        flag_moves.step_done(flagged.core, AUTHOR, flag_id, 1),
        flag_moves.dismiss(flagged.core, AUTHOR, flag_id, Reason.KNOWN_CAUSE),
    ):
        assert again.verdict is FlagVerdict.MOVED
        assert again.card is not None
    assert len(flagged.rows(FlagEventRow)) == 4


@pytest.mark.parametrize("person_id", [ANA, "U0NOBODY", ""])
def test_whoever_has_nothing_to_do_with_it_finds_no_flag_whatever_they_send(flagged: House, person_id: str) -> None:
    flag_id = take_up(flagged)
    for outcome in (
        flag_moves.acknowledge(flagged.core, person_id, flag_id),
        flag_moves.assign(flagged.core, person_id, flag_id, person_id),
        flag_moves.start_play(flagged.core, person_id, flag_id, "fewer-and-shorter"),
        flag_moves.step_done(flagged.core, person_id, flag_id, 1),
        flag_moves.dismiss(flagged.core, person_id, flag_id, Reason.KNOWN_CAUSE),
        flag_moves.agree_over(flagged.core, person_id, flag_id),
        flag_moves.not_over(flagged.core, person_id, flag_id),
    ):
        assert outcome.verdict is FlagVerdict.GONE
    assert card(flagged.core, person_id, flag_id) is None
    assert plays_shown(flagged.core, person_id, flag_id) == ()
    assert flag_moves.acknowledge(flagged.core, AUTHOR, 999).verdict is FlagVerdict.GONE


def test_another_admin_may_take_it_over_but_not_act_for_its_owner(flagged: House) -> None:
    flag_id = take_up(flagged)
    assert flag_moves.start_play(flagged.core, ADMIN, flag_id, "fewer-and-shorter").verdict is FlagVerdict.NOT_YOURS
    assert flag_moves.dismiss(flagged.core, ADMIN, flag_id, "known_cause").verdict is FlagVerdict.NOT_YOURS
    assert flag_moves.assign(flagged.core, ADMIN, flag_id, ADMIN).verdict is FlagVerdict.DONE
    assert Act.START in flag_of(flagged, ADMIN).acts
    assert flag_moves.start_play(flagged.core, AUTHOR, flag_id, "fewer-and-shorter").verdict is FlagVerdict.NOT_YOURS


def test_it_is_passed_on_only_to_somebody_who_may_see_it_and_hears_of_it(house: House) -> None:
    review_barriers(house.core)
    for person_id in BILLING[:5]:
        record_barrier(house.core, person_id, "", BarrierKind.MANAGER_DISCOURAGES)
    house.clock.now = utc(PERIOD_CLOSED)
    review_barriers(house.core)
    flag_id = flag_of(house).flag_id
    assert flag_moves.assign(house.core, AUTHOR, flag_id, BOSS).verdict is FlagVerdict.CANNOT_SEE, "she leads the team"
    assert flag_moves.assign(house.core, AUTHOR, flag_id, "U0NOBODY").verdict is FlagVerdict.UNREACHABLE
    assert flag_of(house).owner_id == AUTHOR
    assert flag_moves.assign(house.core, AUTHOR, flag_id, BERLIN[0]).verdict is FlagVerdict.DONE
    assert "notice.flag_yours" in told(house)
    assert Act.TAKE in (card(house.core, BERLIN[0], flag_id) or flag_of(house)).acts, "an employee may own a flag"
    assert flag_moves.acknowledge(house.core, BERLIN[0], flag_id).verdict is FlagVerdict.DONE


def test_a_play_that_eases_spares_the_area_and_nobody_else(flagged: House) -> None:
    begin(flagged)
    with flagged.core.db.reading() as session:
        known = people.several(session, TEAM, [ANA, BERLIN[0]])
        assert is_eased(session, flagged.core, known[ANA])
        assert not is_eased(session, flagged.core, known[BERLIN[0]])
        flagged.clock.now = utc("2027-03-30 10:00")
        assert not is_eased(session, flagged.core, known[ANA]), "only for so long"


def test_a_play_that_sends_does_so_as_a_campaign_that_says_nothing_of_the_flag(house: House) -> None:
    review_barriers(house.core)
    for person_id in BILLING[:5]:
        record_barrier(house.core, person_id, "", BarrierKind.POLICY_WORRY)
    house.clock.now = utc(PERIOD_CLOSED)
    review_barriers(house.core)
    begin(house, "do-and-do-not")
    (campaign,) = house.rows(CampaignRow)
    assert "policy_worry" not in campaign.text
    assert "Billing Lisbon" not in campaign.text + campaign.company_text, "the whole department gets it"
    house.walk("2027-02-03 12:00")
    got = {row.person_id for row in house.rows(campaign_id=campaign.campaign_id, status=DeliveryStatus.SENT)}
    assert set(BILLING) < got


def test_dismissing_takes_a_reason_of_the_list_and_the_same_evidence_does_not_open_it_again(flagged: House) -> None:
    flag_id = flag_of(flagged).flag_id
    assert flag_moves.dismiss(flagged.core, AUTHOR, flag_id, "Ana is lazy").verdict is FlagVerdict.NO_SUCH
    assert flag_moves.dismiss(flagged.core, AUTHOR, flag_id, Reason.KNOWN_CAUSE).verdict is FlagVerdict.DONE
    for person_id in BILLING[:5]:
        record_barrier(flagged.core, person_id, "", BarrierKind.NO_TIME)
    flagged.clock.now = utc("2027-03-01 00:00")
    assert review_barriers(flagged.core).closed == 1
    assert [row.state for row in flagged.rows(FlagRow)] == ["dismissed"]


def test_nobody_taking_it_up_for_five_working_days_asks_the_next_who_may_see_it(flagged: House) -> None:
    flagged.clock.now = utc("2027-02-08 10:00")
    assert tend_flags(flagged.core).escalated == 0
    flagged.clock.now = utc("2027-02-09 10:00")
    assert tend_flags(flagged.core).escalated == 1
    assert flag_of(flagged).owner_id == ADMIN
    assert tend_flags(flagged.core).escalated == 0, "the next one has five days as well"
    flagged.clock.now = utc("2027-02-17 10:00")
    tend_flags(flagged.core)
    assert flag_of(flagged).owner_id == SECOND
    flagged.clock.now = utc("2027-03-17 10:00")
    assert tend_flags(flagged.core).escalated == 0, "everybody was asked"
    assert told(flagged).count("notice.flag_escalated") == 2


def test_twelve_weeks_without_an_end_have_not_helped_and_another_play_may_begin(flagged: House) -> None:
    flag_id = begin(flagged)
    flagged.clock.now = utc("2027-04-27 10:00")
    assert tend_flags(flagged.core).not_helped == 1
    shown = flag_of(flagged)
    assert (shown.state, shown.next.what) == ("not_resolved", NextThing.ANOTHER_PLAY)
    assert flag_moves.start_play(flagged.core, AUTHOR, flag_id, "one-thing-less").verdict is FlagVerdict.DONE


def test_an_owner_is_told_their_week_once_and_a_calm_week_not_at_all(flagged: House) -> None:
    assert tend_flags(flagged.core) == Tending(), "it was told in a message of its own"
    flagged.clock.now = utc("2027-02-04 10:00")
    assert tend_flags(flagged.core) == Tending(), "not a week ago"
    begin(flagged, "one-thing-less")
    flagged.clock.now = utc("2027-02-11 10:00")
    with flagged.core.db.reading() as session:
        week = digest_for(session, flagged.core, AUTHOR)
        assert digest_for(session, flagged.core, ADMIN) is None
    assert week is not None
    assert (week.due, week.late, week.moved) == (1, 0, 0)
    assert [tend_flags(flagged.core) for _ in range(2)] == [Tending(digests=1), Tending()]
    flagged.walk("2027-02-11 12:00")
    posted = [one for one in flagged.messenger.standing if one.message.flag_week]
    assert {one.person_id for one in posted} == {AUTHOR}
    assert [len(one.message.flag_week.cards) for one in posted if one.message.flag_week] == [1]


def test_a_forgotten_owner_leaves_the_history_without_their_name_and_it_is_shown_to_them_before(flagged: House) -> None:
    begin(flagged)
    with flagged.core.db.reading() as session:
        own = PARTS["flags"](Asked(session, flagged.core, AUTHOR, ""))
    assert [one["what"] for one in own] == ["opened", "acknowledged", "play_started"]
    forget(flagged.core, AUTHOR)
    assert not any(AUTHOR in (row.actor_id, row.about_id) for row in flagged.rows(FlagEventRow))
    assert tend_flags(flagged.core).escalated == 1, "a flag does not stay with nobody"
