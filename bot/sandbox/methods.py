"""Which methods the sandbox offers and who answers them: this module is the table of the Web API."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox import methods_auth, methods_chat, methods_conversations, methods_directory, methods_dnd, methods_views
from bot.sandbox.call import Call
from bot.sandbox.records import Json
from bot.sandbox.state import State

Method = Callable[[State, Call], Json]

METHODS: dict[str, Method] = {
    "apps.connections.open": methods_directory.connections_open,
    "auth.revoke": methods_auth.revoke,
    "auth.teams.list": methods_auth.list_teams,
    "auth.test": methods_auth.auth_test,
    "bots.info": methods_directory.bot_info,
    "chat.delete": methods_chat.delete,
    "chat.getPermalink": methods_chat.get_permalink,
    "chat.postEphemeral": methods_chat.post_ephemeral,
    "chat.postMessage": methods_chat.post_message,
    "chat.update": methods_chat.update,
    "conversations.history": methods_conversations.history,
    "conversations.info": methods_conversations.info,
    "conversations.list": methods_conversations.list_conversations,
    "conversations.members": methods_conversations.members,
    "conversations.open": methods_conversations.open_conversation,
    "dnd.info": methods_dnd.info,
    "dnd.teamInfo": methods_dnd.team_info,
    "oauth.v2.access": methods_auth.access,
    "team.info": methods_directory.team_info,
    "usergroups.list": methods_directory.list_user_groups,
    "usergroups.users.list": methods_directory.list_user_group_members,
    "users.conversations": methods_conversations.list_own_conversations,
    "users.info": methods_directory.user_info,
    "users.list": methods_directory.list_users,
    "views.open": methods_views.open_view,
    "views.publish": methods_views.publish_view,
    "views.push": methods_views.push_view,
    "views.update": methods_views.update_view,
}
