"""Signs of life: who leads, and who is missing."""

from datetime import timedelta

from bot.work.beats import DEAD_AFTER, Beats
from nudges.store import processes
from nudges.store.engine import Database
from nudges.store.processes import Part
from tests.work.desks import Desks, wait_until

RECENT = timedelta(minutes=2)


def test_the_oldest_living_clock_leads_and_the_next_takes_over(database: Database, desks: Desks) -> None:
    first, second = Beats(database, Part.CLOCK), Beats(database, Part.CLOCK)
    first.start()
    second.start()
    assert (first.leads(), second.leads()) == (True, False)

    first.stop()
    assert second.leads()
    second.stop()


def test_a_clock_that_is_not_seen_any_more_leads_no_longer(database: Database, desks: Desks) -> None:
    with database.begin() as session:
        processes.begin(session, Part.CLOCK, "elsewhere:1")  # and never a word again
    second = Beats(database, Part.CLOCK)
    second.start()
    assert not second.leads()

    desks.run_sql("UPDATE processes SET seen_at = seen_at - :long WHERE place = 'elsewhere:1'", long=DEAD_AFTER)

    assert second.leads()
    second.stop()


def test_a_process_that_was_forgotten_comes_back(database: Database, desks: Desks) -> None:
    beats = Beats(database, Part.WORKER)
    beats.start()
    desks.run_sql("DELETE FROM processes")

    def is_back() -> bool:
        with database.reading() as session:
            return processes.parts_seen(session, RECENT) == {Part.WORKER}

    wait_until(is_back)
    beats.stop()


def test_a_part_that_is_missing_is_named_and_one_process_for_everything_is_enough(database: Database) -> None:
    with database.begin() as session:
        processes.begin(session, Part.WEB, "here:1")
        processes.begin(session, Part.CLOCK, "here:2")
        assert processes.missing(processes.parts_seen(session, RECENT)) == (Part.WORKER,)
        processes.begin(session, Part.RUN, "here:3")
        assert processes.missing(processes.parts_seen(session, RECENT)) == ()
