"""Behaviour and groups from end to end: this module is the tests of what segments ask for beside the file."""

import re
from pathlib import Path

import pytest

from nudges.domain.checks.findings import Code
from nudges.domain.delivery.responses import Feedback
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.errors import DirectoryError, GroupUnreadable, PlaybookRefused
from nudges.services.answers.record_response import record_answer, record_barrier, record_feedback
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.authoring.publish import publish
from nudges.services.keeping.forget_person import forget
from nudges.services.measuring.read_status import health, segment_people
from nudges.services.own.glass_box import why
from nudges.services.people import known_people
from nudges.services.people.known_people import known_person
from nudges.services.people.sync_people import sync_people
from nudges.store import groups
from nudges.store.tables import AudienceRow, AuditRow, GroupMemberRow
from tests.builders import a_person
from tests.services.house import ANA, AUTHOR, BERLIN, BILLING, COMPANY, TUESDAY_AT_TEN, House, a_quiz_text, a_text
from tests.services.ruling import RULES

pytestmark = pytest.mark.once


def asks_rules(path: Path) -> bool:
    """Return whether a module asks rules about people that it reads by itself."""
    text = path.read_text("utf-8")
    asks = re.search(r"\b(first_segment|in_segment|in_audience|in_pilot|matches|count_segment)\(", text)
    return bool(asks and re.search(r"\bpeople\.(everybody|several|person)\(", text))


def test_whoever_asks_rules_of_stored_people_reads_what_the_rules_ask_for() -> None:
    paths = Path(known_people.__file__).parent.parent.rglob("*.py")
    asking = [path for path in paths if asks_rules(path)]
    # Deliveries are decided for members, whom the database has told already; its `audience_of` is given its people.
    unfurnished = {path.name for path in asking if "known_p" not in path.read_text("utf-8")}
    assert asking and unfurnished <= {"plan_deliveries.py"}


# ---- behaviour


def test_a_segment_over_answers_shows_a_band_and_nobody(answered: House) -> None:
    shown = segment_people(answered.core, AUTHOR, "spoke")
    assert (shown.is_guarded, shown.band, shown.count, shown.by_place, shown.sample) == (True, "5-9", 0, (), ())
    assert "has answered find-an-expert/first-tip" in shown.rule
    assert [(row.action, row.subject) for row in answered.rows(AuditRow)][-1] == ("people", "spoke")


def test_nobody_is_said_to_have_left_open_what_came_less_than_a_day_ago(answered: House) -> None:
    assert segment_people(answered.core, AUTHOR, "silent").band == ""
    answered.clock.advance(days=2)
    assert segment_people(answered.core, AUTHOR, "silent").band == "10-19"


def test_known_people_around_one_person_do_not_give_that_person_away(answered: House) -> None:
    before = segment_people(answered.core, AUTHOR, "trap")
    record_feedback(answered.core, "U0BOSS", answered.delivery("first-tip").delivery_id, Feedback.USEFUL)
    after = segment_people(answered.core, AUTHOR, "trap")
    assert before.band == after.band == ""


def test_an_audience_follows_what_people_did(answered: House) -> None:
    answered.clock.advance(days=2)
    answered.run(a_text("follow-up", segments="silent"), "follow-up")
    inside = {row.person_id for row in answered.rows(AudienceRow, segment="silent") if row.left_at is None}
    assert not inside & set(BILLING[:6])
    assert {BILLING[6], BERLIN[0]} <= inside
    record_feedback(answered.core, BERLIN[0], answered.delivery("first-tip", BERLIN[0]).delivery_id, Feedback.USEFUL)
    sync_people(answered.core)
    (row,) = answered.rows(AudienceRow, segment="silent", person_id=BERLIN[0])
    assert row.left_at is not None


def test_a_campaign_whose_size_would_tell_what_one_person_did_is_refused(answered: House) -> None:
    answered.write(a_text("follow-up", segments="trap"), "follow-up")
    with pytest.raises(PlaybookRefused, match="too few"):
        publish(answered.core, "follow-up", AUTHOR)


def test_a_quiz_below_a_share_is_over_ones_own_answers(ruled: House) -> None:
    ruled.run(a_text("find-an-expert", a_quiz_text("quiz")))
    ruled.walk("2027-01-12 23:00")
    for number, person_id in enumerate(BILLING):
        choice = "mail" if number < 6 else "channel"
        record_answer(ruled.core, person_id, ruled.delivery("quiz", person_id).delivery_id, choice)
    assert segment_people(ruled.core, AUTHOR, "unsure").band == "5-9"


def test_one_s_own_why_names_a_segment_over_behaviour(answered: House) -> None:
    answered.clock.advance(days=2)
    answered.run(a_text("follow-up", segments="silent"), "follow-up")
    assert [line.segment for line in why(answered.core, BILLING[7]).lines][-1] == "silent"
    assert "silent" not in [line.segment for line in why(answered.core, ANA).lines]


