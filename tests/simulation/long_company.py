"""A company that is nudged every week for half a year: this module is what barriers are rehearsed in."""

from pathlib import Path

COMPANY = """
admins: [U0AMIR]
authors: [U0PRIYA]
default_zone: Europe/Lisbon
holidays: {PT: none}
caps: {day: 1, week: 2}
segments:
  everybody: {department: [Sales, Support]}
"""
HEAD = """
playbook: every-week
title: Something every week
tool: Slack channels
owner: U0PRIYA
audience: {segments: [everybody]}
personal_wins:
  everybody: {kind: easier_day, text: Answer the customer on the first call}
nudges:
"""
TIP = """  - tip: tip-{number}
    when: {{week: {week}, day: {day}, at: "10:00"}}
    text: Thing number {number} that is easier in the channel.
"""


def long_folder(folder: Path, *, weeks: int, days: tuple[str, ...] = ("tue",)) -> Path:
    """Write a company and a playbook of a tip on these days of every week; return the folder."""
    slots = [(week, day) for week in range(1, weeks + 1) for day in days]
    tips = [TIP.format(number=number, week=week, day=day) for number, (week, day) in enumerate(slots, start=1)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "company.yaml").write_text(COMPANY, "utf-8")
    (folder / "every-week.yaml").write_text(HEAD + "".join(tips), "utf-8")
    return folder


def people_csv(*, teams: int, size: int) -> str:
    """Return a people file of teams in two departments; whoever leads one is in none of them."""
    lines = ["slack_id,department,team,manager,country,hours", "U0TOP,Sales,,,PT,"]
    for team in range(teams):
        department = ("Sales", "Support")[team % 2]
        lead = f"U0LEAD{team:03}"
        lines.append(f"{lead},{department},,U0TOP,PT,")
        lines += [f"U0T{team:03}P{one:03},{department},{department} {team},{lead},PT," for one in range(size)]
    return "\n".join(lines) + "\n"
