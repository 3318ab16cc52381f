"""What colleagues tell: this module is the tests that a story goes as far as its author says and no further."""

from collections.abc import Iterable

import pytest

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.stories.stories import Consent, DeclineReason, StoryState, Told
from nudges.domain.stories.story_views import Decided, Telling, WaitingStory
from nudges.errors import NotAllowed, StoryGone, StoryRefused
from nudges.scheduler import JOBS, run_job
from nudges.services.delivery import steer
from nudges.services.delivery.change_messages import change_due
from nudges.services.keeping.forget_person import forget
from nudges.services.own import glass_box
from nudges.services.stories import review_stories, tell_story
from nudges.services.stories.tend_stories import tend_stories
from nudges.store.campaigns import CampaignStatus
from nudges.store.tables import (
    AuditRow,
    CampaignRow,
    CampaignVersionRow,
    NoticeRow,
    ResponseRow,
    Row,
    StoryRow,
)
from tests.services.house import ADMIN, ANA, AUTHOR, BERLIN, BILLING, House

WORDS = "A refund nobody could explain. I asked in the channel and had the answer before my tea was cold."
BEN = BILLING[1]


def tell(house: House, words: str = WORDS, consent: Consent = Consent.INSIDE, who: str = ANA, form: str = "V1") -> str:
    assert tell_story.tell(house.core, who, Told(words, consent), form_id=form) is Telling.TOLD
    return tell_story.own_stories(house.core, who)[0].story_id


def waiting(house: House) -> WaitingStory:
    (found,) = review_stories.waiting(house.core, AUTHOR)
    return found


def approve(house: House, words: str = WORDS) -> str:
    one = waiting(house)
    return review_stories.approve(house.core, AUTHOR, one.story_id, one.revision, words).campaign


def on_record(house: House, text: str) -> Iterable[str]:
    """Give the tables in which this text stands."""
    for table in Row.metadata.sorted_tables:
        with house.core.db.reading() as session:
            if text in str(session.execute(table.select()).all()):
                yield table.name


def test_a_story_goes_to_peers_in_other_teams_and_says_who_tells_it(house: House) -> None:
    tell(house)
    name = approve(house)
    house.walk("2027-01-12 18:00")
    got = {one.person_id for one in house.messenger.standing if one.message.body.startswith("A refund")}
    assert set(BERLIN) <= got
    assert not got & set(BILLING)
    message = next(one.message for one in house.messenger.standing if one.person_id == BERLIN[0])
    assert message.by == "Ana, Billing Lisbon"
    assert house.books(name).is_balanced


def test_words_that_comms_changed_go_nowhere_before_the_author_says_yes(house: House) -> None:
    story_id = tell(house)
    one = waiting(house)
    done = review_stories.approve(house.core, AUTHOR, one.story_id, one.revision, "Shorter words.")
    assert done.decided is Decided.ASKED
    assert not house.rows(CampaignRow)
    (own,) = tell_story.own_stories(house.core, ANA)
    assert (own.words, own.edited, own.state) == (WORDS, "Shorter words.", StoryState.ASKED)
    assert tell_story.agree(house.core, BEN, story_id, own.digest) is Telling.GONE
    assert tell_story.agree(house.core, ANA, story_id, "0" * 16) is Telling.GONE
    assert tell_story.agree(house.core, ANA, story_id, own.digest) is Telling.AGREED
    assert "Shorter words." in house.rows(CampaignRow)[0].text


def test_an_author_who_says_no_keeps_their_own_words(house: House) -> None:
    story_id = tell(house)
    approve(house, "Not at all what was told.")
    (own,) = tell_story.own_stories(house.core, ANA)
    assert tell_story.keep_own_words(house.core, ANA, story_id, own.digest) is Telling.OWN_WORDS
    assert (waiting(house).edited, waiting(house).state) == ("", StoryState.OWN_WORDS)


