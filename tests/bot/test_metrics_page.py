"""/metrics: this module tests the figures, and that they say nothing of anybody."""

import re

from prometheus_client.parser import text_string_to_metric_families

from bot.metrics_page import Figures
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.store import instance
from tests.bot.office import TEAM


def values(figures: Figures) -> dict[str, float]:
    """Return every sample by its name and labels."""
    families = text_string_to_metric_families(figures().decode())
    samples = (sample for family in families for sample in family.samples)
    return {f"{sample.name}{''.join(sample.labels.values())}": sample.value for sample in samples}


def test_what_was_sent_is_counted(office):
    found = values(Figures(lambda: [office.core]))  # Ana and Ben have got a tip and a quiz
    assert found["nudger_sent_total"] == found["nudger_deliveriessent"] == 4


def test_every_status_has_its_figure_from_the_beginning(office):
    found = values(Figures(lambda: [office.core]))
    assert {f"nudger_deliveries{status.value}" for status in DeliveryStatus} <= found.keys()
    assert found["nudger_unknown"] == 0


def test_ticks_are_counted(office):
    figures = Figures(lambda: [office.core])
    figures.ticked()
    figures.ticked()
    assert values(figures)["nudger_ticks_total"] == 2


def test_a_hold_shows(office):
    with office.core.db.begin() as session:
        instance.ensure_workspace(session, TEAM, "Test")
        instance.hold(session, TEAM, reason="token_revoked", now=office.core.clock())
    assert values(Figures(lambda: [office.core]))["nudger_held"] == 1


def test_no_label_names_a_person_a_team_or_a_campaign(office):
    text = Figures(lambda: [office.core])().decode()
    assert set(re.findall(r"(\w+)=\"", text)) == {"status"}
    assert not re.search(r"\b[UCDT]0[A-Z]", text)
