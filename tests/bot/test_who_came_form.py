"""The host's form after a workshop: within Slack's limits, and read back as it was ticked."""

import json
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.blocks.attendance import SHOWN_MOST, PlaceValue, came_form, shown_on
from bot.texts import has_text
from nudges.domain.delivery.presence import Marking, Presence, Sheet, closes_at
from nudges.services.authoring.publish import publish
from nudges.services.authoring.shelf import Shelf
from nudges.services.delivery.who_came import place_of
from nudges.store import campaigns, workshops
from tests.bot.limits import faults
from tests.bot.office import ADMIN, ANA, AUTHOR, BEN, TEAM, Office
from tests.services.house import a_text

ENDED = datetime(2027, 1, 21, 15, tzinfo=UTC)
PLACE = PlaceValue(3, "together", "2027-01-11")
WORKSHOP = """
  - workshop: together
    when: {week: 1, day: tue, at: "10:00"}
    title: Your first question, together
    text: Bring a question, leave with its answer.
    held: {on: 2027-01-21, at: "14:00", zone: Europe/Lisbon}
    place: Room 2.14
    seats: 5
"""


def a_sheet(people: int, marking: Marking = Marking.OPEN) -> Sheet:
    said = {f"U0P{number:04}": Presence(own="came" if number % 3 == 0 else "") for number in range(people)}
    return Sheet(marking, "Your first question, together", ENDED, closes_at(ENDED), said)


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.parametrize("people", [1, 10, 11, SHOWN_MOST, SHOWN_MOST + 40])
def test_the_form_keeps_slacks_limits_however_many_had_a_seat(people: int, language: str) -> None:
    view = came_form(a_sheet(people), PLACE, "Europe/Lisbon", language).to_dict()

    assert faults("modal", view) == []
    listed = [option["value"] for block in view["blocks"] for option in block.get("element", {}).get("options", [])]
    assert tuple(listed) == shown_on(a_sheet(people)) and len(json.dumps(view)) < 250_000


def test_who_says_that_they_were_there_is_ticked_already_and_the_host_is_told_first_who_sees_it() -> None:
    view = came_form(a_sheet(4), PLACE, "Europe/Lisbon").to_dict()

    assert "Who sees this" in view["blocks"][0]["text"]["text"].split("\n")[0]
    assert [one["value"] for one in view["blocks"][1]["element"]["initial_options"]] == ["U0P0000", "U0P0003"]


@pytest.mark.parametrize("marking", [one for one in Marking if one is not Marking.OPEN])
def test_without_a_list_it_is_said_why(marking: Marking) -> None:
    view = came_form(a_sheet(0, marking), PLACE, "Europe/Lisbon").to_dict()

    assert faults("modal", view) == [] and "submit" not in view
    assert has_text(f"came.{marking}")


@pytest.mark.parametrize("value", ["", "x", "3:together", "3:to gether:dated", "3:together:tomorrow", "-1:a:dated"])
def test_a_place_that_is_not_ours_is_read_as_nothing(value: str) -> None:
    assert PlaceValue.decode(value) is None
    assert PlaceValue.decode(PLACE.encode()) == PLACE


def test_a_tick_in_slack_becomes_the_hosts_word_and_nobody_elses(office: Office) -> None:
    place = held(office)

    def sent(by: str) -> str:
        ticked = {"came.0": {"came.0": {"selected_options": [{"value": ANA}, {"value": "U0STRANGER"}]}}}
        return str(office.submit(by, "came_form", metadata=place.encode(), values=ticked).body)

    assert "Only the owner" in sent(BEN)
    assert "1 of 2 came" in sent(AUTHOR)
    office.click(ADMIN, "who_came", place.encode())

    (opened,) = office.called("views.open")
    assert [one["value"] for one in opened["view"]["blocks"][1]["element"]["initial_options"]] == [ANA]


def held(office: Office) -> PlaceValue:
    """Publish a workshop, give two people a seat, and let it be over."""
    shelf = cast(Shelf, office.core.library)
    (shelf.folder / "together.yaml").write_text(a_text("together", WORKSHOP), "utf-8")
    shelf.refresh()
    publish(office.core, "together", AUTHOR)
    with office.core.db.begin() as session:
        campaign = campaigns.by_name(session, TEAM, "together")
        assert campaign is not None
        place = PlaceValue(campaign.campaign_id, "together", "dated")
        for one in (ANA, BEN):
            kept = place_of(place.campaign_id, place.nudge_key, place.session)
            workshops.take(session, TEAM, kept, one, seats=5, now=office.clock[0])
    office.clock[0] = ENDED + timedelta(hours=1)
    return place
