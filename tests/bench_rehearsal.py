"""How fast virtual time runs: this module rehearses a hundred people and prints simulated days a minute."""

import os
import sys
import time
from datetime import date
from pathlib import Path

from bot.simulation.rehearsal import Request, rehearse

PEOPLE, WEEKS, WANTED = 100, 8, 1000
FOLDER = Path(__file__).resolve().parents[1] / "playbooks"


def rehearsing() -> None:
    """Rehearse the shipped playbooks, everybody reached from the first week on."""
    day = date(2027, 1, 8)
    began = time.process_time()
    done = rehearse(Request(FOLDER, weeks=WEEKS, size=PEOPLE, starts_on=day, is_whole=True), day)
    per_message = 1000 * done.seconds / max(1, len(done.posts))
    worked = 60 * done.days / (time.process_time() - began)
    rate = f"{done.days_a_minute:,.0f} simulated days a minute, at least {WANTED:,} wanted"
    rate += f" ({worked:,.0f} a minute of processor time)"
    work = f"{len(done.posts)} messages, {len(done.deeds)} reactions, {per_message:.1f} ms a message"
    print(f"{done.days:.0f} days of {PEOPLE} people: {rate}; {work}; load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    sys.exit(rehearsing())
