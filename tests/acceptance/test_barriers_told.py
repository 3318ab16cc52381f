"""What stands in the way, from the form to the flag: this module counts four and five people of a team."""

import pytest

from tests.acceptance.acting import Someone, shown
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import TRANSPORTS, RunningApp, wait_until
from tests.acceptance.small_company import (
    ADMIN,
    AUTHOR,
    BILLING,
    BILLING_LEAD,
    CHIEF,
    ORDERS,
    PERIOD_CLOSED,
    TUESDAY_NOON,
)

TIP = "Stuck on a billing question"
KIND, KIND_IN_WORDS = "manager_discourages", "People above me would rather I didn't"
OWN_REMEDY = "Ask Dana to post her own question in the channel"


def report(app: RunningApp, people: tuple[str, ...]) -> None:
    for person in people:
        assert "Thank you for saying so" in Someone(app, person).reports(KIND, "She sighs when I do", under=TIP)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_five_of_one_team_raise_a_flag_when_the_weeks_close_and_four_of_another_do_not(
    start: StartApp, transport: str
) -> None:
    app = start(transport=transport, nudger_admins=f"{BILLING_LEAD},{CHIEF}")
    app.publish("find-an-expert")
    app.walk_to(TUESDAY_NOON)
    report(app, BILLING[:5] + ORDERS[:4])
    author = Someone(app, AUTHOR)
    assert "No group has an open flag" in author.asks("barriers"), "nothing is decided at a click"

    app.walk_to(PERIOD_CLOSED)

    told = author.sees("Something is in the way")
    for words in ("Billing Lisbon", "5-9", KIND_IN_WORDS, OWN_REMEDY):
        assert words in told
    listed = author.asks("barriers")
    for words in ("Billing Lisbon", "5-9 people", KIND_IN_WORDS, OWN_REMEDY, f"<@{AUTHOR}>"):
        assert words in listed
    assert "Billing Lisbon" in Someone(app, ADMIN).asks("barriers")
    nobody_leads_to(app)


def nobody_leads_to(app: RunningApp) -> None:
    """The manager hears nothing, though an admin; nor does anybody of the four. Above two teams it may be seen."""
    assert "No group has an open flag" in Someone(app, BILLING_LEAD).asks("barriers")
    assert "Something is in the way" not in "".join(map(shown, Someone(app, BILLING_LEAD).got()))
    assert "Billing Lisbon" in Someone(app, CHIEF).asks("barriers")
    everything = "".join(str(asked.args) for asked in app.slack.asked) + str(app.slack.responses)
    assert "sighs" not in everything, "words are shown to nobody"
    for person in (ADMIN, AUTHOR):
        said = "".join(map(shown, Someone(app, person).messages()))
        assert "Orders Porto" not in said
        assert not any(reporter in said for reporter in BILLING + ORDERS)


def test_four_of_a_team_are_nothing_anywhere(start: StartApp) -> None:
    app = start(nudger_admins=BILLING_LEAD)
    app.publish("find-an-expert")
    app.walk_to(TUESDAY_NOON)
    report(app, BILLING[:4])
    app.walk_to(PERIOD_CLOSED)
    for person in (ADMIN, AUTHOR, BILLING_LEAD):
        assert "No group has an open flag" in Someone(app, person).asks("barriers")
        assert "Something is in the way" not in "".join(map(shown, Someone(app, person).got()))
    assert "Billing Lisbon" not in Someone(app, ADMIN).asks("status")


def test_without_a_nudge_the_companys_own_remedy_is_proposed_and_late_words_count_in_the_next_weeks(
    start: StartApp,
) -> None:
    app = start()
    for person in BILLING[:4]:
        Someone(app, person).reports(KIND)
    app.walk_to(PERIOD_CLOSED)
    assert "No group has an open flag" in Someone(app, AUTHOR).asks("barriers")
    for person in BILLING[:5]:
        Someone(app, person).reports(KIND)
    app.walk_to(PERIOD_CLOSED.replace(month=4, day=26))
    assert "Send every manager the one-page kit" in Someone(app, AUTHOR).sees("Something is in the way")
    wait_until(lambda: "Billing Lisbon" in Someone(app, AUTHOR).asks("barriers"))
