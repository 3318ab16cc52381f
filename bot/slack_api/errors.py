"""What Slack's answer means for a delivery: this module is the table of section 4 of Slack's rule sheet."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack_api.connections import NotConnected
from nudges.errors import (
    ContentRefused,
    DeliveryError,
    InstallationStopped,
    MessageGone,
    OutcomeUnknown,
    RecipientUnreachable,
    TemporaryFailure,
)

HOURS = timedelta(hours=2)

INSTALLATION_CODES = frozenset(
    [
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "team_access_not_granted",
        "org_login_required",
        "two_factor_setup_required",
        "access_denied",
        "accesslimited",
        "enterprise_is_restricted",
        "ekm_access_denied",
        "messages_tab_disabled",
        "method_deprecated",
        "deprecated_endpoint",
        "as_user_not_supported",
    ]
)
RECIPIENT_CODES = frozenset(
    [
        "channel_not_found",
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "invalid_user_combination",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "cannot_dm_bot",
    ]
)
CONTENT_CODES = frozenset(
    [
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "attachment_payload_limit_exceeded",
        "markdown_text_conflict",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "metadata_must_be_sent_from_app",
        "too_many_contact_cards",
        "cannot_reply_to_message",
        "missing_file_data",
        "invalid_arguments",
        "invalid_arg_name",
        "invalid_array_arg",
        "invalid_charset",
        "invalid_form_data",
        "invalid_post_type",
        "missing_post_type",
        "team_not_found",
    ]
)
GONE_CODES = frozenset(
    [
        "message_not_found",
        "cant_update_message",
        "cant_delete_message",
        "edit_window_closed",
        "is_inactive",
        "compliance_exports_prevent_deletion",
    ]
)
LATER_CODES = {
    "ratelimited": timedelta(0),
    "rate_limited": timedelta(0),
    "team_added_to_org": HOURS,
    "message_limit_exceeded": HOURS,
    "request_timeout": timedelta(0),
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the client raises into a DeliveryError that says what is sure."""
    try:
        yield
    except SlackApiError as error:
        raise _from_answer(error) from error
    except NotConnected as error:
        raise TemporaryFailure("Slack could not be reached.", slack_code="unreachable") from error
    except (SlackClientError, OSError) as error:
        raise OutcomeUnknown(slack_code=type(error).__name__) from error


def classify(code: str) -> type[DeliveryError]:
    """Return the class of a code in a documented `ok: false`; a code we do not know is OutcomeUnknown."""
    if code in INSTALLATION_CODES:
        return InstallationStopped
    if code in RECIPIENT_CODES or (code.startswith("slack_connect_") and code.endswith("_blocked")):
        return RecipientUnreachable
    if code in GONE_CODES:
        return MessageGone
    if code in CONTENT_CODES or code.startswith("draft_"):
        return ContentRefused
    return TemporaryFailure if code in LATER_CODES else OutcomeUnknown


def _from_answer(error: SlackApiError) -> DeliveryError:
    response = error.response
    status = getattr(response, "status_code", 0)
    code = str(response.get("error", "")) if hasattr(response, "get") else ""
    if status == 429:
        return TemporaryFailure("Slack asks us to wait.", slack_code="ratelimited", retry_after=_retry_after(error))
    if status >= 500 or not code or " " in code:
        return OutcomeUnknown(slack_code=f"http_{status}")
    kind = classify(code)
    wait = LATER_CODES.get(code)
    messages = (response.get("response_metadata") or {}).get("messages") or []
    detail = "; ".join(str(message) for message in messages[:3])
    text = f"Slack answered {code}{': ' + detail if detail else ''}."
    return kind(text, slack_code=code[:60], retry_after=wait or (_retry_after(error) if "rate" in code else None))


def _retry_after(error: SlackApiError) -> timedelta:
    headers = getattr(error.response, "headers", {}) or {}
    value = str(headers.get("Retry-After") or headers.get("retry-after") or "1")
    return timedelta(seconds=min(3600, int(value))) if value.isdigit() else timedelta(seconds=1)
