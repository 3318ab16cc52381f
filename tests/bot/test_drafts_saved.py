"""Playbooks saved from Slack: this module tests that a file is written whole, in its place, and over nobody else's."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.blocks.draft_values import DraftOrigin
from nudges.store import audit
from tests.bot.draft_forms import answer_of, changed, file_of, opened, sent, texts, view_of
from tests.bot.office import AUTHOR, TEAM, Office, blocks_text


def test_a_mended_text_is_saved_whole_audited_and_offers_what_comes_next(office: Office) -> None:
    view = opened(office)
    response = answer_of(sent(office, view, changed(view, "Stuck on", "Lost with")))
    assert "Saved: Find an expert" in blocks_text(response["view"])
    assert "Lost with a billing question" in file_of(office).read_text("utf-8")
    message = office.called("chat.postMessage")[0]
    assert message["channel"] == AUTHOR
    assert [action["value"] for action in actions(message)] == [
        f"{step} find-an-expert" for step in ("preview", "plan", "publish")
    ]
    with office.core.db.reading() as session:
        who, action, subject = [line[1:] for line in audit.lines(session, TEAM)][-1]
    assert (who, action) == (AUTHOR, "edit_playbook")
    assert subject.startswith("find-an-expert.yaml ")
    assert list(file_of(office).parent.glob(".*")) == []


def test_another_name_makes_another_file_and_leaves_the_first(office: Office) -> None:
    view, before = opened(office), file_of(office).read_text("utf-8")
    sent(office, view, changed(view, "playbook: find-an-expert", "playbook: ask-first"))
    assert file_of(office).read_text("utf-8") == before
    assert "playbook: ask-first" in file_of(office, "ask-first.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", ["company", "Company", "../escaped", "sub/escaped", "a\\b", ".hidden", "x.yaml"])
def test_a_name_never_leads_out_of_the_folder_nor_to_company_yaml(office: Office, name: str) -> None:
    view = opened(office)
    company = file_of(office, "company.yaml").read_text("utf-8")
    before = sorted(path.name for path in file_of(office).parent.parent.rglob("*"))
    response = answer_of(sent(office, view, changed(view, "playbook: find-an-expert", f"playbook: {name}")))
    assert response["response_action"] in ("errors", "update")
    assert "note" not in response.get("view", {}).get("callback_id", "")
    assert file_of(office, "company.yaml").read_text("utf-8") == company
    assert sorted(path.name for path in file_of(office).parent.parent.rglob("*")) == before


def test_a_name_that_another_file_has_is_refused(office: Office) -> None:
    other = file_of(office).read_text("utf-8").replace("find-an-expert", "other", 1)
    file_of(office, "other.yaml").write_text(other, "utf-8")
    view = opened(office)
    response = answer_of(sent(office, view, changed(view, "playbook: find-an-expert", "playbook: other")))
    assert "other.yaml has changed since" in blocks_text(response) or "also used" in blocks_text(response)
    assert file_of(office, "other.yaml").read_text("utf-8") == other


def test_a_file_that_changed_meanwhile_is_not_written_over_without_a_choice(office: Office) -> None:
    view = opened(office)
    theirs = file_of(office).read_text("utf-8").replace("Stuck on", "Puzzled by")
    file_of(office).write_text(theirs, "utf-8")
    asked = answer_of(sent(office, view, changed(view, "Stuck on", "Lost with")))["view"]
    assert file_of(office).read_text("utf-8") == theirs
    shown = blocks_text(view_of(asked))
    assert "changed since you opened it" in shown
    assert "-    text: Puzzled by" in shown
    assert "+    text: Lost with" in shown
    sent(office, asked, texts(asked), choice="mine")
    assert "Lost with" in file_of(office).read_text("utf-8")


def test_the_other_text_can_be_taken_instead(office: Office) -> None:
    view = opened(office)
    theirs = file_of(office).read_text("utf-8").replace("Stuck on", "Puzzled by")
    file_of(office).write_text(theirs, "utf-8")
    asked = answer_of(sent(office, view, changed(view, "Stuck on", "Lost with")))["view"]
    fresh = view_of(answer_of(sent(office, asked, texts(asked), choice="theirs"))["view"])
    assert "\n".join(texts(fresh).values()).rstrip("\n") == theirs.rstrip("\n")
    assert file_of(office).read_text("utf-8") == theirs


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_gives_the_whole_text_back(office: Office) -> None:
    view = opened(office)
    folder = file_of(office).parent
    folder.chmod(0o555)
    try:
        response = answer_of(sent(office, view, changed(view, "Stuck on", "Lost with")))
    finally:
        folder.chmod(0o755)
    note = view_of(response["view"])
    assert "cannot be written" in blocks_text(note)
    assert "Lost with a billing question" in blocks_text(note)


def test_a_write_that_fails_gives_the_whole_text_back(office: Office) -> None:
    view = opened(office, "edit new")
    typed = {name: text.replace("a-name-for-it", "taken") for name, text in texts(view).items()}
    file_of(office, "taken.yaml").mkdir()
    response = answer_of(sent(office, view, typed))
    assert "Stuck" in blocks_text(response)
    assert "Saved" not in blocks_text(response)


def test_a_link_in_the_folder_is_not_written_through(office: Office, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("playbook: mine\n", "utf-8")
    view = opened(office, "edit new")
    file_of(office, "linked.yaml").symlink_to(outside)
    typed = {name: text.replace("a-name-for-it", "linked") for name, text in texts(view).items()}
    response = answer_of(sent(office, view, typed))
    assert response["response_action"] == "update"
    assert outside.read_text("utf-8") == "playbook: mine\n"


def test_a_form_sent_empty_is_not_saved(office: Office) -> None:
    view, before = opened(office), file_of(office).read_text("utf-8")
    response = answer_of(sent(office, view, dict.fromkeys(texts(view), "")))
    assert "There is nothing in this file" in blocks_text(response)
    assert file_of(office).read_text("utf-8") == before


@pytest.mark.parametrize("metadata", ["", "x", "0::0:../../etc/passwd", "0:zz:0:find-an-expert.yaml", "9" * 4000])
def test_a_form_with_an_origin_that_is_not_ours_is_refused(office: Office, metadata: str) -> None:
    before = file_of(office).read_text("utf-8")
    view = opened(office)
    response = answer_of(sent(office, view | {"private_metadata": metadata}, texts(view)))
    assert "no longer kept" in blocks_text(response)
    assert file_of(office).read_text("utf-8") == before


def test_an_origin_is_read_back_as_it_was_written() -> None:
    origin = DraftOrigin("büro-tipps.yaml", "a" * 64, (0, 2, 2), 3)
    assert DraftOrigin.decode(origin.encode()) == origin
    assert len(DraftOrigin("x" * 100 + ".yaml", "a" * 64, (10,) * 100).encode()) < 3000


def actions(message: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = json.loads(message["blocks"]) if isinstance(message["blocks"], str) else message["blocks"]
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
