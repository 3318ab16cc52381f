"""Figures for Prometheus: this module is /metrics as text, without names, scopes or anything about one person."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.services.core import Core
from nudges.store import instance, reports


class Figures:
    """Counts this process keeps, and counts read from the database at each scrape."""

    def __init__(self, cores: Callable[[], Iterable[Core]]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Stored(cores))
        self._ticks = Counter("nudger_ticks", "Looks at what is due since this process began", registry=self._registry)

    def ticked(self) -> None:
        """Count one tick."""
        self._ticks.inc()

    def __call__(self) -> bytes:
        """Return the figures as Prometheus reads them. Raises StorageError."""
        return generate_latest(self._registry)


@dataclass(frozen=True)
class _Look:
    """One workspace as it stands."""

    counts: dict[DeliveryStatus, int]
    due: int
    late_s: float
    is_held: bool
    ticked_at: datetime | None


class _Stored(Collector):
    def __init__(self, cores: Callable[[], Iterable[Core]]) -> None:
        self._cores = cores

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand, so that registering does not read the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Give the sums over all workspaces; which one is behind stands in its `status`."""
        looks = [_look(core) for core in self._cores()]
        yield GaugeMetricFamily("nudger_workspaces", "Workspaces that have the app", value=len(looks))
        counts = {status: sum(look.counts[status] for look in looks) for status in DeliveryStatus}
        by_status = GaugeMetricFamily("nudger_deliveries", "Nudges for one person by how they stand", labels=["status"])
        for status, count in counts.items():
            by_status.add_metric([status.value], count)
        yield by_status
        yield CounterMetricFamily("nudger_sent", "Nudges that were sent", value=counts[DeliveryStatus.SENT])
        unknown = counts[DeliveryStatus.UNKNOWN]
        yield GaugeMetricFamily("nudger_unknown", "Nudges whose outcome at Slack is being looked up", value=unknown)
        due = sum(look.due for look in looks)
        yield GaugeMetricFamily("nudger_due", "Messages that are due and not sent yet", value=due)
        late = max((look.late_s for look in looks), default=0)
        yield GaugeMetricFamily("nudger_due_oldest_seconds", "How long the oldest of them has been due", value=late)
        held = sum(look.is_held for look in looks)
        yield GaugeMetricFamily("nudger_held", "Workspaces where nothing is sent until an admin resumes", value=held)
        ticked = [look.ticked_at.timestamp() for look in looks if look.ticked_at]
        if ticked:
            yield GaugeMetricFamily(
                "nudger_last_tick_timestamp_seconds", "When work was last looked for", value=max(ticked)
            )


def _look(core: Core) -> _Look:
    now = core.clock()
    with core.db.reading() as session:
        counts = {status: reports.count_where(session, core.workspace_id, status) for status in DeliveryStatus}
        due, oldest_at = reports.waiting_due(session, core.workspace_id, now)
        here = instance.workspace(session, core.workspace_id)
    late_s = (now - oldest_at).total_seconds() if oldest_at else 0
    return _Look(counts, due, late_s, bool(here and here.hold_reason), here.ticked_at if here else None)
