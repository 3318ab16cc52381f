"""Which fields blocks, elements and composition objects have: this module is the table of Block Kit's shapes.

A field's name ends in `!` when it is required. The kinds of fields are the functions of `check_fields`.
"""

from __future__ import annotations

from collections.abc import Mapping

Spec = Mapping[str, str]

BLOCKS: Mapping[str, Spec] = {
    "actions": {"elements!": "action_elements"},
    "alert": {"text!": "text", "level": "string"},
    "card": {},
    "carousel": {"elements!": "objects"},
    "container": {"child_blocks!": "objects"},
    "context": {"elements!": "context_elements"},
    "context_actions": {"elements!": "objects"},
    "data_table": {"rows!": "list"},
    "divider": {},
    "file": {"external_id!": "string", "source!": "string"},
    "header": {"text!": "plain", "level": "number"},
    "image": {
        "alt_text!": "string",
        "image_url": "url",
        "slack_file": "object",
        "title": "plain",
        "image_width": "number",
        "image_height": "number",
        "image_bytes": "number",
        "is_animated": "flag",
        "fallback": "string",
    },
    "input": {
        "label!": "plain",
        "element!": "input_element",
        "hint": "plain",
        "optional": "flag",
        "dispatch_action": "flag",
    },
    "markdown": {"text!": "string"},
    "rich_text": {"elements!": "objects"},
    "section": {"text": "text", "fields": "texts", "accessory": "accessory", "expand": "flag"},
    "table": {"rows!": "list", "column_settings": "list"},
    "video": {
        "alt_text!": "string",
        "title!": "plain",
        "thumbnail_url!": "url",
        "video_url!": "url",
        "author_name": "string",
        "description": "plain",
        "provider_icon_url": "url",
        "provider_name": "string",
        "title_url": "url",
    },
}
LOOSE_BLOCKS = frozenset({"card", "carousel", "container", "context_actions", "data_table"})  # newer than we know well

_SELECT: Spec = {"placeholder": "plain", "confirm": "confirm", "focus_on_load": "flag"}
_TYPED: Spec = {"placeholder": "plain", "focus_on_load": "flag", "dispatch_action_config": "object"}
_MANY: Spec = {"max_selected_items": "number"}

ELEMENTS: Mapping[str, Spec] = {
    "button": {
        "text!": "plain",
        "url": "url",
        "value": "string",
        "style": "style",
        "confirm": "confirm",
        "accessibility_label": "string",
    },
    "channels_select": {**_SELECT, "initial_channel": "string", "response_url_enabled": "flag"},
    "checkboxes": {
        "options!": "rich_options",
        "initial_options": "rich_options",
        "confirm": "confirm",
        "focus_on_load": "flag",
    },
    "conversations_select": {
        **_SELECT,
        "initial_conversation": "string",
        "default_to_current_conversation": "flag",
        "response_url_enabled": "flag",
        "filter": "object",
    },
    "datepicker": {**_SELECT, "initial_date": "date"},
    "datetimepicker": {"confirm": "confirm", "focus_on_load": "flag", "initial_date_time": "number"},
    "email_text_input": {**_TYPED, "initial_value": "string"},
    "external_select": {**_SELECT, "initial_option": "option", "min_query_length": "number"},
    "file_input": {"filetypes": "list", "max_files": "number"},
    "image": {"alt_text!": "string", "image_url": "url", "slack_file": "object"},
    "multi_channels_select": {**_SELECT, **_MANY, "initial_channels": "list"},
    "multi_conversations_select": {
        **_SELECT,
        **_MANY,
        "initial_conversations": "list",
        "default_to_current_conversation": "flag",
        "filter": "object",
    },
    "multi_external_select": {**_SELECT, **_MANY, "initial_options": "options", "min_query_length": "number"},
    "multi_static_select": {
        **_SELECT,
        **_MANY,
        "options": "options",
        "option_groups": "groups",
        "initial_options": "options",
    },
    "multi_users_select": {**_SELECT, **_MANY, "initial_users": "list"},
    "number_input": {
        **_TYPED,
        "is_decimal_allowed!": "flag",
        "initial_value": "string",
        "min_value": "string",
        "max_value": "string",
    },
    "overflow": {"options!": "overflow_options", "confirm": "confirm"},
    "plain_text_input": {
        **_TYPED,
        "initial_value": "string",
        "multiline": "flag",
        "min_length": "number",
        "max_length": "number",
    },
    "radio_buttons": {
        "options!": "rich_options",
        "initial_option": "rich_option",
        "confirm": "confirm",
        "focus_on_load": "flag",
    },
    "rich_text_input": {**_TYPED, "initial_value": "object", "min_lines": "number", "max_lines": "number"},
    "static_select": {**_SELECT, "options": "options", "option_groups": "groups", "initial_option": "option"},
    "timepicker": {**_SELECT, "initial_time": "time", "timezone": "string"},
    "url_text_input": {**_TYPED, "initial_value": "string"},
    "users_select": {**_SELECT, "initial_user": "string"},
    "workflow_button": {
        "text!": "plain",
        "workflow!": "object",
        "style": "style",
        "accessibility_label": "string",
    },
}

_INPUT_ONLY = frozenset({"email_text_input", "file_input", "number_input", "rich_text_input", "url_text_input"})
_BUTTON_LIKE = frozenset({"button", "image", "overflow", "workflow_button"})

INPUT_ELEMENTS = frozenset(ELEMENTS) - _BUTTON_LIKE
ACTION_ELEMENTS = frozenset(ELEMENTS) - _INPUT_ONLY - {"image"}
ACCESSORIES = frozenset(ELEMENTS) - _INPUT_ONLY - {"plain_text_input"}

OBJECTS: Mapping[str, Spec] = {
    "option": {"text!": "plain", "value!": "string", "description": "plain"},
    "rich_option": {"text!": "text", "value!": "string", "description": "text"},
    "overflow_option": {"text!": "plain", "value!": "string", "description": "plain", "url": "url"},
    "option_group": {"label!": "plain", "options!": "options"},
    "confirm": {"title!": "plain", "text!": "text", "confirm!": "plain", "deny!": "plain", "style": "style"},
}

VIEWS: Mapping[str, Spec] = {
    "modal": {
        "title!": "plain",
        "blocks!": "list",
        "submit": "plain",
        "close": "plain",
        "private_metadata": "string",
        "callback_id": "string",
        "external_id": "string",
        "clear_on_close": "flag",
        "notify_on_close": "flag",
        "submit_disabled": "flag",
    },
    "home": {
        "blocks!": "list",
        "private_metadata": "string",
        "callback_id": "string",
        "external_id": "string",
        # Accepted and without effect, since the SDK's own view model may carry them.
        "clear_on_close": "flag",
        "notify_on_close": "flag",
        "title": "plain",
        "submit": "plain",
        "close": "plain",
    },
}
