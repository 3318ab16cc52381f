"""What must stand before people are reached: this module notes what a playbook has left out.

Some of it shows at once (a picture without words), the rest only when the playbook is checked as a pilot or as live.
"""

from datetime import date

from nudges.domain.checks.findings import Code
from nudges.domain.checks.kind_advice import advise_on_past_sessions
from nudges.domain.editing.examples import example_of
from nudges.domain.editing.templates import NOBODY
from nudges.domain.files.nodes import at, blocks, items
from nudges.domain.files.nudge_shapes import kind_of
from nudges.domain.files.source import At, Report
from nudges.domain.files.suggest import latin
from nudges.domain.files.yaml_nodes import MapNode, ScalarNode
from nudges.domain.playbooks.audience_places import countries_of
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook, StopRules

# What stands where a name should: nobody believes a story that nobody tells.
_STAND_INS = frozenset(
    str.split(
        "anonymous|anon|somebody|someone|a colleague|colleague|colleagues|a user|user|an employee|employee|n.n.|"
        "nn|n/a|tbd|tba|tbc|todo|xxx|xx|x|?|-|--|...|…|name|name here|your name|unknown|nobody|john doe|jane doe|"
        "max mustermann|erika mustermann|a customer|team member|a team member|the team|any team|team|test|anonym|"
        "jemand|ein kollege|eine kollegin|anónimo|un compañero|anonyme|un collègue|um colega",
        "|",
    )
)


def advise_on_leaving_out(root: MapNode, report: Report) -> None:
    """Note pictures without words and stories that nobody tells."""
    for nudge in blocks(root.get("nudges")):
        image = nudge.get("image")
        if isinstance(image, MapNode) and image.get("alt") is None:
            sentence = "This picture has no `alt`, so people who listen to their screen learn nothing of it."
            report.add(Code.NO_ALT, image, sentence, "Add `alt: ...`: in one line, what the picture shows.")
        for key in ("name", "team") if nudge.key("by") is not None else ():
            told_by = at(nudge, "by", key)
            if isinstance(told_by, ScalarNode) and latin(told_by.text) in _STAND_INS:
                sentence = f"`{told_by.text[:40]}` is no {key}; a story works because a known colleague tells it."
                fix = f"Write the {key}, agreed with the person, such as `{example_of(key)}`."
                report.add(Code.NO_REAL_NAME, told_by, sentence, fix)


def advise_on_ripeness(
    root: MapNode, playbook: Playbook, company: Company | None, report: Report, *, today: date | None
) -> None:
    """Note what a pilot or a live playbook needs and this one does not have."""
    top = At(root.line, root.column)
    _advise_on_pilot(root, playbook, report)
    _advise_on_stand_ins(root, report)
    if playbook.baseline is None:
        sentence = "There is no baseline, so nobody could say afterwards what has changed."
        fix = f"Measure before you start, and add your figures: `{example_of('baseline')}`."
        report.add(Code.NO_BASELINE, top, sentence, fix)
    for node, nudge in zip(items(root.get("nudges")), playbook.nudges, strict=True):
        if nudge.fallback is None and isinstance(node, MapNode):
            sentence = "This nudge has no `fallback`: the line of a notification, and what a screen reader says first."
            fix = f"Say it in one line of your own, such as `{example_of('fallback')}`."
            report.add(Code.NO_FALLBACK, kind_of(node).name or node, sentence, fix)
    if playbook.starts_on is not None and today is not None and playbook.starts_on < today:
        sentence = f"The playbook starts on {playbook.starts_on}, which is past (today is {today})."
        fix = "Move starts_on on, or leave it out: it then starts on the Monday after publishing."
        report.add(Code.STARTS_IN_PAST, root.get("starts_on") or top, sentence, fix)
    advise_on_past_sessions(root, playbook, report, today=today)
    if company is not None:
        _advise_on_policies(root, playbook, company, report)


def _advise_on_pilot(root: MapNode, playbook: Playbook, report: Report) -> None:
    pilot = playbook.audience.pilot
    if pilot is None:
        sentence = "There is no pilot, so everybody would be reached before anybody has said whether it helps."
        report.add(Code.NO_PILOT, root.key("audience") or root, sentence, f"Add `{example_of('pilot')}` to audience.")
    elif pilot.stop_when == StopRules():
        sentence = "Nothing would stop this pilot, however badly it goes."
        fix = f"Add `{example_of('stop_when')}` to the pilot."
        report.add(Code.NO_STOP_RULES, at(root, "audience", "pilot") or root, sentence, fix)


def _advise_on_stand_ins(root: MapNode, report: Report) -> None:
    for path, who in ((("owner",), "hears about faults and flags"), (("goal", "it_partner"), "stands by it in IT")):
        node = at(root, *path)
        if isinstance(node, ScalarNode) and node.text == NOBODY:
            sentence = f"{NOBODY} comes from the template and is nobody's Slack id."
            fix = f"Write the id of the one who {who}: in Slack their profile, More, Copy member ID."
            report.add(Code.STAND_IN, node, sentence, fix)


def _advise_on_policies(root: MapNode, playbook: Playbook, company: Company, report: Report) -> None:
    if any(policy.countries == "all" for policy in company.policies):
        return
    covered = {country for policy in company.policies for country in policy.countries}
    missing = sorted(countries_of(playbook, company).needed - covered)
    if missing:
        shown = ", ".join(missing[:8]) + (" and others" if len(missing) > 8 else "")
        sentence = f"company.yaml names no policy for {shown}, where people of this audience may be."
        fix = "Add the country to a policy under `policies` in company.yaml, or a policy with `countries: all`."
        place = at(root, "audience", "segments") or root
        report.add(Code.NO_POLICY, place, sentence, fix)
