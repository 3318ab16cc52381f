"""What people see of themselves: this module is the tests of `my data`, `why` and Home, without anybody else in it."""

from nudges.services.keeping.forget_person import forget
from nudges.services.own.glass_box import my_data, why
from nudges.services.own.own_home import home
from nudges.services.own.preferences import start, stop
from nudges.store.tables import Row
from tests.fakes import utc
from tests.services.data_map import documented
from tests.services.house import (
    ANA,
    AUTHOR,
    BERLIN,
    BILLING,
    TUESDAY_AT_TEN,
    House,
    a_text,
)
from tests.services.lived_in import hashed, leaves, plain, where

# Where a person's own view leaves a column out, why: it is the same for everybody, or it is what the row is found by.
NOT_ABOUT_THEM = {"workspace_id", "person_id", "person_hash", "reply_id", "audit_id", "campaign_id", "is_in_directory",
    "lot", "ask_id"}  # fmt: skip


# Tables that can hold a person and do not hold Ana in the house she has lived in: why, and where they are tried.
TRIED_ELSEWHERE = {
    "audit": "Ana runs nothing here; what an admin looked at is in tests/services/test_read_status.py",
    "flag_events": "she did nothing with flags: tests/services/test_flag_moves.py",
    "flags": "Ana owns none: test_an_owner_who_is_forgotten_leaves_the_flag_without_one",
    "forgotten": "she is not: test_after_forgetting_no_table_holds_the_person_but_the_tombstone",
    "group_members": "no rule names a group: tests/services/test_segment_facts.py",
    "message_changes": "nothing was corrected: tests/services/test_change_messages.py",
    "needs": "she decided nothing: tests/services/test_needs.py",
    "publications": "about groups; a manager stands in it only where a team has no name of its own",
    "stories": "tests/services/test_stories.py",
    "usage": "nothing was imported: tests/services/test_segment_facts.py",
    "weekly_counts": "about groups; a manager stands in it only where a team has no name of its own",
    "workshop_seats": "tests/services/test_kinds.py",
}


def test_my_data_shows_every_column_about_the_person(lived_in: House) -> None:
    shown = " ".join(leaves(my_data(lived_in.core, ANA)))
    mine = ("person_id", "person_hash", "actor_id")
    for name, table in Row.metadata.tables.items():
        keys = [column for column in mine if column in table.columns]
        for row in lived_in.rows(next(one for one in Row.__subclasses__() if one.__tablename__ == name)):
            if not any(getattr(row, key) in (ANA, hashed(lived_in)) for key in keys):
                continue
            for column in [one.key for one in table.columns]:
                value = getattr(row, column)
                if column in NOT_ABOUT_THEM or value in (None, "", {}, 0, False):
                    continue
                said = [str(one) for one in value.values()] if isinstance(value, dict) else [plain(value)]
                assert all(one in shown for one in said), f"{name}.{column} = {value!r} is not shown"


def test_a_table_that_can_hold_a_person_holds_ana_here_or_says_where_it_is_tried(lived_in: House) -> None:
    of_people = {
        name
        for name, rows in documented().items()
        if any(row[2] == "id" or row[0] in ("person_id", "person_hash", "actor_id") for row in rows)
    }
    lived = where(lived_in, ANA, hashed(lived_in))
    assert of_people - lived == set(TRIED_ELSEWHERE), (
        "let Ana live in it (lived_in.py): then it is shown, forgotten and pruned"
    )


def test_my_data_shows_nothing_of_another_person(lived_in: House) -> None:
    shown = " ".join(leaves(my_data(lived_in.core, ANA)))
    for other in (*BILLING[1:], *BERLIN):
        assert other not in shown
        assert hashed(lived_in, other) not in shown


def test_my_data_of_a_stranger_and_of_somebody_forgotten_is_all_but_empty(lived_in: House) -> None:
    assert not any(my_data(lived_in.core, "U0NEVER").values())
    forget(lived_in.core, ANA)
    assert [name for name, value in my_data(lived_in.core, ANA).items() if value] == ["forgotten"]


def test_why_names_the_rule_the_next_and_the_reason_of_the_last_skip(house: House) -> None:
    house.run(a_text(first_tip=TUESDAY_AT_TEN, later='{week: 2, day: tue, at: "10:00"}', segments="billing"))
    house.at("2027-01-12 09:00")
    stop(house.core, ANA)
    house.at("2027-01-13 09:00")
    start(house.core, ANA)
    house.at("2027-01-13 10:00")
    (line,) = why(house.core, ANA).lines
    assert (line.segment, line.last_skip) == ("billing", "stopped")
    assert line.next_at == utc("2027-01-19 10:00")
    assert why(house.core, AUTHOR).lines == ()


def test_home_shows_what_came_with_its_answer_and_what_is_next(lived_in: House) -> None:
    shown = home(lived_in.core, ANA)
    assert (shown.first_name, shown.sent_count, shown.next_at) == ("Ana", 2, None)
    assert [(line.kind, line.answer, line.was_right, line.feedback) for line in shown.sent] == [
        ("quiz", "A mail to the lead", False, ""),
        ("tip", "", None, "useful"),
    ]


def test_home_of_somebody_nobody_knows_is_empty_and_kind(house: House) -> None:
    shown = home(house.core, "U0NEVER")
    assert (shown.first_name, shown.sent, shown.next_at, shown.role) == ("", (), None, "employee")
