"""A made-up company as a folder of files: this module writes what `nudger barriers replay` reads."""

import csv
import json
from pathlib import Path

import numpy as np

from tests.detection.organisation import Organisation


def write_folder(company: Organisation, folder: Path) -> None:
    """Write the six files of a history."""
    folder.mkdir(parents=True, exist_ok=True)
    people, weeks = company.team_of.shape
    with (folder / "membership.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["employee_id", "team_id", "department", "geo", "from_week", "to_week"])
        for person in range(people):
            ends = [*(np.nonzero(np.diff(company.team_of[person]))[0] + 1), weeks]
            for begin, end in zip([0, *ends], ends, strict=False):
                team = company.team_of[person, begin]
                homes = (f"t{team}", f"d{company.department_of[team]}", f"p{company.place_of[team]}")
                writer.writerow([f"e{person}", *homes, begin, end])
    for name, happened in (("deliveries", company.asked), ("responses", company.answered)):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["week", "employee_id", "nudge_id", "kind"])
            for number in range(company.climate.nudges):
                sent = np.argwhere(happened > number)
                writer.writerows((week, f"e{person}", f"n{week}.{number}", "tip") for person, week in sent)
    with (folder / "reports.jsonl").open("w") as file:
        for report in company.reports:
            said = {"week": report.week, "employee_id": f"e{report.person}", "category": report.kind}
            file.write(json.dumps({**said, "channel": "button" if report.is_button else "text"}) + "\n")
    if company.climate.has_usage:
        with (folder / "usage.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["week", "employee_id", "active_days"])
            used = np.argwhere(company.active_days > 0)
            writer.writerows((w, f"e{person}", company.active_days[person, w]) for person, w in used)
    with (folder / "calendar.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["week", "geo"])
        writer.writerows((week, f"p{place}") for week, place in company.holidays)
