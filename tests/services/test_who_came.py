"""Who came to a workshop: the host is asked once, may correct it for two weeks, and their word counts."""

from nudges.domain.delivery.presence import Marking, Sheet
from nudges.domain.measuring.views import BandedShare
from nudges.services.answers.record_tap import record_tap
from nudges.services.delivery import who_came
from nudges.services.delivery.who_came import ask_who_came, place_of
from nudges.services.keeping.forget_person import forget
from nudges.services.measuring.results import results
from nudges.services.own.glass_box import my_data
from nudges.store.tables import DeliveryRow, WorkshopSeatRow
from nudges.store.workshops import Place
from tests.services.house import ADMIN, ANA, AUTHOR, BILLING, BOSS, House, a_text

WORKSHOP = """
  - workshop: together
    when: {week: 1, day: tue, at: "10:00"}
    title: Your first question, together
    text: Bring a question, leave with its answer.
    held: {week: 2, day: thu, at: "14:00", zone: Europe/Lisbon, lasts: 45m}
    place: Room 2.14, Lisbon
    seats: 20
"""
FOLLOWED = f"""{WORKSHOP}
  - tip: what-you-asked
    when: {{after: together, if: came, days: 4, at: "10:00"}}
    text: Here is what was asked there.
  - tip: what-you-missed
    when: {{after: together, if: missed, days: 4, at: "10:00"}}
    text: Here is what you would have seen there.
"""
BEN, CHO, OWNER = BILLING[1], BILLING[2], AUTHOR
OVER = "2027-01-21 15:00"


def seated(house: House, nudges: str = WORKSHOP, people: tuple[str, ...] = (ANA, BEN, CHO)) -> Place:
    """Give these people a seat, and return where the workshop is kept."""
    house.run(a_text("find-an-expert", nudges, segments="billing"))
    house.at("2027-01-12 09:00")
    house.at("2027-01-12 10:00")
    for one in people:
        record_tap(house.core, one, house.delivery("together", one).delivery_id, "coming")
    (place,) = {(row.campaign_id, row.nudge_key, row.session) for row in house.rows(WorkshopSeatRow)}
    return place_of(*place)


def mark(house: House, place: Place, *came: str, by: str = OWNER) -> Sheet:
    return who_came.mark(house.core, by, place, came=came, shown=(ANA, BEN, CHO))


def asked_hosts(house: House) -> list[str]:
    return [row.person_id for row in house.rows(DeliveryRow, campaign_id=0)]


def test_the_host_is_asked_once_when_it_is_over_and_within_their_hours(house: House) -> None:
    seated(house)
    house.at("2027-01-21 14:40")
    assert ask_who_came(house.core) == 0

    house.at("2027-01-21 21:00")
    ask_who_came(house.core)
    ask_who_came(house.core)

    assert asked_hosts(house) == [OWNER]
    house.walk("2027-01-22 12:00")
    (asked,) = house.rows(DeliveryRow, campaign_id=0)
    assert asked.sent_at is not None and f"{asked.sent_at:%m-%d}" == "01-22" and asked.sent_at.hour >= 8


def test_only_the_owner_and_admins_see_the_list_and_only_in_its_two_weeks(house: House) -> None:
    place = seated(house)

    assert who_came.sheet(house.core, OWNER, place).marking is Marking.TOO_EARLY
    house.at(OVER)
    assert set(who_came.sheet(house.core, OWNER, place).seated) == {ANA, BEN, CHO}
    assert set(who_came.sheet(house.core, ADMIN, place).seated) == {ANA, BEN, CHO}
    for other in (ANA, BOSS):
        found = who_came.sheet(house.core, other, place)
        assert found.marking is Marking.NOT_YOURS and not found.seated and not found.title
    house.at("2027-02-04 15:00")
    assert who_came.sheet(house.core, OWNER, place).marking is Marking.CLOSED
    assert mark(house, place, ANA).marking is Marking.CLOSED
    assert {row.host_word for row in house.rows(WorkshopSeatRow)} == {""}


