"""Playbooks written in Slack: the form opens, finds what `nudger check` finds, saves whole, and loses nothing."""

import json

import pytest

from nudges.domain.editing.draft_pieces import pieces
from nudges.services.authoring.import_playbooks import check_paths
from tests.bot.draft_forms import answer_of, changed, file_of, opened, sent, texts, view_of
from tests.bot.limits import faults
from tests.bot.office import ADMIN, ANA, AUTHOR, Office, blocks_text
from tests.bot.test_drafts_saved import actions


def test_the_form_opens_with_the_files_text_in_fields(office: Office) -> None:
    view = opened(office)
    assert "\n".join(texts(view).values()).rstrip("\n") == file_of(office).read_text("utf-8").rstrip("\n")
    assert len(view["private_metadata"]) < 300
    assert "Stuck on" not in view["private_metadata"]


def test_a_new_playbook_starts_from_a_template_that_has_no_fault_of_its_own(office: Office) -> None:
    view = opened(office, "edit new")
    response = answer_of(sent(office, view, texts(view)))
    assert response["view"]["callback_id"] == "note"
    assert file_of(office, "a-name-for-it.yaml").exists()


@pytest.mark.parametrize(
    ("words", "said"), [("edit find-an-expret", "Did you mean find-an-expert?"), ("edit", "There are:")]
)
def test_a_playbook_that_is_not_there_gets_the_nearest(office: Office, words: str, said: str) -> None:
    assert said in str(office.command(AUTHOR, words).body)
    assert office.client.calls == []


def test_company_yaml_is_not_opened(office: Office) -> None:
    assert "There is no playbook called company" in str(office.command(AUTHOR, "edit company").body)


def test_only_authors_may_open_and_only_authors_may_save(office: Office) -> None:
    assert "To get access" in str(office.command(ANA, "edit find-an-expert").body)
    view = opened(office)
    before = file_of(office).read_text("utf-8")
    refused = answer_of(sent(office, view, changed(view, "Stuck on", "Lost with"), person_id=ANA))
    assert "To get access" in blocks_text(refused)
    assert file_of(office).read_text("utf-8") == before


def test_a_fault_comes_back_under_its_field_with_its_line_and_fix(office: Office) -> None:
    view = opened(office)
    response = answer_of(sent(office, view, changed(view, "stage: show", "stage: shwo")))
    assert response["response_action"] == "errors"
    (name, said), *rest = response["errors"].items()
    assert rest == []
    assert "stage: show" in texts(view)[name]
    assert said.startswith("Line 13: ")
    assert "Did you mean" in said


def test_many_faults_come_back_as_a_list_over_the_text_as_it_was_typed(office: Office) -> None:
    view = opened(office)
    typed = {name: text.replace("title:", "titel:").replace("week: 1", "week: 0") for name, text in texts(view).items()}
    typed = {name: text.replace("stage: show", "stage: shwo") for name, text in typed.items()}
    response = answer_of(sent(office, view, typed))
    assert response["response_action"] == "update"
    again = view_of(response["view"])
    assert "faults keep it from being saved" in blocks_text(again)
    assert "Line 13" in blocks_text(again)
    assert [text for text in texts(again).values() if text] == [text for text in typed.values() if text]
    assert set(texts(again)).isdisjoint(texts(view)), "Slack would keep the old texts under the old names"


def test_what_is_left_of_many_faults_comes_back_as_a_list_of_its_own(office: Office) -> None:
    view = opened(office)
    typed = {name: text.replace("title:", "titel:").replace("week: 1", "week: 0") for name, text in texts(view).items()}
    typed = {name: text.replace("stage: show", "stage: shwo") for name, text in typed.items()}
    again = view_of(answer_of(sent(office, view, typed))["view"])
    response = answer_of(sent(office, again, changed(again, "titel:", "title:")))
    assert response["response_action"] == "update", "errors under fields would leave the old list above them"
    assert "titel" not in blocks_text(view_of(response["view"]))


def test_what_the_form_finds_is_what_the_check_finds(office: Office) -> None:
    view = opened(office)
    typed = changed(view, "ask-billing", "ask-biling")
    told = answer_of(sent(office, view, typed))
    file_of(office).write_text("\n".join(typed.values()), "utf-8")
    report = check_paths([office.core.library.folder])
    sentences = [finding.sentence for finding in report.findings if finding.is_error]
    assert sentences
    assert all(sentence in blocks_text(told) for sentence in sentences)


