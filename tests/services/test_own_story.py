"""A storyteller's own story: this module tests that Home does not promise what will not be sent."""

from nudges.services.own.own_home import home
from tests.services.house import ANA, BERLIN, House, a_text

STORY = """
  - story: solved
    when: {week: 1, day: tue, at: "10:00"}
    by: {name: Ana, team: Billing Lisbon}
    text: I asked, and somebody knew.
"""
TIP = """
  - tip: next-tip
    when: {week: 1, day: wed, at: "10:00"}
    text: Ask in the channel.
"""


def test_home_passes_over_the_persons_own_story(house: House) -> None:
    house.run(a_text("find-an-expert", STORY, TIP))
    house.at("2027-01-12 08:00")
    hers, theirs = home(house.core, ANA), home(house.core, BERLIN[0])
    assert hers.next_nudge is not None and hers.next_nudge.kind == "tip"
    assert hers.next_at is not None and hers.next_at.day == 13
    assert theirs.next_nudge is not None and theirs.next_nudge.kind == "story"
