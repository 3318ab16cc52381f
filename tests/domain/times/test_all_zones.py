"""The time rules in every zone there is: this module asks for every half hour round every clock change.

Three years in the suite; with NUDGER_SOAK=1 the years 2020 to 2040. `-s` shows the figures.
"""

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from nudges.domain.times import cadence
from tests.domain.times.all_zones import WEEKS, Findings, changes, days_to_look_at, distinct_zones, look_at
from tests.fakes import utc

IS_SOAK = bool(os.environ.get("NUDGER_SOAK"))
YEARS = (2020, 2040) if IS_SOAK else (2026, 2028)
LEAST = 800_000 if IS_SOAK else 50_000


pytestmark = [pytest.mark.slow] if IS_SOAK else []
WEEKS_LOOKED_AT = WEEKS if IS_SOAK else (WEEKS[0], WEEKS[2])


@pytest.mark.timeout(3600)
def test_in_no_zone_a_clock_change_skips_doubles_or_moves_a_message_out_of_hours() -> None:
    findings, zones = Findings(), distinct_zones(*YEARS)
    for found, names in zones.items():
        for stretch in days_to_look_at(found, YEARS[1]):
            look_at(names[0], stretch, findings, WEEKS_LOOKED_AT)

    names, turns = sum(map(len, zones.values())), sum(len(found) - 1 for found in zones)
    print(f"\n{names} zones, {len(zones)} different clocks, {YEARS[0]} to {YEARS[1]}, {turns:,} clock changes")
    print(findings.describe())
    assert findings.decisions > LEAST
    assert (findings.skipped, findings.doubled, findings.outside, findings.elsewhere) == ([], [], [], [])


def test_every_change_of_a_year_is_looked_at() -> None:
    found = changes(ZoneInfo("Europe/Lisbon"), 2027, 2027)
    stretches = list(days_to_look_at(found, 2027))
    looked_at = {date.fromordinal(first.toordinal() + step) for first, days in stretches for step in range(days)}
    assert [at for at, _ in found[1:]] == [utc("2027-03-28 01:00"), utc("2027-10-31 01:00")]
    assert {date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29), date(2027, 10, 31)} <= looked_at
    assert len(list(days_to_look_at(changes(ZoneInfo("Asia/Kolkata"), 2027, 2029), 2029))) == 1


def test_a_rule_that_takes_the_second_hour_or_the_hour_before_a_gap_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # A planted fault: without it a green run would mean little.
    def naive(wall: datetime, zone: ZoneInfo) -> datetime:
        return wall.replace(tzinfo=zone, fold=1).astimezone(UTC)

    monkeypatch.setattr(cadence, "resolve", naive)
    findings = Findings()
    for stretch in days_to_look_at(changes(ZoneInfo("Europe/Lisbon"), 2027, 2027), 2027):
        look_at("Europe/Lisbon", stretch, findings)
    assert findings.elsewhere
