"""`nudger doctor` about Slack: this module tests what it finds of tokens, scopes, clocks and addresses."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.doctor import FOUND, Level, exit_code, run_checks
from bot.manifest import SCOPE_USES
from nudges.clock import system_clock
from tests.bot.doctoring import APP_TOKEN, BOT_TOKEN, a_setting, answering, auth_answer, found, levels

pytestmark = pytest.mark.usefixtures("empty_environment")


def test_swapped_tokens_are_recognised(sandbox, tmp_path):
    swapped = a_setting(sandbox.api_url, tmp_path, slack_bot_token=APP_TOKEN, slack_app_token=BOT_TOKEN)
    checks = run_checks(swapped)
    assert "belongs in SLACK_APP_TOKEN" in found(checks, "slack_bot_token").message
    assert "belongs in SLACK_BOT_TOKEN" in found(checks, "slack_app_token").message


@pytest.mark.parametrize("token", ["", '"xoxb-1"', "xoxp-1", "xoxe.xoxb-1"])
def test_a_token_that_cannot_be_slack_s_is_an_error(tmp_path, token):
    with answering({"ok": False, "error": "invalid_auth"}) as url:
        settings = a_setting(url, tmp_path, slack_bot_token=token)
        level = found(run_checks(settings), "slack_bot_token").level
    assert level == (Level.WARNING if token.startswith("xox") else Level.ERROR)  # a stand-in may have its own tokens


def test_a_wrong_token_is_told_with_slack_s_code_and_what_to_do(sandbox, tmp_path):
    wrong = a_setting(sandbox.api_url, tmp_path, slack_bot_token="xoxb-wrong", slack_app_token="xapp-wrong")
    checks = run_checks(wrong)
    assert "invalid_auth" in found(checks, "slack.auth").message
    assert "SLACK_BOT_TOKEN" in found(checks, "slack.auth").hint
    assert "SLACK_APP_TOKEN" in found(checks, "slack.socket").message
    assert exit_code(checks) == FOUND


def test_an_unreachable_slack_is_told_and_the_rest_is_still_looked_at(tmp_path):
    settings = a_setting("http://127.0.0.1:9/api/", tmp_path)
    checks = run_checks(settings)
    assert found(checks, "slack.auth").message == "Slack cannot be reached at http://127.0.0.1:9/api/."
    assert found(checks, "playbooks").level == Level.OK


@pytest.mark.parametrize(("status", "body"), [(503, "<html>busy</html>"), (200, "not json"), (500, {"ok": False})])
def test_a_slack_in_trouble_is_not_blamed_on_the_token(tmp_path, status, body):
    with answering(body, status=status) as url:
        check = found(run_checks(a_setting(url, tmp_path)), "slack.auth")
    assert check.level == Level.ERROR
    assert "trouble" in check.hint


@pytest.mark.parametrize("missing", SCOPE_USES)
def test_a_missing_scope_is_told_with_what_it_is_for(tmp_path, missing):
    granted = ",".join(scope for scope in SCOPE_USES if scope != missing)
    with answering(auth_answer(), x_oauth_scopes=granted) as url:
        check = found(run_checks(a_setting(url, tmp_path)), "slack.scopes")
    assert check.level == Level.ERROR
    assert missing in check.message
    assert SCOPE_USES[missing] in check.message


def test_scopes_beyond_the_manifest_are_told(tmp_path):
    with answering(auth_answer(), x_oauth_scopes=",".join([*SCOPE_USES, "files:read"])) as url:
        check = found(run_checks(a_setting(url, tmp_path)), "slack.scopes")
    assert (check.level, "files:read" in check.message) == (Level.WARNING, True)


def test_a_stand_in_that_says_nothing_of_scopes_is_told(tmp_path):
    with answering(auth_answer()) as url:
        assert found(run_checks(a_setting(url, tmp_path)), "slack.scopes").level == Level.WARNING


def test_a_person_s_token_is_an_error(tmp_path):
    with answering(auth_answer(bot_id="")) as url:
        assert "not a bot's" in found(run_checks(a_setting(url, tmp_path)), "slack.auth").message


@pytest.mark.parametrize(("off_s", "level"), [(5, Level.OK), (61, Level.WARNING), (3600, Level.ERROR)])
def test_a_clock_that_is_off_is_told(tmp_path, off_s, level):
    theirs = format_datetime(system_clock() - timedelta(seconds=off_s), usegmt=True)
    with answering(auth_answer(), Date=theirs) as url:
        assert found(run_checks(a_setting(url, tmp_path)), "clock").level == level


def test_an_answer_without_a_date_says_nothing_of_the_clock(tmp_path):
    with answering(auth_answer()) as url:
        assert "clock" not in levels(run_checks(a_setting(url, tmp_path)))


def test_over_http_the_signing_secret_is_needed_and_no_socket_is_asked_for(sandbox, tmp_path):
    checks = run_checks(a_setting(sandbox.api_url, tmp_path, slack_app_token=""))
    assert found(checks, "slack_signing_secret").level == Level.ERROR
    assert "slack.socket" not in levels(checks)


def test_installing_from_our_page_needs_three_settings_or_none(sandbox, tmp_path):
    some = {"slack_client_id": "1.2", "slack_client_secret": "canary-secret"}
    told = found(run_checks(a_setting(sandbox.api_url, tmp_path, **some)), "settings.oauth")
    assert told.level == Level.ERROR and "NUDGER_PUBLIC_URL" in told.hint
    all_set = a_setting(sandbox.api_url, tmp_path, nudger_public_url="https://nudger.example.com", **some)
    told = found(run_checks(all_set), "settings.oauth")
    assert told.level == Level.OK and "https://nudger.example.com/slack/install" in told.message
    assert "settings.oauth" not in levels(run_checks(a_setting(sandbox.api_url, tmp_path)))
