"""The forecast against the services: this module lives through random small companies twice and compares every fate.

`NUDGER_SOAK=1` tries many more.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from nudges.domain.forecasts.reactions import Reaction, ReactionKind
from nudges.domain.people.people import Person
from nudges.domain.people.topics import TopicWish
from nudges.services.authoring.publish import publish
from nudges.services.own.preferences import fewer, set_hours, set_topics
from nudges.services.people.sync_people import import_people, sync_people
from tests.builders import a_person
from tests.fakes import utc
from tests.places import PLACES
from tests.services.house import AUTHOR, COMPANY, HEAD, House, people_csv, visit
from tests.services.living import Life, fates_of, foreseen

EXAMPLES = 300 if os.environ.get("NUDGER_SOAK") else 12 if PLACES.is_sqlite else 5
OLD, NEW = "old-one", "new-one"
# Holidays in reach: Carnival and Easter in Portugal, Good Friday in Bavaria, none elsewhere in those weeks.
FIRST = utc("2027-03-05 09:00")
PEOPLE = (
    a_person("U0ANA", team="Red"),
    a_person("U0BEA", team="Red", zone="Europe/Berlin", country="DE"),
    a_person("U0CAL", team="Blue", zone="America/Los_Angeles", country="US"),
    a_person("U0DEV", team="Blue", zone="Asia/Kolkata", country="IN"),
    a_person("U0EVE", team="", manager_id="", zone="Pacific/Kiritimati", country=""),
    a_person("U0FAY", team="", manager_id="", zone="Pacific/Pago_Pago", country=""),
    a_person("U0GUS", team="", manager_id="", zone="", country="AE", place="Dubai"),
)
IDS = tuple(person.person_id for person in PEOPLE)
HOURS = {"U0BEA": "10:00-14:00", "U0DEV": "12:00-20:00"}
DAYS = {"U0CAL": "mon wed", "U0GUS": "sun-thu"}
CONDITIONS = ("right", "wrong", "unanswered", "unanswered", "useful", "not_for_me", "mail")
QUESTION = """    question: Where do you ask?
    choices:
      - {key: line, text: In the channel, right: true, reply: Yes.}
      - {key: mail, text: By mail, reply: It works too.}