@pytest.mark.parametrize(
    ("step", "said"), [("preview", "which one?"), ("plan", "Find an expert"), ("publish", "Find an expert")]
)
def test_the_next_steps_answer_as_their_commands_do(office: Office, step: str, said: str) -> None:
    office.click(AUTHOR, f"ask.{step}", f"{step} find-an-expert")
    assert said in blocks_text(office.posted()[0])
    office.click(ANA, f"ask.{step}", f"{step} find-an-expert")
    assert "To get access" in blocks_text(office.posted(2)[-1])


def test_a_button_with_words_of_others_does_nothing(office: Office) -> None:
    office.click(AUTHOR, "ask.publish", "stop everything")
    assert "earlier time" in blocks_text(office.posted()[0])


def test_a_playbook_with_faults_can_be_opened_to_mend_it(office: Office) -> None:
    file_of(office, "broken.yaml").write_text("playbook: broken\ntitle: [\n", "utf-8")
    assert "title: [" in blocks_text(texts(opened(office, "edit broken")))


def test_a_playbook_too_long_for_slack_says_so_and_one_just_within_opens(office: Office) -> None:
    nudge = "  - tip: n{0}\n    when: {{week: 1, day: mon, at: '10:00'}}\n    text: " + "word " * 400 + "\n"
    head = file_of(office).read_text("utf-8").partition("nudges:")[0].replace("find-an-expert", "long") + "nudges:\n"
    file_of(office, "long.yaml").write_text(head + "".join(nudge.format(n) for n in range(400)), "utf-8")
    assert "too long for a form in Slack" in str(office.command(AUTHOR, "edit long").body)
    file_of(office, "long.yaml").write_text(head + "".join(nudge.format(n) for n in range(60)), "utf-8")
    view = opened(office, "edit long")
    assert len(json.dumps(view)) < 250_000


def test_faults_of_a_form_that_is_full_to_the_brim_stand_under_its_fields(office: Office) -> None:
    view = opened(office, "edit new")
    head, *_ = texts(view).values()
    typed = {f"draft.0.{place}": "# " + "ü" * 2990 for place in range(1, 80)}
    response = answer_of(sent(office, view, {"draft.0.0": head.replace("title:", "titel:"), **typed}))
    assert response["response_action"] == "errors"
    assert "Did you mean `title`?" in blocks_text(response["errors"])


def test_the_check_lists_faults_before_advice_and_offers_the_file(office: Office) -> None:
    path = file_of(office)
    path.write_text(path.read_text("utf-8").replace("title:", "titel:"), "utf-8")
    office.command(AUTHOR, "check")
    shown = office.posted()[0]
    assert "find-an-expert.yaml, line 3" in blocks_text(shown)
    assert "Did you mean" in blocks_text(shown)
    assert [action["value"] for action in actions(shown)] == ["find-an-expert"]
    assert faults("message", shown) == []


def test_the_check_shows_ten_and_counts_the_rest(office: Office) -> None:
    keys = "\n".join(f"oops{place}: x" for place in range(14))
    file_of(office, "many.yaml").write_text(f"playbook: many\n{keys}\n", "utf-8")
    office.command(ADMIN, "check many")
    shown = office.posted()[0]
    report = check_paths([file_of(office, "many.yaml")])
    assert f"and {len(report.findings) - 10} more" in blocks_text(shown)
    assert faults("message", shown) == []


def test_a_clean_folder_says_so(office: Office) -> None:
    office.command(AUTHOR, "check find-an-expert")
    assert "No faults" in blocks_text(office.posted()[0])


def test_what_an_author_has_waived_is_shown_with_the_reason(office: Office) -> None:
    view = opened(office)
    typed = changed(view, "owner:", "waive: {PB104: The channel opens in May}\nowner:")
    sent(office, view, typed)
    assert "_Why:_ The channel opens in May" in blocks_text(office.called("chat.postMessage")[0])
    office.command(AUTHOR, "check")
    shown = office.posted()[0]
    assert "1 waived" in blocks_text(shown)
    assert "The channel opens in May" in blocks_text(shown)
    assert faults("message", shown) == []


def test_home_offers_authors_a_new_playbook(office: Office) -> None:
    office.click(AUTHOR, "edit_playbook", "new")
    assert texts(view_of(office.called("views.open")[0]["view"]))


def test_the_edit_button_opens_the_form(office: Office) -> None:
    office.click(AUTHOR, "edit_playbook.0", "find-an-expert")
    assert texts(view_of(office.called("views.open")[0]["view"]))


def test_the_whole_text_fits_between_the_fields(office: Office) -> None:
    found = pieces(file_of(office).read_text("utf-8"))
    assert found is not None
    assert len(found) < 10