def test_a_person_is_read_with_the_facts_that_rules_ask_for(answered: House) -> None:
    record_barrier(
        answered.core, BILLING[8], answered.delivery("first-tip", BILLING[8]).delivery_id, BarrierKind.NO_TIME
    )
    with answered.core.db.reading() as session:
        person = known_person(session, answered.core, answered.core.company(), ANA)
        reporter = known_person(session, answered.core, answered.core.company(), BILLING[8])
    assert person is not None
    assert person.known.answered == {"find-an-expert", "find-an-expert/first-tip"}
    assert reporter is not None
    assert reporter.known.answered == person.known.answered  # a report is an answer, too


def test_the_brief_is_shown_with_the_segment(ruled: House) -> None:
    brief = segment_people(ruled.core, AUTHOR, "customer-service").brief
    assert brief is not None
    assert brief.job == "Answer at once"


# ---- groups and channels


def test_only_groups_that_a_rule_names_are_asked_for(house: House) -> None:
    sync_people(house.core)
    assert house.directory.asked_groups == []


def test_members_are_taken_over_without_strangers_and_forgotten_people(ruled: House) -> None:
    forget(ruled.core, BERLIN[0])
    report = sync_people(ruled.core)
    assert (report.groups, report.problems) == (2, ())
    assert [(row.group_id, row.person_id) for row in ruled.rows(GroupMemberRow)] == [
        ("C0BILLING", ANA), ("C0BILLING", BILLING[1]), ("S0EXPERTS", ANA),
    ]  # fmt: skip
    assert segment_people(ruled.core, AUTHOR, "experts").sample == (ANA,)
    assert segment_people(ruled.core, AUTHOR, "in-channel").count == 2


def test_a_group_no_rule_names_any_more_is_forgotten(ruled: House) -> None:
    sync_people(ruled.core)
    ruled.write(COMPANY, "company")
    sync_people(ruled.core)
    assert ruled.rows(GroupMemberRow) == []


def test_a_running_campaign_keeps_the_groups_of_the_rules_it_began_with(ruled: House) -> None:
    sync_people(ruled.core)
    ruled.run(a_text(segments="experts"))
    ruled.write(COMPANY, "company")
    sync_people(ruled.core)
    assert {row.group_id for row in ruled.rows(GroupMemberRow)} == {"S0EXPERTS", "C0BILLING"}


def test_a_missing_scope_is_an_empty_group_that_is_said_out_loud(ruled: House) -> None:
    sync_people(ruled.core)
    ruled.directory.groups["S0EXPERTS"] = GroupUnreadable(slack_code="missing_scope")
    (problem,) = sync_people(ruled.core).problems
    assert "S0EXPERTS cannot be read (the app lacks the scope usergroups:read)" in problem
    shown = segment_people(ruled.core, AUTHOR, "experts")
    assert (shown.count, shown.notes) == (0, (problem,))
    assert health(ruled.core).notes == (problem,)


def test_a_busy_slack_leaves_the_members_known_before(ruled: House) -> None:
    sync_people(ruled.core)
    ruled.directory.groups["S0EXPERTS"] = DirectoryError()
    ruled.directory.replace(a_person("U0NEW"))
    assert "what was known before" in sync_people(ruled.core).problems[0]
    assert segment_people(ruled.core, AUTHOR, "experts").count == 2
    with ruled.core.db.reading() as session:
        assert groups.known(session, ruled.core.workspace_id) == {"S0EXPERTS", "C0BILLING"}


def test_a_group_that_was_never_read_is_said_out_loud(ruled: House) -> None:
    (note,) = segment_people(ruled.core, AUTHOR, "experts").notes
    assert "was not read from Slack yet" in note


def test_who_appears_later_has_joined_and_who_was_there_from_the_start_has_not(ruled: House) -> None:
    assert segment_people(ruled.core, AUTHOR, "newcomers").count == 0
    ruled.clock.advance(days=10)
    ruled.directory.replace(a_person("U0NEW"))
    sync_people(ruled.core)
    assert segment_people(ruled.core, AUTHOR, "newcomers").sample == ("U0NEW",)
    ruled.clock.advance(days=31)
    assert segment_people(ruled.core, AUTHOR, "newcomers").count == 0


# ---- names of nudges in rules


def test_a_rule_about_a_nudge_that_is_not_here_is_advice_at_its_place(ruled: House) -> None:
    ruled.write(a_text(first_tip=TUESDAY_AT_TEN))
    folder = ruled.folder
    assert [one.code for one in read_folder(folder).findings if one.code is Code.UNKNOWN_TARGET] == []
    ruled.write(
        (COMPANY + RULES).replace("{answered: find-an-expert/first-tip}", "{answered: find-an-expert/frst-tip}"),
        "company",
    )
    (found,) = [one for one in read_folder(folder).findings if one.code is Code.UNKNOWN_TARGET]
    line = next(n for n, text in enumerate((COMPANY + RULES).splitlines(), 1) if text.startswith("  spoke:"))
    assert (found.line, found.is_error) == (line, False)
    assert found.source_line[found.caret :].startswith("find-an-expert/frst-tip")
    assert found.fix.startswith("Did you mean `first-tip`?")