"""
TIMES = ("08:00", "09:00", "10:00", "13:30", "16:55", "19:00")


@st.composite
def whens(draw: st.DrawFn, before: list[str]) -> str:
    parts = []
    if before and draw(st.booleans()):
        parts = [f"after: {draw(st.sampled_from(before))}", f"days: {draw(st.sampled_from([0, 1, 2, 6, 7, 9]))}"]
        if draw(st.booleans()):
            parts.append(f'at: "{draw(st.sampled_from(TIMES))}"')
        if draw(st.booleans()):
            parts[1] = f"days: {draw(st.sampled_from([1, 2, 3, 9]))}"
            parts.append(f"if: {draw(st.sampled_from(CONDITIONS))}")
    else:
        day = draw(st.sampled_from(["mon", "tue", "wed", "fri", "sun"]))
        parts = [f"week: {draw(st.integers(1, 3))}", f"day: {day}", f'at: "{draw(st.sampled_from(TIMES))}"']
    if draw(st.booleans()):
        parts.append(f"window: {draw(st.sampled_from(['30m', '4h']))}")
    if draw(st.booleans()):
        parts.append(f"valid_for: {draw(st.sampled_from(['1h', '1d', '3d', '8d']))}")
    return "{" + ", ".join(parts) + "}"


@st.composite
def playbooks(draw: st.DrawFn, name: str) -> str:
    keys: list[str] = []
    nudges = []
    for number in range(draw(st.integers(1, 4))):
        key = f"{name[:3]}-{number}"
        priority = draw(st.sampled_from([5, 5, 5, 2, 8]))
        when = draw(whens(keys))
        is_quiz = number == 0 or draw(st.booleans())
        kind, body = ("quiz", QUESTION) if is_quiz else ("tip", "    text: Ask *#ask-billing*.\n")
        nudges.append(f"  - {kind}: {key}\n    when: {when}\n    priority: {priority}\n{body}")
        keys.append(key)
    more = [f"holdout: {draw(st.sampled_from(['0%', '0%', '40%']))}"]
    more.append(f"newcomers: {draw(st.sampled_from(['from_now', 'from_start', 'skip']))}")
    if draw(st.booleans()):
        more.append(f"topics: [{draw(st.sampled_from(['files', 'mail']))}]")
    if draw(st.sampled_from([False, False, True])):
        more.append(f"ends_on: {FIRST.date() + timedelta(days=draw(st.integers(14, 24)))}")
    return HEAD.format(name=name, segments="customer-service", more="\n".join(more)) + "".join(nudges)


@st.composite
def reactions(draw: st.DrawFn, name: str) -> tuple[Reaction, ...]:
    kinds = st.sampled_from([ReactionKind.USEFUL, ReactionKind.BARRIER, ReactionKind.PAUSE, ReactionKind.STOP,
                             ReactionKind.START, ReactionKind.NOT_FOR_ME, *[ReactionKind.ANSWER] * 3])  # fmt: skip
    values = {ReactionKind.BARRIER: "no_time", ReactionKind.PAUSE: ""}
    found = []
    for line in range(draw(st.integers(0, 8))):
        kind = draw(kinds)
        value = str(draw(st.sampled_from([1, 3, 9, 30]))) if kind == ReactionKind.PAUSE else values.get(kind, "")
        if kind == ReactionKind.ANSWER:
            value = draw(st.sampled_from(["line", "mail"]))
        after = draw(st.sampled_from([5, 120, 1445, 3000, 9000]))
        nudge = f"{name[:3]}-{draw(st.integers(0, 2))}"
        who = draw(st.sampled_from(IDS))
        found.append(Reaction(who, name, nudge, kind, timedelta(minutes=after), value, line))
    return tuple(found)


@st.composite
def wishes(draw: st.DrawFn) -> dict[str, tuple[str, str, bool]]:
    """Give what some people wish: topics, hours of their own, and whether they want fewer."""
    hours = st.sampled_from(["", "13:00-15:00", "10:00-12:00 mon wed", "18:00-20:00", "09:00-11:00 sat"])
    one = st.tuples(st.sampled_from(["", "not files", "only mail"]), hours, st.booleans())
    return draw(st.dictionaries(st.sampled_from(IDS), one, max_size=3))


def _wish(house: House, wished: dict[str, tuple[str, str, bool]]) -> None:
    for person_id, (topics, hours, is_fewer) in wished.items():
        set_topics(house.core, person_id, TopicWish.decode(topics))
        if hours:
            set_hours(house.core, person_id, hours)
        if is_fewer:
            fewer(house.core, person_id)


@contextmanager
def a_company(furnished: Path, caps: tuple[int, int]) -> Iterator[House]:
    with tempfile.TemporaryDirectory() as scratch, visit(furnished, Path(scratch) / "house", FIRST) as house:
        house.core = replace(house.core, posts_per_second=0.25)
        company = COMPANY.replace("{day: 1, week: 3}", f"{{day: {caps[0]}, week: {caps[1]}}}")
        house.write(company.replace("{PT: none, DE: none, IN: none, US: none}", "{DE: DE-BY}"), "company")
        house.directory.everybody = list(PEOPLE)
        sync_people(house.core)
        import_people(house.core, _file(PEOPLE))
        yield house


def _join(house: House, person: Person) -> None:
    house.directory.everybody = [*PEOPLE, person]
    sync_people(house.core)
    import_people(house.core, _file([*PEOPLE, person]))


def _file(people: Sequence[Person]) -> str:
    lines = people_csv(people).splitlines()
    kept = [lines[0] + ",hours,working_days"]
    kept += [f"{line},{HOURS.get(line[:5], '')},{DAYS.get(line[:5], '')}" for line in lines[1:]]
    return "\n".join(kept)


@given(
    old=playbooks(OLD),
    new=playbooks(NEW),
    script=st.tuples(reactions(OLD), reactions(NEW)),
    caps=st.sampled_from([(1, 3), (1, 1), (2, 4), (1, 2)]),
    head_start=st.integers(0, 12),
    wished=wishes(),
)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes a second, so shrinking would take minutes
    derandomize=not os.environ.get("NUDGER_SOAK"),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_foreseen_is_what_the_services_do(
    furnished_house: Path,
    old: str,
    new: str,
    script: tuple[tuple[Reaction, ...], tuple[Reaction, ...]],
    caps: tuple[int, int],
    head_start: int,
    wished: dict[str, tuple[str, str, bool]],
) -> None:
    both = (*script[0], *(replace(one, line=one.line + 100) for one in script[1]))
    with a_company(furnished_house, caps) as house:
        house.write(new, NEW)
        house.write(old, OLD)
        assume(not house.core.library().broken)  # an order that contradicts itself is the checker's business
        house.run(old, OLD)
        Life(house, script[0], gap=timedelta(seconds=4)).until(FIRST + timedelta(days=head_start))
        house.clock.now = max(house.clock.now, FIRST + timedelta(days=head_start))
        _wish(house, wished)
        _join(house, a_person("U0LATE", team="Red"))
        until = house.clock.now + timedelta(days=45)
        outlook = foreseen(house, NEW, both, until)
        publish(house.core, NEW, AUTHOR)
        life = Life(house, both, gap=timedelta(seconds=4))
        life.until(until)
        wanted, told = life.fates(), fates_of(outlook)
        differing = {key for key in wanted | told if wanted.get(key) != told.get(key)}
        stories = {key: outlook.stories[key[2]] for key in sorted(differing)[:1]}
        assert not differing, f"{[(key, wanted.get(key), told.get(key)) for key in sorted(differing)]} {stories}"
