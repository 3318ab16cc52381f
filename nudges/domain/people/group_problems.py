"""Groups that Slack does not show: this module says why, and what that means for the rules that name them."""

from collections.abc import Mapping

NOT_ANSWERED = "not_answered"  # Slack was busy or unwell; what was known before still counts
_REASONS: Mapping[str, str] = {
    "no_such_subteam": "there is no such user group, or it was disabled",
    "plan_upgrade_required": "this plan of Slack has no user groups",
    "channel_not_found": "there is no such channel, or it is private: only public ones can be asked for",
    "method_not_supported_for_channel_type": "it is no channel",
}


def is_user_group(group_id: str) -> bool:
    """Return whether this is a user group's id; otherwise it is a channel's."""
    return group_id.startswith("S")


def scope_for(group_id: str) -> str:
    """Return the scope that shows the members of a group of this kind."""
    return "usergroups:read" if is_user_group(group_id) else "channels:read"


def problem_in_words(group_id: str, code: str) -> str:
    """Return the sentence about a group whose members could not be read."""
    what = f"{'The user group' if is_user_group(group_id) else 'The channel'} {group_id}"
    if code == NOT_ANSWERED:
        return f"{what} could not be read the last time, so rules go by what was known before."
    lacking = f"the app lacks the scope {scope_for(group_id)}"
    why = lacking if code == "missing_scope" else _REASONS.get(code, f"Slack says {code}")
    return f"{what} cannot be read ({why}), so rules that name it find nobody in it."
