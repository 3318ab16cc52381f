"""The words of segment rules: this module is the one table of them, each with what it takes, means and looks like.

The reader of rules, the schema for editors and docs/playbooks.md go by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nudges.domain.people.segments import FIELDS


class Takes(StrEnum):
    """What may stand behind a rule's word; where it is a list, one entry may stand without brackets."""

    RULES = "a list of rules"
    RULE = "a rule"
    EXCEPTIONS = "a rule, or a list of rules"
    SEGMENTS = "the name of a segment, or a list of names"
    VALUES = "a value, or a list of values"
    KINDS = "a kind of account, or a list of kinds"
    ATTRIBUTES = "columns of people.csv with their values"
    NUDGES = "playbook/nudge or a playbook's name, or a list of them"
    GROUPS = "the id of a user group, or a list of ids"
    CHANNELS = "the name of a channel, or a list of names"
    SPAN = "a length of time"
    SHARE_BELOW = "a block of playbook and share"
    USAGE = "a block of tool, at_least and in"
    SAMPLE = "a share, or a block of share and draw"


class Sort(StrEnum):
    """What a key of a rule's block holds."""

    TEXT = "text"
    NAME = "name"
    SHARE = "share"
    WHOLE = "whole number"
    SPAN = "length of time"


@dataclass(frozen=True)
class BlockKey:
    """One key of the block that some words take."""

    name: str
    sort: Sort
    is_required: bool
    description: str
    example: str


@dataclass(frozen=True)
class RuleWord:
    """One word of a rule."""

    word: str
    takes: Takes
    description: str
    example: str  # as it is written in company.yaml


BLOCKS: Mapping[Takes, tuple[BlockKey, ...]] = {
    Takes.SHARE_BELOW: (
        BlockKey("playbook", Sort.NAME, True, "The playbook whose quizzes count.", "find-an-expert"),
        BlockKey("share", Sort.SHARE, True, "Less than this share of the answered ones was right.", "60%"),
    ),
    Takes.USAGE: (
        BlockKey("tool", Sort.TEXT, False, "The tool, as the usage file calls it; any tool without.", "Slack channels"),
        BlockKey("at_least", Sort.WHOLE, True, "On so many days or more.", "3"),
        BlockKey("in", Sort.SPAN, True, "In the weeks that began in this span; at least 7d.", "28d"),
    ),
    Takes.SAMPLE: (
        BlockKey("share", Sort.SHARE, True, "How many of the people.", "10%"),
        BlockKey("draw", Sort.TEXT, False, "A name; each draws its own people, the same ones every time.", "spring"),
    ),
}

_OF_FIELDS: Mapping[str, tuple[str, str]] = {
    "department": ("The department of the people file.", "{department: [Sales, Marketing]}"),
    "place": ("The place of the people file.", "{place: Lisbon}"),
    "country": ("The country, in two letters.", "{country: PT}"),
    "region": ("The region of the people file.", "{region: Asia Pacific}"),
    "role": ("The role of the people file.", "{role: [intern, contractor]}"),
    "title": ("The job title.", "{title: Senior engineer}"),
    "team": ("The team of the people file.", "{team: Billing Lisbon}"),
    "manager": ("Who somebody reports to, by Slack user id.", "{manager: U0DANA}"),
    "language": ("The language somebody reads.", "{language: [pt, pt-BR]}"),
    "kind": ("The kind of account; guests are nudged only where a rule names them.", "{kind: [member, guest]}"),
}

RULE_WORDS: tuple[RuleWord, ...] = (
    RuleWord("all", Takes.RULES, "Every rule holds.", "{all: [{department: Sales}, {country: PT}]}"),
    RuleWord("any", Takes.RULES, "At least one rule holds.", "{any: [{department: Sales}, {country: PT}]}"),
    RuleWord("not", Takes.RULE, "The rule does not hold.", "{not: {role: intern}}"),
    RuleWord(
        "except", Takes.EXCEPTIONS, "Beside other rules of a block: and none of these.",
        "{segment: customer-service, except: [{role: intern}, {team: Billing Lisbon}]}",
    ),
    RuleWord("segment", Takes.SEGMENTS, "In another segment.", "{segment: customer-service}"),
    *(RuleWord(name, Takes.KINDS if name == "kind" else Takes.VALUES, *_OF_FIELDS[name]) for name in FIELDS),
    RuleWord(
        "attribute", Takes.ATTRIBUTES, "Columns of your own in people.csv.", "{attribute: {shift: [night, late]}}",
    ),
    RuleWord(
        "answered", Takes.NUDGES, "Tapped something on this nudge, or on any of this playbook.",
        "{answered: find-an-expert/ask-before-you-search}",
    ),
    RuleWord(
        "did_not_answer", Takes.NUDGES, "Was sent it at least a day ago and tapped nothing.",
        "{did_not_answer: find-an-expert}",
    ),
    RuleWord(
        "quiz_below", Takes.SHARE_BELOW, "Of the quizzes the person answered, less than this share was right.",
        "{quiz_below: {playbook: find-an-expert, share: 60%}}",
    ),
    RuleWord(
        "used", Takes.USAGE, "Used the tool on so many days, by the imported usage.",
        "{used: {tool: Slack channels, at_least: 3, in: 28d}}",
    ),
    RuleWord("joined_within", Takes.SPAN, "Appeared in Slack within this span.", "{joined_within: 30d}"),
    RuleWord("user_group", Takes.GROUPS, "In this user group of Slack.", "{user_group: S0123ABC}"),
    RuleWord("channel", Takes.CHANNELS, "Member of this channel, by its name in `channels`.", "{channel: ask-billing}"),
    RuleWord(
        "sample", Takes.SAMPLE, "A random part of all people, the same ones every time.",
        "{sample: {share: 10%, draw: spring}}",
    ),
)  # fmt: skip
BY_WORD: Mapping[str, RuleWord] = {one.word: one for one in RULE_WORDS}
