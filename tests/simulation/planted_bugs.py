"""Faults put into the app on purpose: this module is the table of what the simulation must catch, and by which rule.

Each is a small patch of one function. A green run means little where one of these would be green too.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.simulation.bugs import posting, rules, words
from tests.simulation.world.plan import Act

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Bug:
    """One planted fault: what is broken, the rules that may object first, the seed that finds it, and the patch."""

    name: str
    rules: tuple[str, ...]
    patch: Patch
    seed: int = 0
    more: tuple[Act, ...] = ()  # what there is much of in its world
    size: int = 18  # of its world


DAYS = 8  # of the world that each is looked for in
BUGS = (
    Bug("blind retry", ("never twice", "caps kept"), posting.blind_retry, seed=1, more=(Act.STORM,)),
    Bug("mark before post", ("nothing lost", "books balance"), posting.mark_before_post, seed=2),
    Bug("no unique key", ("never twice", "books balance", "caps kept"), posting.no_unique_key),
    Bug("no rest before looking up", ("never twice", "caps kept"), posting.no_rest, seed=2, more=(Act.STORM,)),
    Bug("unknown is resent blindly", ("never twice", "caps kept"), posting.resend_unknown, seed=1, more=(Act.STORM,)),
    Bug("looks back a minute", ("never twice", "caps kept"), posting.looks_back_a_minute, seed=1, more=(Act.STORM,)),
    Bug("looks until now", ("never twice", "caps kept"), posting.looks_until_now, more=(Act.STORM,)),
    Bug("a crash means unsent", ("never twice", "caps kept"), posting.crash_means_unsent, seed=11, more=(Act.CRASH,)),
    Bug("lease ignored", ("final in 48 hours", "nothing lost"), posting.lease_ignored, seed=1, more=(Act.CRASH,)),
    Bug(
        "unknown without a time",
        ("final in 48 hours", "few unknown"),
        posting.unknown_without_a_time,
        seed=1,
        more=(Act.STORM,),
    ),
    Bug("no hours at posting", ("in hours",), rules.no_hours, seed=1),
    Bug("no holidays", ("in hours",), rules.no_holidays, seed=0),
    Bug("sent too early", ("in time",), rules.too_early, seed=1),
    Bug("no caps", ("caps kept",), rules.no_caps, seed=2),
    Bug("catch-ups pile up", ("caps kept",), rules.catch_up_pile, seed=1, more=(Act.SLEEP, Act.PUBLISH), size=60),
    Bug("stop ignored", ("a no is heeded",), rules.stop_ignored, seed=2, more=(Act.STOP,)),
    Bug("pause ignored", ("a no is heeded",), rules.pause_ignored, more=(Act.PAUSE,)),
    Bug("forgotten person comes back", ("a no is heeded",), rules.forgotten_comes_back, more=(Act.FORGET, Act.TELL)),
    Bug("no freshness", ("in time",), rules.no_freshness, seed=1, more=(Act.SLEEP,)),
    Bug("no comparison group", ("in the audience",), rules.no_holdout),
    Bug("no pilot", ("in the audience",), rules.no_pilot),
    Bug("audience of yesterday", ("in the audience",), rules.audience_of_yesterday, more=(Act.MOVE, Act.TELL)),
    Bug("paused campaign is sent", ("nothing held",), rules.paused_campaign_sent, seed=0, more=(Act.PAUSE_CAMPAIGN,)),
    Bug("hold ignored", ("nothing held",), rules.hold_ignored, more=(Act.HOLD,)),
    Bug("any clock believed", ("nothing held", "nothing lost"), rules.any_clock_believed, seed=13, more=(Act.LEAP,)),
    Bug("recall forgets what waits", ("nothing held",), rules.recall_forgets_what_waits, more=(Act.RECALL,)),
    Bug("text of today", ("one version",), words.text_of_today, seed=2, more=(Act.EDIT,)),
    Bug("zones not followed", ("times derived",), words.zones_not_followed, seed=1, more=(Act.TRAVEL, Act.TELL)),
    Bug("window too long", ("times derived",), words.window_too_long),
    Bug("reason dropped", ("books balance",), words.reason_dropped, seed=1, more=(Act.STOP,)),
    Bug("dropped on a limit", ("nothing lost",), words.dropped_on_a_limit, seed=0, more=(Act.STORM,)),
    Bug("claims without end", ("few unknown",), words.claims_without_end, seed=1, more=(Act.SLEEP,), size=150),
    Bug("words in the log", ("quiet logs",), words.words_in_the_log, more=(Act.REPLY,)),
    Bug("token in the log", ("quiet logs",), words.token_in_the_log, seed=1, more=(Act.STORM,)),
    Bug("no escaping", ("one piece",), words.no_escaping, seed=1),
    Bug("long plain text", ("one piece",), words.long_plain_text, seed=8),
    Bug("events count twice", ("answers count once",), words.events_count_twice, more=(Act.REPLY,)),
    Bug("a job that breaks", ("nothing breaks",), words.a_job_that_breaks, seed=1, more=(Act.STORM,)),
)