@pytest.mark.parametrize("consent", [Consent.ANONYMOUS, Consent.PRIVATE])
def test_of_a_story_without_a_name_nothing_leads_to_its_author_but_a_hash(house: House, consent: Consent) -> None:
    tell(house, consent=consent, who=BERLIN[0])
    run_job(house.core, next(job for job in JOBS if job.name == "tend_stories"))
    (row,) = house.rows(StoryRow)
    assert BERLIN[0] not in str(row)
    assert (row.author_name, row.manager_id, row.playbook) == ("", "", "")
    assert not house.rows(ResponseRow)
    assert [one.consent for one in tell_story.own_stories(house.core, BERLIN[0])] == [consent]


def test_an_anonymous_story_is_told_by_a_colleague_and_names_a_large_team_only(house: House) -> None:
    tell(house, consent=Consent.ANONYMOUS)
    approve(house)
    text = house.rows(CampaignRow)[0].text
    assert "Ana" not in text.replace("A colleague", "")
    assert '"team": "Billing Lisbon"' in text  # nine people
    assert not [row for row in house.rows(NoticeRow) if row.text_key.startswith("notice.story_")]


def test_what_is_for_its_author_alone_waits_for_nobody(house: House) -> None:
    story_id = tell(house, consent=Consent.PRIVATE)
    assert review_stories.waiting(house.core, AUTHOR) == ()
    with pytest.raises(StoryGone):
        review_stories.open_story(house.core, AUTHOR, story_id)


def test_a_story_that_is_taken_back_stops_and_its_words_are_nowhere(house: House) -> None:
    story_id = tell(house)
    name = approve(house)
    house.at("2027-01-11 10:00")  # planned, and some of them sent
    sent = [one for one in house.messenger.standing if one.message.body == WORDS]
    assert sent
    assert tell_story.withdraw(house.core, BEN, story_id) is Telling.GONE
    assert tell_story.withdraw(house.core, ANA, story_id) is Telling.WITHDRAWN
    change_due(house.core, limit=20)
    house.walk("2027-01-14 18:00")
    assert not [one for one in house.messenger.standing if one.message.body == WORDS]
    assert list(on_record(house, "before my tea")) == []
    assert {row.status for row in house.rows(CampaignRow, name=name)} == {CampaignStatus.ENDED}
    assert house.books(name).is_balanced


def test_forgetting_the_author_takes_their_stories_back(house: House) -> None:
    tell(house)
    approve(house)
    house.at("2027-01-11 10:00")
    forget(house.core, ANA)
    assert not house.rows(StoryRow)
    assert list(on_record(house, "before my tea")) == []
    assert '"Ana' not in house.rows(CampaignVersionRow)[0].text
    assert tell_story.tell(house.core, ANA, Told(WORDS, Consent.INSIDE), form_id="V2") is Telling.GONE


def test_a_shared_story_that_is_changed_is_taken_back_and_waits_anew(house: House) -> None:
    story_id = tell(house)
    approve(house)
    assert tell_story.change(house.core, ANA, story_id, Told(WORDS, Consent.ANONYMOUS)) is Telling.CHANGED
    assert house.rows(CampaignRow)[0].status == CampaignStatus.ENDED
    assert (waiting(house).author_id, waiting(house).state) == ("", StoryState.WAITING)
    assert approve(house).endswith("-2")


def test_only_authors_and_admins_see_what_waits_and_every_look_is_noted(house: House) -> None:
    story_id = tell(house)
    for who in (ANA, BEN, ""):
        with pytest.raises(NotAllowed):
            review_stories.waiting(house.core, who)
        with pytest.raises(NotAllowed):
            review_stories.open_story(house.core, who, story_id)
        with pytest.raises(NotAllowed):
            review_stories.approve(house.core, who, story_id, 1, WORDS)
    review_stories.waiting(house.core, ADMIN)
    review_stories.open_story(house.core, AUTHOR, story_id)
    assert [(row.actor_id, row.action) for row in house.rows(AuditRow)] == [(ADMIN, "stories"), (AUTHOR, "story")]