def test_the_hosts_word_counts_over_ones_own_and_ones_data_say_so(house: House) -> None:
    place = seated(house)
    house.walk("2027-01-22 12:00")
    record_tap(house.core, ANA, house.delivery("together.attendance", ANA).delivery_id, "missed")

    assert mark(house, place, ANA, BEN).came == 2
    assert mark(house, place, ANA).came == 1

    (kept,) = my_data(house.core, ANA)["workshops"]
    assert (kept["you_said"], kept["the_host_said"], kept["counts"]) == ("missed", "came", "came")
    assert my_data(house.core, BEN)["workshops"][0]["counts"] == "missed"
    looks = [line for line in my_data(house.core, OWNER)["looked_at"] if line["what"] == "who_came"]
    assert len(looks) == 2


def test_whom_the_host_marked_is_not_asked_and_gets_only_what_follows_for_them(house: House) -> None:
    place = seated(house, FOLLOWED)
    house.at(OVER)
    mark(house, place, ANA)

    house.walk("2027-01-27 12:00")

    assert house.states("together.attendance") == {"skipped:not_taken_up": len(BILLING)}
    assert house.states("what-you-asked")["sent"] == 1 and house.delivery("what-you-asked", ANA).sent_at is not None
    assert house.states("what-you-missed")["sent"] == 2 and house.delivery("what-you-missed", ANA).sent_at is None
    assert f"{house.delivery('what-you-asked', ANA).sent_at:%m-%d %H:%M}" == "01-25 10:00"
    assert house.books().is_balanced


def test_what_somebody_said_themselves_brings_what_follows_while_the_host_is_silent(house: House) -> None:
    seated(house, FOLLOWED)
    house.walk("2027-01-22 12:00")
    record_tap(house.core, BEN, house.delivery("together.attendance", BEN).delivery_id, "came")

    house.walk("2027-01-27 12:00")

    assert house.states("what-you-asked")["sent"] == 1 and house.delivery("what-you-asked", BEN).sent_at is not None
    assert "sent" not in house.states("what-you-missed")


def test_results_tell_who_came_as_bands_once_nothing_can_be_corrected(house: House) -> None:
    house.run(a_text("find-an-expert", WORKSHOP.replace("seats: 20", "seats: 40")))
    house.walk("2027-01-13 05:00")
    everybody = [row.person_id for row in house.rows(nudge_key="together", status="sent")]
    for one in everybody:
        record_tap(house.core, one, house.delivery("together", one).delivery_id, "coming")
    house.at(OVER)
    (place,) = {place_of(row.campaign_id, row.nudge_key, row.session) for row in house.rows(WorkshopSeatRow)}
    who_came.mark(house.core, OWNER, place, came=everybody[:6], shown=everybody)

    def told() -> dict[str, BandedShare]:
        found = results(house.core, AUTHOR, "find-an-expert").nudges
        (nudge,) = [one for one in found if one.key == "together.attendance"]
        return {figure.side: figure.share for figure in nudge.choices if not figure.group}

    assert told() == {}
    house.at("2027-02-06 10:00")
    assert told()["came"] == BandedShare("20-30 %", "20-49")


def test_who_is_forgotten_leaves_no_word_and_nobody_is_told_of_a_seat_in_the_past(house: House) -> None:
    place = seated(house)
    house.at(OVER)
    mark(house, place, ANA, BEN)

    forget(house.core, ANA)

    assert set(who_came.sheet(house.core, OWNER, place).seated) == {BEN, CHO}
    assert asked_hosts(house) in ([], [OWNER])
    assert mark(house, place, ANA, BEN).came == 1


def test_who_waited_in_line_does_not_get_the_seat_of_somebody_forgotten_afterwards(house: House) -> None:
    place = seated(house, WORKSHOP.replace("seats: 20", "seats: 2"))
    house.at(OVER)

    forget(house.core, ANA)

    assert set(who_came.sheet(house.core, OWNER, place).seated) == {BEN}
