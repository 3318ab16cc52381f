"""Who does not want to be disturbed: this module tests the asking of Slack, on the sandbox's engine."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.sandbox.in_process import InProcessClient
from bot.sandbox.workspace import BOT_SCOPES, BOT_TOKEN, Slack
from bot.slack_api.quiet import GAP_S, KNOWN_S, SlackQuiet
from tests.sandbox.helpers import a_user, call, called

WITH_DND = BOT_SCOPES | {"dnd:read"}
HOUR = timedelta(hours=1)


class Steady:
    """Seconds that pass when told to."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def a_slack(scopes: Iterable[str] = WITH_DND) -> Slack:
    return Slack(people=[a_user("U0ANA"), a_user("U0BEN")], tokens={BOT_TOKEN: scopes})


def a_quiet(slack: Slack) -> tuple[SlackQuiet, Steady]:
    steady = Steady()
    return SlackQuiet(InProcessClient(slack), steady=steady), steady


def calls_of(slack: Slack, method: str) -> int:
    return sum(one.what == method for one in slack.calls.after(0))


def now_of(slack: Slack) -> datetime:
    return datetime.fromtimestamp(slack.clock.now(), UTC)


def test_who_rests_is_known_until_the_rest_is_over() -> None:
    slack = a_slack()
    slack.do.rest("U0ANA", 3)
    quiet, _ = a_quiet(slack)
    quiet.look(["U0ANA", "U0BEN", "U0NOBODY"])
    now = now_of(slack)
    until = quiet.until("U0ANA", now)
    assert until is not None and abs(until - now - 3 * HOUR) < timedelta(minutes=1)
    assert quiet.until("U0ANA", now + 4 * HOUR) is None
    assert quiet.until("U0BEN", now) is None


def test_what_is_known_is_not_asked_again_for_ten_minutes() -> None:
    slack = a_slack()
    quiet, steady = a_quiet(slack)
    for _ in range(3):
        quiet.look(["U0ANA"])
        steady.now += GAP_S
    assert calls_of(slack, "dnd.teamInfo") == 1
    steady.now += KNOWN_S
    quiet.look(["U0ANA"])
    assert calls_of(slack, "dnd.teamInfo") == 2


def test_without_the_scope_nothing_is_asked_and_nobody_rests() -> None:
    slack = a_slack(BOT_SCOPES)
    slack.do.rest("U0ANA", 3)
    quiet, steady = a_quiet(slack)
    for _ in range(5):
        quiet.look(["U0ANA"])
        steady.now += GAP_S
    assert calls_of(slack, "dnd.teamInfo") == 0
    assert calls_of(slack, "auth.test") == 1
    assert quiet.until("U0ANA", now_of(slack)) is None


def test_a_slack_that_does_not_answer_holds_nobody_back() -> None:
    quiet = SlackQuiet(InProcessClient(a_slack(), token="xoxb-wrong"), steady=Steady())
    quiet.look(["U0ANA"])
    assert quiet.until("U0ANA", datetime.now(UTC)) is None


def test_the_sandbox_tells_one_persons_times_and_refuses_without_the_scope() -> None:
    slack = a_slack()
    slack.do.rest("U0ANA", 1)
    assert called(slack, "dnd.info", user="U0ANA")["dnd_enabled"] is True
    assert called(slack, "dnd.info", user="U0BEN")["next_dnd_end_ts"] == 1
    assert call(slack, "dnd.info", user="U0NOBODY")["error"] == "user_not_found"
    assert call(a_slack(BOT_SCOPES), "dnd.teamInfo", users="U0ANA")["error"] == "missing_scope"
