"""The keys of company.yaml, told to its author: this module is a sentence and examples for each.

The examples are good values: a test reads each of them with the loader.
"""

from collections.abc import Mapping
from typing import Any

from nudges.domain.editing.guide_playbook import Guide

_REMEDIES = {"manager_discourages": [{"do": "Send the managers' kit", "by": "owner", "within": "14d"}]}
_WEEK = "09:00-17:00 mon-fri"


def _guide(description: str, *examples: Any) -> Guide:
    return Guide(description, examples)


COMPANY_GUIDES: Mapping[str, Guide] = {
    "Company.admins": _guide("Slack user ids of who may do everything.", ["U024BE7LH"]),
    "Company.authors": _guide("Slack user ids of who writes playbooks.", ["U024BE7LH"]),
    "Company.approvers": _guide("Slack user ids of who agrees before many are reached.", ["U024BE7LH"]),
    "Company.default_zone": _guide("The zone of people about whom nothing is known.", "Europe/Lisbon"),
    "Company.working_hours": _guide("By country and default: when people may be written to.", {"default": _WEEK}),
    "Company.holidays": _guide("By country: auto, a region such as DE-BY, or none.", {"PT": "auto", "DE": "DE-BY"}),
    "Company.caps": _guide("The most nudges a person gets, over all playbooks.", {"day": 1, "week": 3}),
    "Company.do_not_disturb": _guide(
        "Ask Slack just before posting who does not want to be disturbed; it needs the scope dnd:read.", True
    ),
    "Company.k": _guide("The smallest group about which anything is shown; 5 or more.", 5),
    "Company.channels": _guide("Names used in playbooks, without #, and their ids.", {"ask-billing": "C024BE91L"}),
    "Company.policies": _guide(
        "Rules of the house that readers should find.",
        [{"name": "Social media at work", "link": "https://intranet.example.com/policy", "countries": "all"}],
    ),
    "Company.barriers": _guide(
        "Who hears of flags, and what is done; `r` people at least must say the same.",
        {"owner": "U024BE7LH", "remedies": _REMEDIES},
    ),
    "Company.segments": _guide("Rules over people, by name.", {"sales": {"department": "Sales"}}),
    "Company.place_zones": _guide("Zones by place, for people without one in Slack.", {"Lisbon": "Europe/Lisbon"}),
    "Company.briefs": _guide(
        "What is known of a segment before anything is written for it.",
        {
            "sales": {
                "priority": 1,
                "evidence": "Twelve interviews in May",
                "said_by": "Their managers",
                "job": "Get an offer out the same day",
                "tool": "Slack huddles",
                "depends_on_collaboration": "high",
                "likely_to_use": "medium",
            }
        },
    ),
    "Company.comms_calendar": _guide(
        "Days on which something else is said.",
        [{"what": "Results day", "starts_on": "2027-02-10", "ends_on": "2027-02-11", "countries": "all"}],
    ),
    "Company.publishing": _guide("Who must agree, and how ripe a playbook must be.", {"approval": True}),
    "Company.waive": _guide("Advice that does not fit this company, each with a reason.", {"PB104": "See the kit"}),
    "Company.format": _guide("The way of writing that the file follows; nudger migrate-playbooks sets it.", 1),
    "Caps.day": _guide("The most in a day.", 1),
    "Caps.week": _guide("The most in any seven days.", 3),
    "Policy.name": _guide("What the policy is called.", "Social media at work"),
    "Policy.link": _guide("Where it can be read.", "https://intranet.example.com/policy"),
    "Policy.countries": _guide("Where it holds: a list of countries, or all.", "all", ["PT", "DE"]),
    "Brief.priority": _guide("1 comes first.", 1),
    "Brief.evidence": _guide("How we know.", "Twelve interviews in May"),
    "Brief.said_by": _guide("Who said it.", "Their managers"),
    "Brief.job": _guide("The job to be done, in their own words.", "Get an offer out the same day"),
    "Brief.tool": _guide("The tool that helps.", "Slack huddles"),
    "Brief.depends_on_collaboration": _guide("How much their work depends on others.", "high"),
    "Brief.likely_to_use": _guide("How likely they are to use the tool.", "medium"),
    "CalendarEntry.what": _guide("What is on.", "Results day"),
    "CalendarEntry.starts_on": _guide("Its first day.", "2027-02-10"),
    "CalendarEntry.ends_on": _guide("Its last day.", "2027-02-11"),
    "CalendarEntry.countries": _guide("Where: a list of countries, or all.", "all", ["PT", "DE"]),
    "Publishing.approval": _guide("true: a second person agrees to every publishing.", True),
    "Publishing.growth": _guide("More new people than this share always want a second person.", "20%"),
    "Publishing.profile": _guide("How ripe a playbook must be before people are reached.", "draft"),
    "Publishing.reviewers": _guide("The channel where a preview may be shown.", "comms-reviews"),
    "BarrierPlan.owner": _guide("Who hears of flags.", "U024BE7LH"),
    "BarrierPlan.r": _guide("How many people must say the same before it is told: five or more.", 5),
    "BarrierPlan.remedies": _guide("What is done about each kind, where a playbook has no remedy.", _REMEDIES),
}
