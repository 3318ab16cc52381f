"""Usage from files: this module is the tests of taking it over, of segments over it, and of forgetting it."""

from datetime import date, timedelta

import pytest

from nudges.errors import ImportRefused
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.prune_history import prune_history
from nudges.services.measuring.read_status import segment_people
from nudges.services.own.glass_box import my_data
from nudges.services.people.import_usage import import_usage
from nudges.services.people.sync_people import sync_people
from nudges.store.tables import GroupMemberRow, UsageRow
from tests.services.house import ANA, AUTHOR, BILLING, House

pytestmark = pytest.mark.once


# ---- usage


def usage_of(*people: str, week: str = "2027-W01", days: int = 3, tool: str = "wiki") -> str:
    return "week,slack_id,active_days,tool\n" + "".join(f"{week},{one},{days},{tool}\n" for one in people)


def test_usage_is_taken_over_once_and_a_week_given_again_is_replaced(ruled: House) -> None:
    told: list[tuple[int, int]] = []
    for _ in range(2):
        report = import_usage(ruled.core, usage_of(*BILLING), lambda done, total: told.append((done, total)))
    assert (report.rows, report.people, report.first_on, report.tools) == (9, 9, date(2027, 1, 4), ("wiki",))
    assert told == [(9, 9), (9, 9)]
    import_usage(ruled.core, usage_of(ANA, days=7))
    assert {row.active_days for row in ruled.rows(UsageRow, person_id=ANA)} == {7}
    assert len(ruled.rows(UsageRow)) == 9


def test_addresses_are_joined_in_memory_and_never_stored(ruled: House) -> None:
    ruled.directory.emails = {"ana@example.com": ANA}
    import_usage(ruled.core, "week;person;active_days\n2027-01-04;Ana@Example.com;2\n")
    (row,) = ruled.rows(UsageRow)
    assert (row.person_id, row.week_on, row.tool) == (ANA, date(2027, 1, 4), "")


def test_strangers_and_old_weeks_are_left_out_and_counted(ruled: House) -> None:
    report = import_usage(ruled.core, usage_of(ANA, "U0NOBODY") + f"2026-W01,{ANA},1,wiki\n")
    assert (report.rows, report.strangers, report.too_old) == (1, 1, 1)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"week,slack_id,active_days\n2027-01-05,{ANA},1\n", 2, "2027-01-05 is no Monday; its week is 2027-01-04"),
        (f"week,slack_id,active_days\n2027-W01,{ANA},1\n2026-W60,{ANA},1\n", 3, "2026-W60 is no week"),
        (f"week,slack_id,active_days\n2027-W30,{ANA},1\n", 2, "has not begun"),
        (f"week,slack_id,active_days\n2027-W01,{ANA},8\n", 2, "active_days is 8"),
        (f"week,slack_id,active_days\n2027-W01,{ANA},1\n2027-01-04,{ANA},2\n", 3, "stands twice"),
        ("week,email,active_days\n2027-W01,nobody@example.com,1\n", 2, "nobody in Slack has this address"),
        ("week,slack_id,active_days\n2027-W01,,1\n", 2, "nobody is named"),
        (f"week,slack_id,active_days\n2027-W01,{ANA}\n", 2, "number of fields"),
        (f"week,slack_id,days\n2027-W01,{ANA},1\n", 1, "no column days"),
        (f"slack_id,active_days\n{ANA},1\n", 1, "needs a column week"),
        ("week,active_days\n2027-W01,1\n", 1, "slack_id"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_taken(ruled: House, text: str, line: int, words: str) -> None:
    import_usage(ruled.core, usage_of(BILLING[1]))
    with pytest.raises(ImportRefused, match=f"Line {line}: .*{words}"):
        import_usage(ruled.core, text)
    assert [row.person_id for row in ruled.rows(UsageRow)] == [BILLING[1]]


def test_every_faulty_line_is_listed_at_once(ruled: House) -> None:
    with pytest.raises(ImportRefused, match=r"3 faults(.|\n)*Line 2(.|\n)*Line 3(.|\n)*Line 5"):
        import_usage(
            ruled.core, f"week,slack_id,active_days\nx,{ANA},1\n2027-W01,{ANA},y\n2027-W01,{ANA},1\nz,{ANA},1\n"
        )


def test_a_segment_over_usage_is_banded_and_says_when_nothing_was_imported(ruled: House) -> None:
    (note,) = segment_people(ruled.core, AUTHOR, "users").notes
    assert "No usage was imported yet" in note
    import_usage(ruled.core, usage_of(*BILLING))
    shown = segment_people(ruled.core, AUTHOR, "users")
    assert (shown.band, shown.sample, shown.notes) == ("5-9", (), ())


def test_usage_and_groups_are_one_s_own_to_see_and_to_erase(ruled: House) -> None:
    import_usage(ruled.core, usage_of(ANA))
    sync_people(ruled.core)
    stored = my_data(ruled.core, ANA)
    assert stored["used"] == [{"week": date(2027, 1, 4), "tool": "wiki", "days": 3}]
    assert stored["in_groups"] == [{"group": "C0BILLING"}, {"group": "S0EXPERTS"}]
    forget(ruled.core, ANA)
    assert ruled.rows(UsageRow, person_id=ANA) == ruled.rows(GroupMemberRow, person_id=ANA) == []


def test_usage_is_forgotten_after_half_a_year(ruled: House) -> None:
    import_usage(ruled.core, usage_of(ANA) + f"2026-W53,{BILLING[1]},1,wiki\n")
    ruled.clock.now += timedelta(days=174)
    assert prune_history(ruled.core).usage == 1
    assert [row.person_id for row in ruled.rows(UsageRow)] == [ANA]
