"""Who there is: this module is the tests of reading the directory and the people file, whole or not at all."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from nudges.domain.people.people import Person, PersonKind
from nudges.errors import DirectoryError, ImportRefused
from nudges.services.keeping.forget_person import forget
from nudges.services.people.people_file import read_people
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store import people
from nudges.store.tables import PersonRow, WorkspaceRow
from tests.builders import a_person
from tests.fakes import utc
from tests.services.house import ANA, BILLING, House, a_text, everybody, people_csv

HEADER = "slack_id,department,place,team,manager\n"


def person(house: House, person_id: str = ANA) -> Person:
    with house.core.db.reading() as session:
        found = people.person(session, house.core.workspace_id, person_id)
    assert found is not None
    return found


# ---- the directory


def test_a_page_that_is_missing_stores_nothing(house: House) -> None:
    before, (here,) = house.rows(PersonRow), house.rows(WorkspaceRow)
    house.directory.replace(a_person("U0NEW"))
    house.directory.is_readable = False
    house.clock.advance(hours=6)
    with pytest.raises(DirectoryError):
        sync_people(house.core)
    assert house.rows(PersonRow) == before
    assert house.rows(WorkspaceRow)[0].synced_at == here.synced_at


def test_reading_the_same_directory_again_writes_no_person(house: House) -> None:
    before = house.rows(PersonRow)
    house.clock.advance(hours=6)
    report = sync_people(house.core)
    assert (report.people, report.sendable) == (29, 26)
    assert house.rows(PersonRow) == before


def test_the_columns_of_the_people_file_outlive_a_reading_of_slack(house: House) -> None:
    house.directory.everybody = [Person(one.person_id, zone=one.zone) for one in everybody()]
    sync_people(house.core)
    assert (person(house).team, person(house).first_name) == ("Billing Lisbon", "")


@pytest.mark.parametrize("is_listed", [True, False])
def test_somebody_deactivated_gets_nothing_more_and_loses_their_name(house: House, is_listed: bool) -> None:
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    house.directory.everybody = [one for one in everybody() if one.person_id != ANA]
    if is_listed:
        house.directory.replace(a_person(ANA, kind=PersonKind.DEACTIVATED))
    sync_people(house.core)
    house.at("2027-01-12 10:00")
    assert house.messenger.sent_to(ANA) == []
    assert (person(house).kind, person(house).first_name) == (PersonKind.DEACTIVATED, "")
    assert [row.reason for row in house.rows(person_id=ANA)] == ["not_sendable"]


def test_somebody_who_comes_back_is_meant_again(house: House) -> None:
    house.directory.replace(a_person(ANA, kind=PersonKind.DEACTIVATED))
    sync_people(house.core)
    house.directory.replace(a_person(ANA))
    sync_people(house.core)
    assert (person(house).kind, person(house).first_name) == (PersonKind.MEMBER, "Ana")


def test_a_forgotten_person_does_not_come_back_by_slack_or_by_file(house: House) -> None:
    forget(house.core, ANA)
    sync_people(house.core)
    import_people(house.core, people_csv(everybody()))
    assert house.rows(PersonRow, person_id=ANA) == []
    house.run(a_text(segments="billing"))
    house.walk("2027-01-13 10:00")
    assert house.messenger.sent_to(ANA) == []


def test_a_forgotten_manager_s_id_does_not_come_back_with_their_team(house: House) -> None:
    forget(house.core, "U0DIETER")
    import_people(house.core, people_csv(everybody()))
    managers = {row.manager_id for row in house.rows(PersonRow, place="Berlin")}
    assert len(managers) == 1
    assert "U0DIETER" not in managers


def test_a_new_zone_moves_what_waits_and_keeps_its_wall_time_and_validity(house: House) -> None:
    house.run(a_text(first_tip='{week: 1, day: tue, at: "16:00", valid_for: 3d, window: 2h}', segments="billing"))
    house.tick()
    before = house.delivery()
    house.directory.replace(a_person(ANA, zone="America/New_York"))
    assert sync_people(house.core).moved == 1
    moved = house.delivery()
    assert (moved.local_due, moved.zone) == ("2027-01-12T16:00", "America/New_York")
    assert moved.due_at == utc("2027-01-12 21:00")
    assert moved.fresh_until - moved.due_at == before.fresh_until - before.due_at
    assert moved.window_ends_at == utc("2027-01-12 22:00")  # the office closes at five
    house.directory.replace(a_person(ANA))
    sync_people(house.core)
    assert house.delivery() == before


def test_a_day_s_end_stays_the_day_s_end_when_the_zone_changes(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.tick()
    house.directory.replace(a_person(ANA, zone="Asia/Kolkata"))
    sync_people(house.core)
    assert house.delivery().fresh_until == utc("2027-01-12 18:30")


def test_a_move_does_not_touch_what_was_sent(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.walk("2027-01-12 12:00")
    before = house.delivery()
    house.directory.replace(a_person(ANA, zone="Asia/Kolkata"))
    assert sync_people(house.core).moved == 0
    assert house.delivery() == before


# ---- the people file


def test_the_file_replaces_its_columns_and_empties_those_of_absent_people(house: House) -> None:
    report = import_people(house.core, HEADER + f"{ANA},Sales,Porto,Sales Porto,U0TOP\n")
    assert (report.rows, report.unknown_ids) == (1, 0)
    assert (person(house).department, person(house).team, person(house).manager_id) == ("Sales", "Sales Porto", "U0TOP")
    assert person(house, BILLING[1]).department == ""


def test_columns_of_its_own_become_attributes(house: House) -> None:
    report = import_people(house.core, f"slack_id,department,shift\n{ANA},Sales, late \n")
    assert report.custom == ("shift",)
    assert person(house).attributes == {"shift": "late"}


def test_somebody_slack_has_not_listed_is_told_and_not_written_to(house: House) -> None:
    rows = [*everybody(), a_person("U0NOBODY")]
    assert import_people(house.core, people_csv(rows)).unknown_ids == 1
    house.run(a_text(segments="billing"))
    house.walk("2027-01-12 12:00")
    assert house.messenger.sent_to("U0NOBODY") == []
    house.directory.replace(a_person("U0NOBODY"))
    sync_people(house.core)
    assert person(house, "U0NOBODY").kind == PersonKind.MEMBER


@pytest.mark.parametrize("text", ["\ufeff{}", "{}\n\n", "\n".join("{}".splitlines())])
def test_what_spreadsheets_add_does_no_harm(house: House, text: str) -> None:
    body = HEADER + f'{ANA},"Sales, inside",Porto,"The ""A"" team",U0TOP\n'
    import_people(house.core, text.format(body))
    assert (person(house).department, person(house).team) == ("Sales, inside", 'The "A" team')


def test_semicolons_are_understood(house: House) -> None:
    import_people(house.core, f"slack_id;department;place\n{ANA};Sales, inside;Porto\n")
    assert (person(house).department, person(house).place) == ("Sales, inside", "Porto")


def test_people_and_managers_are_joined_by_address_and_no_address_is_stored(house: House) -> None:
    house.directory.emails = {"ana@example.com": ANA, "bob@example.com": "U0BOSS"}
    text = "Email,department,manager\nAna@Example.com,Sales,bob@example.com\n"
    import_people(house.core, text)
    assert (person(house).department, person(house).manager_id) == ("Sales", "U0BOSS")
    assert "@" not in str([row.model_dump() for row in house.rows(PersonRow)])


def test_an_address_helps_out_where_the_id_is_missing() -> None:
    text = f"slack_id,email,department\n{ANA},,Sales\n,ben@example.com,Sales\n"
    found, custom = read_people(text, lambda: {"ben@example.com": "U0BEN"})
    assert [one.person_id for one in found] == [ANA, "U0BEN"]
    assert custom == ()


def test_addresses_are_not_asked_for_without_need() -> None:
    def never() -> dict[str, str]:
        raise AssertionError("asked for addresses")

    read_people(HEADER + f"{ANA},Sales,Porto,,\n", never)


def test_every_fault_is_named_with_its_line_and_nothing_is_stored(house: House) -> None:
    before = house.rows(PersonRow)
    text = "slack_id,department,hours,working_days,manager,contact\n" + "\n".join(
        [
            f"{ANA},Sales,,,,",
            f"{ANA},Sales,,,,",
            ",Sales,,,,",
            "U0A,Sales,25:00-26:00,,,",
            "U0B,Sales,,someday,,",
            "U0C,Sales",
            "U0D,Sales,,,,,too many",
            "U0E,Sales,,,nobody@example.com,",
            "U0F,Sales,,,,f@example.com",
            "Ana Silva,Sales,,,,",
        ]
    )
    with pytest.raises(ImportRefused) as refused:
        import_people(house.core, text)
    told = str(refused.value).splitlines()
    assert [line.split(":")[0] for line in told[1:]] == [f"Line {number}" for number in range(3, 12)]
    wanted = ("twice", "nobody", "hours", "working_days", "fields", "fields", "manager", "contact", "slack_id")
    assert all(word in line for word, line in zip(wanted, told[1:], strict=True)), told
    assert house.rows(PersonRow) == before


def test_of_very_many_faults_the_first_are_shown_and_all_are_counted(house: House) -> None:
    with pytest.raises(ImportRefused, match="300 faults") as refused:
        import_people(house.core, HEADER + ",x,,,\n" * 300)
    assert len(str(refused.value).splitlines()) == 202


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "header"),
        ("name,department\nAna,Sales\n", "slack_id"),
        (HEADER, "nothing below it"),
        ("slack_id,department,department\nU1,a,b\n", "twice"),
        ('slack_id,department\nU1,"never closed\n', "CSV"),
    ],
)
def test_a_file_that_is_no_people_file_says_what_is_missing(house: House, text: str, said: str) -> None:
    with pytest.raises(ImportRefused, match=said):
        import_people(house.core, text)


def test_a_moved_person_s_audience_follows_the_file(house: House) -> None:
    house.run(a_text(segments="berlin"))
    assert len(house.rows()) == 0
    moved = [replace(one, place="Berlin") if one.person_id == ANA else one for one in everybody()]
    import_people(house.core, people_csv(moved))
    house.walk("2027-01-12 12:00")
    assert len(house.messenger.sent_to(ANA)) == 1


def test_a_long_people_file_is_written_a_part_at_a_time(house: House) -> None:
    newcomers = [a_person(f"U1{number:05d}", team="New") for number in range(1_200)]
    written: list[int] = []

    def note(_connection: object, _statement: object, many: list[object], *_: object) -> None:
        written.append(len(many))

    event.listen(house.core.db.writer, "before_execute", note)
    for team in ("New", "Newer"):
        import_people(house.core, people_csv([replace(one, team=team) for one in newcomers]))
    # PostgreSQL ends a write that computes for long between two statements.
    assert sum(written) >= 2_400
    assert max(written) <= 500
