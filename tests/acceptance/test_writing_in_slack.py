"""An author at work in Slack: this module opens the form, breaks a line, mends it, saves, and looks at the result."""

import pytest

from bot.sandbox.people_acts import Submitted
from tests.acceptance.acting import Someone, shown, words_of
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import TRANSPORTS, RunningApp, wait_until
from tests.acceptance.small_company import ADMIN, AUTHOR

OLD, NEW = "Stuck on a billing question", "Puzzled by a billing question"


def fields(author: Someone) -> dict[str, str]:
    inputs = [block for block in author.form()["view"]["blocks"] if block["type"] == "input"]
    return {block["block_id"]: block["element"].get("initial_value", "") for block in inputs}


def send(author: Someone, typed: dict[str, str]) -> Submitted:
    return author.submits(**{name: {"type": "plain_text_input", "value": text} for name, text in typed.items()})


def open_form(app: RunningApp, author: Someone, words: str) -> dict[str, str]:
    outcome = app.slack.do.command(author.id, "/nudge", words)
    assert outcome.ok, outcome.error
    return fields(author)


def name_reviewers(app: RunningApp, name: str) -> None:
    path = app.playbooks / "company.yaml"
    text = path.read_text("utf-8").replace("channels: {", "channels: {review: C0REVIEW, ")
    path.write_text(f"{text}publishing: {{reviewers: {name}}}\n", "utf-8")
    app.nudger.core.library.refresh()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_line_is_broken_found_mended_saved_and_looked_at(start: StartApp, transport: str) -> None:
    app = start(transport=transport)
    author = Someone(app, AUTHOR)
    typed = open_form(app, author, "edit find-an-expert")
    broken = {name: text.replace(OLD, NEW).replace("easier_day", "easyer_day") for name, text in typed.items()}

    refused = send(author, broken)
    (said,) = refused.errors.values()
    assert "Did you mean `easier_day`?" in said
    assert NEW not in (app.playbooks / "find-an-expert.yaml").read_text("utf-8")

    mended = send(author, {name: text.replace("easyer_day", "easier_day") for name, text in broken.items()})
    assert mended.outcome.ok, mended
    assert "Saved" in words_of(author.form()["view"]["blocks"])
    app.slack.do.close(author.id, author.form()["id"])
    assert NEW in (app.playbooks / "find-an-expert.yaml").read_text("utf-8")

    assert author.click("Preview", "Saved: Find an expert").ok
    wait_until(lambda: any("which one?" in shown(one) for one in author.messages()))
    author.asks("preview find-an-expert ask-before-you-search")
    author.presses("Send it to me")
    assert NEW in author.sees("asked for by")
    author.click("Useful", "asked for by")
    assert not [one for one in app.slack.posted() if one.user == AUTHOR and one.delivery_id], "a preview is no delivery"


def test_a_new_playbook_begins_with_a_template_that_can_be_saved_as_it_is(start: StartApp) -> None:
    app = start()
    author = Someone(app, AUTHOR)
    sent = send(author, open_form(app, author, "edit new"))
    assert sent.outcome.ok, sent
    assert (app.playbooks / "a-name-for-it.yaml").exists()
    assert "No faults" in author.asks("check a-name-for-it")


def test_the_longest_text_that_the_form_takes_is_taken_by_slack(start: StartApp) -> None:
    app = start()
    author = Someone(app, AUTHOR)
    path = app.playbooks / "find-an-expert.yaml"
    head, _, rest = path.read_text("utf-8").partition("nudges:\n")
    more = "".join(
        f"  - tip: more-{n}\n    when: {{week: {n + 3}, day: mon, at: '10:00'}}\n    text: Ask. {'é' * 2800}\n"
        for n in range(60)
    )
    for count in (30, 60):
        path.write_text(f"{head}nudges:\n{more[: more.index(f'  - tip: more-{count - 1}')]}{rest}", "utf-8")
        outcome = app.slack.do.command(author.id, "/nudge", "edit find-an-expert")
        assert outcome.ok, outcome.error


def test_reviewers_see_a_preview_only_where_the_app_was_invited(start: StartApp) -> None:
    app = start()
    admin = Someone(app, ADMIN)
    name_reviewers(app, "ask-billing")
    admin.asks("preview find-an-expert ask-before-you-search")
    assert "/invite @Nudger" in admin.presses("Show it in #ask-billing")
    app.slack.add_channel("C0REVIEW", name="review", members=[ADMIN, app.slack.state.app.bot_user])
    path = app.playbooks / "company.yaml"
    path.write_text(path.read_text("utf-8").replace("reviewers: ask-billing", "reviewers: review"), "utf-8")
    admin.asks("preview find-an-expert ask-before-you-search")
    assert "now stands in #review" in admin.presses("Show it in #review")
    with app.slack.state.lock:
        (posted,) = app.slack.state.channels["C0REVIEW"].messages.values()
    assert f"<@{ADMIN}>" in words_of(posted.blocks)
    assert "Preview" in words_of(posted.blocks)
