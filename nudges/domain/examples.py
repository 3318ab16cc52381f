"""One good line for each key: this module is what a finding shows when a key is missing or empty."""

from collections.abc import Mapping

_EXAMPLES: Mapping[str, str] = {
    "playbook": "find-an-expert",
    "title": "Find an expert before you escalate",
    "tool": "Slack channels",
    "owner": "U024BE7LH",
    "business": "Resolve more at first contact",
    "kpi": "first_contact_resolution",
    "it_partner": "U024BE7LH",
    "name": "Maya Silva",
    "role": "VP Service",
    "says": '"I ask there myself before every call."',
    "audience": "{segments: [customer-service]}",
    "segments": "[customer-service]",
    "segment": "service-pilot",
    "answers": "10",
    "useful": "60%",
    "kind": "easier_day",
    "text": "Stuck on a billing question? Post it in *#ask-billing*.",
    "when": '{week: 1, day: tue, at: "10:00"}',
    "week": "1",
    "day": "tue",
    "at": '"10:00"',
    "after": "ask-before-you-search",
    "days": "7",
    "window": "3h",
    "valid_for": "2d",
    "by": "{name: Maya, team: Customer service Lisbon}",
    "team": "Customer service Lisbon",
    "question": "A customer reports a double charge. Where do you ask first?",
    "choices": "[{key: channel, text: Ask the channel, right: true, reply: Yes.}, ...]",
    "key": "channel",
    "reply": "Yes, and the next colleague finds it too.",
    "right": "true",
    "label": "Open the channel",
    "channel": "ask-billing",
    "link": "https://intranet.example.com/policy",
    "do": "Send the managers' kit",
    "within": "14d",
    "starts_on": "2027-01-11",
    "ends_on": "2027-03-26",
    "holdout": "10%",
    "stage": "show",
    "default_zone": "Europe/Lisbon",
    "k": "5",
}


def example_of(key: str) -> str:
    """Return `key: value` with a value that fits the key."""
    value = _EXAMPLES.get(key)
    return f"{key[:60]}: {value}" if value else f"{key[:60]}: ..."
