"""What a forecast has to know: this module lives through one case after another, foreseen first and then for real."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from nudges.domain.forecasts.reactions import Reaction, ReactionKind
from nudges.services.authoring.publish import publish
from nudges.services.delivery.steer import pause_campaigns
from tests.fakes import utc
from tests.services.house import ADMIN, ANA, AUTHOR, BERLIN, BILLING, COMPANY, House, a_quiz_text, a_text, everybody
from tests.services.living import Life, fates_of, foreseen

pytestmark = pytest.mark.once

NAME = "find-an-expert"
MEANT = 21
END = utc("2027-02-26 12:00")


def lived(house: House, text: str, *script: Reaction, name: str = NAME) -> Counter[str]:
    """Publish and live on; assert that it was foreseen, and return how often each nudge had which fate."""
    house.write(text, name)
    told = fates_of(foreseen(house, name, script, END))
    publish(house.core, name, AUTHOR)
    life = Life(house, script, gap=timedelta(seconds=1))
    life.until(END)
    real = life.fates()
    assert {key: fate for key, fate in told.items() if real.get(key) != fate} == {}
    assert told.keys() == real.keys()
    return Counter(f"{key[1]} {status}{':' if reason else ''}{reason}" for key, (status, reason, _) in real.items())


def react(kind: ReactionKind, nudge: str, *, value: str = "", days: int = 0, who: str = ANA) -> Reaction:
    return Reaction(who, NAME, nudge, kind, timedelta(days=days, minutes=15), value)


def everybody_finds_it_useful(nudge: str, people: Sequence[str]) -> list[Reaction]:
    return [react(ReactionKind.USEFUL, nudge, who=person_id) for person_id in people]


def test_two_campaigns_that_want_the_same_day(house: House) -> None:
    house.write(COMPANY.replace("week: 3", "week: 2"), "company")
    house.run(a_text("other", other_tip='{week: 1, day: tue, at: "09:00", valid_for: 2d}'), "other")
    found = lived(house, a_text(first_tip='{week: 1, day: tue, at: "10:00"}', later='{week: 1, day: wed, at: "10:00"}'))
    assert found["other-tip sent"] == found["later sent"] == MEANT
    assert found["first-tip skipped:cap_day"] == MEANT


def test_three_unanswered_in_a_row_and_one_who_answers(house: House) -> None:
    tips = {f"tip_{week}": f'{{week: {week}, day: tue, at: "10:00"}}' for week in (1, 2, 3)}
    text = a_text(**tips, tip_4='{week: 3, day: fri, at: "10:00"}')
    found = lived(house, text, react(ReactionKind.TRY_IT, "tip-2"))
    assert found["tip-4 sent"] == 1
    assert found["tip-4 skipped:backed_off"] == MEANT - 1


def test_an_answer_that_is_no_choice_counts_for_nothing(house: House) -> None:
    nudges = [a_quiz_text(f"quiz-{week}", f'{{week: {week}, day: tue, at: "10:00"}}') for week in (1, 2, 3)]
    text = a_text(NAME, *nudges, a_quiz_text("quiz-4", '{week: 3, day: fri, at: "10:00"}'))
    wrong = react(ReactionKind.ANSWER, "quiz-2", value="telepathy")
    right = react(ReactionKind.ANSWER, "quiz-2", value="mail", who=BERLIN[0])
    assert lived(house, text, wrong, right)["quiz-4 sent"] == 1


def test_follow_ups_by_answer(house: House) -> None:
    after = "{{after: asked, if: {condition}, days: {days}}}"
    days = {"wrong": 2, "mail": 3, "right": 2, "unanswered": 2}
    tips = {f"after_{name}": after.format(condition=name, days=count) for name, count in days.items()}
    asked = a_quiz_text("asked", '{week: 1, day: tue, at: "10:00"}')
    wrong, late, at_last = ANA, BERLIN[0], BERLIN[1]
    script = [
        react(ReactionKind.ANSWER, "asked", value="mail", who=wrong),
        Reaction(late, NAME, "asked", ReactionKind.ANSWER, timedelta(hours=40), "mail"),
        Reaction(at_last, NAME, "asked", ReactionKind.ANSWER, timedelta(hours=36), "mail"),
        react(ReactionKind.ANSWER, "asked", value="channel", who=BERLIN[2]),
        react(ReactionKind.ANSWER, "asked", value="mail", days=1, who=BERLIN[2]),
    ]
    found = lived(house, a_text(NAME, asked, **tips), *script)
    assert (found["after-wrong sent"], found["after-mail sent"], found["after-right sent"]) == (2, 3, 1)
    assert found["after-unanswered sent"] == MEANT - 4
    assert found["after-unanswered skipped:other_answer"] == 4, "three answered in time, one before it was posted"


def test_a_pause_a_stop_and_a_start(house: House) -> None:
    text = a_text(**{f"tip_{week}": f'{{week: {week}, day: tue, at: "10:00"}}' for week in (1, 2, 3, 4)})
    script = [
        react(ReactionKind.PAUSE, "tip-1", value="10"),
        react(ReactionKind.STOP, "tip-1", who=BERLIN[0]),
        react(ReactionKind.STOP, "tip-1", who=BERLIN[1]),
        react(ReactionKind.START, "tip-1", days=9, who=BERLIN[1]),
    ]
    found = lived(house, text, *script)
    assert found["tip-2 sent"] == MEANT - 2  # one of them on the day after the pause
    assert found["tip-2 skipped:stopped"] == 2
    assert found["tip-3 skipped:stopped"] == 1


@pytest.mark.parametrize("days", [0, 3, 7, 12])
def test_what_follows_another_nudge(house: House, days: int) -> None:
    text = a_text(first='{week: 1, day: tue, at: "10:00"}', second=f'{{after: first, days: {days}, at: "15:00"}}',
                  third="{after: second, days: 1}")  # fmt: skip
    found = lived(house, text, react(ReactionKind.STOP, "first"))
    assert found["third skipped:prerequisite"] == (MEANT if days == 0 else 1)  # one a day


def test_holidays_move_a_nudge_within_its_week(house: House) -> None:
    house.write(COMPANY.replace("DE: none", "DE: DE-BY").replace("US: none", "US: auto"), "company")
    house.clock.now = utc("2026-12-31 09:00")
    found = lived(house, a_text(first='{week: 1, day: wed, at: "10:00"}', second='{week: 1, day: sun, at: "10:00"}'))
    assert found["first sent"] == MEANT
    assert found["second skipped:no_working_day"] == MEANT


def test_a_holdout_and_a_last_day(house: House) -> None:
    text = a_text(more="holdout: 40%\nends_on: 2027-01-22", first='{week: 1, day: tue, at: "10:00"}',
                  second='{week: 3, day: tue, at: "10:00"}')  # fmt: skip
    found = lived(house, text)
    assert 0 < found["first skipped:holdout"] < MEANT
    assert found["second skipped:campaign_ended"] == found["first sent"]


def test_a_campaign_that_rests_sends_nothing_and_takes_no_slot(house: House) -> None:
    house.run(a_text("other", other_tip='{week: 1, day: tue, at: "09:00"}'), "other")
    pause_campaigns(house.core, ADMIN, "other")
    assert lived(house, a_text())["first-tip sent"] == MEANT


PILOT = "  pilot: {segment: berlin, answers: 5, useful: 60%, then: automatic, stop_when: {not_for_me: 50%}}"


def a_pilot() -> str:
    tips = {f"tip_{week}": f'{{week: {week}, day: tue, at: "10:00"}}' for week in (1, 2, 3)}
    text = a_text(**tips, segments="customer-service")
    return text.replace(
        "audience: {segments: [customer-service]}", f"audience:\n  segments: [customer-service]\n{PILOT}"
    )


def in_pilot(house: House) -> str:
    company = COMPANY.replace(
        "berlin: {place: Berlin}", "berlin: {all: [{segment: customer-service}, {place: Berlin}]}"
    )
    house.write(company, "company")
    return a_pilot()


def test_a_pilot_that_goes_well_lets_the_rest_follow(house: House) -> None:
    found = lived(house, in_pilot(house), *everybody_finds_it_useful("tip-1", BERLIN[:6]))
    assert found["tip-1 sent"] == MEANT


def test_a_pilot_that_nobody_answers_keeps_the_rest_waiting(house: House) -> None:
    assert lived(house, in_pilot(house))["tip-1 sent"] == len(BERLIN)


def test_a_pilot_that_people_dislike_is_halted(house: House) -> None:
    script = [react(ReactionKind.NOT_FOR_ME, "tip-1", who=person_id) for person_id in BERLIN[:6]]
    found = lived(house, in_pilot(house), *script)
    assert found["tip-1 sent"] == len(BERLIN)
    assert found["tip-2 expired:stale"] + found["tip-2 sent"] <= len(BERLIN)
    assert found["tip-3 sent"] == 0


def test_somebody_watched_has_a_story_from_planning_to_reacting(house: House) -> None:
    house.write(a_text())
    outlook = foreseen(house, NAME, [react(ReactionKind.USEFUL, "first-tip")], END)
    assert [line.event.value for line in outlook.stories[ANA]] == ["planned", "sent", "reacted"]
    assert set(outlook.stories) == {person.person_id for person in everybody()}


def test_nobody_is_sent_their_own_story(house: House) -> None:
    when = '{week: 1, day: tue, at: "10:00"}'
    story = f"\n  - story: solved\n    when: {when}\n    by: {{name: Ana, team: Billing Lisbon}}\n    text: I asked."
    found = lived(house, a_text(NAME, story))
    namesakes = len(BILLING)  # all of that team have the same first name
    assert found["solved skipped:own_story"] == namesakes
    assert found["solved sent"] == MEANT - namesakes
