"""Figures for Prometheus: this module is /metrics as text, without names, scopes or anything about one person."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from nudges.domain.deliveries import DeliveryStatus
from nudges.services.core import Core
from nudges.store import instance, reports


class Figures:
    """Counts this process keeps, and counts read from the database at each scrape."""

    def __init__(self, core: Core) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Stored(core))
        self._ticks = Counter("nudger_ticks", "Looks at what is due since this process began", registry=self._registry)

    def ticked(self) -> None:
        """Count one tick."""
        self._ticks.inc()

    def __call__(self) -> bytes:
        """Return the figures as Prometheus reads them. Raises StorageError."""
        return generate_latest(self._registry)


class _Stored(Collector):
    def __init__(self, core: Core) -> None:
        self._core = core

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand, so that registering does not read the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        core, now = self._core, self._core.clock()
        with core.db.reading() as session:
            counts = {status: reports.count_where(session, core.workspace_id, status) for status in DeliveryStatus}
            due, oldest_at = reports.waiting_due(session, core.workspace_id, now)
            here = instance.workspace(session, core.workspace_id)
        by_status = GaugeMetricFamily("nudger_deliveries", "Nudges for one person by how they stand", labels=["status"])
        for status, count in counts.items():
            by_status.add_metric([status.value], count)
        yield by_status
        yield CounterMetricFamily("nudger_sent", "Nudges that were sent", value=counts[DeliveryStatus.SENT])
        unknown = counts[DeliveryStatus.UNKNOWN]
        yield GaugeMetricFamily("nudger_unknown", "Nudges whose outcome at Slack is being looked up", value=unknown)
        yield GaugeMetricFamily("nudger_due", "Messages that are due and not sent yet", value=due)
        late = (now - oldest_at).total_seconds() if oldest_at else 0
        yield GaugeMetricFamily("nudger_due_oldest_seconds", "How long the oldest of them has been due", value=late)
        is_held = int(bool(here and here.hold_reason))
        yield GaugeMetricFamily("nudger_held", "1 while nothing is sent until an admin resumes", value=is_held)
        if here and here.ticked_at:
            at = here.ticked_at.timestamp()
            yield GaugeMetricFamily("nudger_last_tick_timestamp_seconds", "When work was last looked for", value=at)
