"""Which needs may be told as a period ends: this module counts them by tool, so that no few people can be made out.

A kind must be one that the whole company may be told of. A tool is named only where enough people said it about that
tool, and those who said it of no named tool are either nobody or enough: else it is told without a tool.
"""

from collections.abc import Iterable, Mapping

from nudges.domain.barriers.barriers import Memberships, Report
from nudges.domain.barriers.needs import NEED_KINDS, Need
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.groups import COMPANY, groups_of
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.suppression import counted

People = frozenset[str]


def needed(
    reports: Iterable[Report],
    tool_of: Mapping[str, str],
    *,
    at_start: Memberships,
    at_end: Memberships,
    limits: Limits,
) -> list[Need]:
    """Return the needs that these reports tell of; `tool_of` gives each playbook's tool."""
    groups = groups_of(at_start, at_end)
    large = [scope for scope, members in groups.members.items() if len(members) >= limits.k]
    told = [one for one in reports if one.kind in NEED_KINDS]
    found = []
    for kind in NEED_KINDS:
        said = counted({one.person_key for one in told if one.kind == kind}, groups, among=large, limits=limits)
        if COMPANY not in said.visible:
            continue
        speakers = groups.members[COMPANY] & said.speakers
        tools: dict[str, set[str]] = {}
        for one in told:
            if one.kind == kind and one.person_key in speakers:
                tools.setdefault(tool_of.get(one.playbook, ""), set()).add(one.person_key)
        found += _by_tool(kind, speakers, {tool: frozenset(people) for tool, people in tools.items()}, limits)
    return found


def _by_tool(kind: BarrierKind, speakers: People, tools: Mapping[str, People], limits: Limits) -> list[Need]:
    named = sorted((tool for tool in tools if tool and len(tools[tool]) >= limits.r), key=lambda one: len(tools[one]))
    while named and 0 < len(_rest(speakers, tools, named)) < limits.r:
        named.pop(0)
    found = [Need(kind, tool, limits.band(len(tools[tool]))) for tool in sorted(named)]
    rest = _rest(speakers, tools, named)
    return [*found, Need(kind, "", limits.band(len(rest)))] if rest else found


def _rest(speakers: People, tools: Mapping[str, People], named: Iterable[str]) -> People:
    return speakers.difference(*(tools[tool] for tool in named))