def test_nobody_decides_upon_their_own_story_or_on_what_they_did_not_see(house: House) -> None:
    story_id = tell(house, who=AUTHOR)
    assert waiting(house).is_own
    with pytest.raises(StoryRefused):
        review_stories.approve(house.core, AUTHOR, story_id, 1, WORDS)
    tell_story.change(house.core, AUTHOR, story_id, Told("Other words.", Consent.INSIDE))
    with pytest.raises(StoryGone):
        review_stories.approve(house.core, ADMIN, story_id, 1, WORDS)


def test_the_author_hears_of_a_no_with_its_reason_once(house: House) -> None:
    tell(house)
    one = waiting(house)
    review_stories.decline(house.core, AUTHOR, one.story_id, one.revision, DeclineReason.TOO_CLOSE)
    house.send()
    (told,) = [one for one in house.messenger.standing if one.person_id == ANA]
    assert told.message.notice_key == "notice.story_declined_too_close"
    assert WORDS not in str(house.rows(NoticeRow)[0].values)
    assert review_stories.waiting(house.core, AUTHOR) == ()


def test_the_author_hears_once_how_many_were_reached_as_a_range(house: House) -> None:
    tell(house)
    approve(house)
    house.walk("2027-01-22 18:00")
    told = [one.message for one in house.messenger.standing if one.message.notice_key == "notice.story_reached"]
    assert [dict(one.notice_values)["count"] for one in told] == ["10-19"]


def test_too_few_peers_are_never_singled_out(house: House) -> None:
    tell(house, who="U0UNKNOWN")  # in no people file
    one = waiting(house)
    with pytest.raises(StoryRefused, match="Fewer than 5"):
        review_stories.approve(house.core, AUTHOR, one.story_id, one.revision, WORDS)
    assert waiting(house).state is StoryState.WAITING


def test_pausing_holds_a_story_like_any_campaign(house: House) -> None:
    tell(house)
    name = approve(house)
    steer.pause_campaigns(house.core, AUTHOR, name)
    house.walk("2027-01-12 18:00")
    assert not house.rows(status=DeliveryStatus.SENT, nudge_key="told")


def test_what_nobody_decides_upon_is_erased_in_time(house: House) -> None:
    tell(house)
    house.clock.advance(days=60)
    assert tend_stories(house.core).erased == 0
    house.clock.advance(days=1)
    assert tend_stories(house.core).erased == 1
    assert not house.rows(StoryRow)


def test_the_same_form_counts_once_and_five_may_wait(house: House) -> None:
    tell(house)
    tell(house)
    assert len(house.rows(StoryRow)) == 1
    for number in range(2, 6):
        tell(house, form=f"V{number}")
    told = Told(WORDS, Consent.INSIDE)
    assert tell_story.tell(house.core, ANA, told, form_id="V6") is Telling.TOO_MANY


def test_my_data_shows_a_persons_own_stories_and_nobody_elses(house: House) -> None:
    tell(house, consent=Consent.ANONYMOUS)
    assert [one["words"] for one in glass_box.my_data(house.core, ANA)["stories"]] == [WORDS]
    assert glass_box.my_data(house.core, BEN)["stories"] == []


@pytest.mark.parametrize(
    "words", ["<!channel> *now* {first_name} `x` <https://a.example|b> _y_ ~z~", '"quoted": [x] # y', "a\u2028b"]
)
def test_what_somebody_typed_never_becomes_markup(house: House, words: str) -> None:
    tell(house, words)
    approve(house, words)
    house.walk("2027-01-12 18:00")
    body = next(one.message.body for one in house.messenger.standing if one.person_id == BERLIN[0])
    assert not set("<>{}*`~") & set(body)
