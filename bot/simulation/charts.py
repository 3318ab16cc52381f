"""The pictures of a rehearsal's page: this module draws each as an SVG text that reads well in light and in dark.

Lines and words take the colour of the page's own text; marks have a middle tone that stands out from both grounds.
"""

import json
import re
from typing import Any

from bot.simulation.figures import Figures

BLUE, AMBER = "#3b82c4", "#d08a2e"
INK = "currentColor"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WIDTH = 680


def load_chart(figures: Figures) -> str:
    """Return messages by day as bars."""
    values = [{"day": day.isoformat(), "messages": count} for day, count in figures.days]
    chart = _alt().Chart(_data(values)).mark_bar(color=BLUE, width=8).encode(
        x=_alt().X("day:T", title=None, axis=_alt().Axis(format="%d %b", labelOverlap=True)),
        y=_alt().Y("messages:Q", title="messages a day", axis=_alt().Axis(tickMinStep=1)),
    )  # fmt: skip
    return _svg(chart.properties(width=WIDTH, height=150))


def weight_chart(figures: Figures) -> str:
    """Return how many nudges people got in a week as bars."""
    values = [{"nudges": str(nudges), "weeks": count} for nudges, count in figures.loads]
    chart = _alt().Chart(_data(values)).mark_bar(color=BLUE, height=16).encode(
        y=_alt().Y("nudges:N", title="nudges in a week", sort=None),
        x=_alt().X("weeks:Q", title="weeks of people"),
    )  # fmt: skip
    return _svg(chart.properties(width=WIDTH, height=max(110, 26 * len(values))))


def reach_chart(figures: Figures) -> str:
    """Return people reached so far by week, with a rule at everybody meant."""
    values = [{"week": week.number, "people": week.reached_so_far} for week in figures.weeks]
    most = max(figures.audience, 1)
    bars = _alt().Chart(_data(values)).mark_bar(color=BLUE, width=22).encode(
        x=_alt().X("week:O", title="week", axis=_alt().Axis(labelAngle=0)),
        y=_alt().Y("people:Q", title="people reached so far", scale=_alt().Scale(domain=[0, most])),
    )  # fmt: skip
    rule = _alt().Chart(_data([{"people": most}])).mark_rule(color=AMBER, strokeDash=[5, 4]).encode(y="people:Q")
    return _svg((bars + rule).properties(width=WIDTH, height=170))


def hours_chart(figures: Figures) -> str:
    """Return the hours of the readers' week as a map: the fuller a cell, the more messages arrived then."""
    values = [
        {"day": DAYS[day], "hour": hour, "messages": figures.hours[day, hour]} for day in range(7) for hour in range(24)
    ]
    base = _alt().Chart(_data(values)).encode(
        x=_alt().X("hour:O", title="hour on the reader's own clock", axis=_alt().Axis(labelAngle=0)),
        y=_alt().Y("day:N", title=None, sort=list(DAYS)),
    )  # fmt: skip
    grid = base.mark_rect(fill=INK, fillOpacity=0.05, stroke=INK, strokeOpacity=0.12)
    full = base.transform_filter("datum.messages > 0").mark_rect(fill=BLUE, cornerRadius=2).encode(
        opacity=_alt().Opacity("messages:Q", legend=None, scale=_alt().Scale(range=[0.35, 1])),
    )  # fmt: skip
    return _svg((grid + full).properties(width=WIDTH, height=182))


def plan_chart(figures: Figures) -> str:
    """Return for each playbook what was foreseen and what was sent, side by side."""
    values = []
    for one in figures.campaigns:
        values.append({"playbook": one.playbook, "what": "foreseen", "nudges": one.foreseen_sent})
        values.append({"playbook": one.playbook, "what": "sent", "nudges": one.sent})
    chart = _alt().Chart(_data(values)).mark_bar(height=12).encode(
        y=_alt().Y("playbook:N", title=None, axis=_alt().Axis(labelLimit=220)),
        yOffset=_alt().YOffset("what:N"),
        x=_alt().X("nudges:Q", title="nudges"),
        color=_alt().Color(
            "what:N", title=None, scale=_alt().Scale(domain=["foreseen", "sent"], range=[AMBER, BLUE])
        ),
    )  # fmt: skip
    return _svg(chart.properties(width=WIDTH - 180, height=44 * max(1, len(figures.campaigns))))


def _alt() -> Any:
    import altair  # heavy, and only wanted for a page

    return altair


def _data(values: list[dict[str, Any]]) -> Any:
    return _alt().Data(values=values)


def _svg(chart: Any) -> str:
    import vl_convert

    axis = {
        "labelColor": INK, "titleColor": INK, "domainColor": INK, "tickColor": INK, "gridColor": INK,
        "gridOpacity": 0.12, "domainOpacity": 0.4, "tickOpacity": 0.4, "titleFontWeight": "normal",
        "labelFontSize": 12, "titleFontSize": 12,
    }  # fmt: skip
    look = {"background": None, "view": {"stroke": None}, "axis": axis, "font": "sans-serif"}
    look["legend"] = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12}
    spec = {**chart.to_dict(), "config": look}
    svg: str = vl_convert.vegalite_to_svg(json.dumps(spec))
    # The page decides how wide it is; its proportions stay.
    return re.sub(r'<svg ([^>]*?)width="[\d.]+" height="[\d.]+"', r'<svg \1aria-hidden="true"', svg, count=1)
