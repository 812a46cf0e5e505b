"""What does a machine that watches read? Numbers in Prometheus's form, for whoever holds the token and comes straight.

Without FESTIVAL_METRICS_TOKEN there is no such page, and never for what came through a proxy: the public site has none. What
the processes count stands in `core/metrics`; the rest is asked of the database, by four statements. No number is about a person.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from itertools import accumulate

from flask import Blueprint, Response, current_app, request
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from festival.core.database import db
from festival.core.metrics.sums import BUCKETS, CLASSES, Sums
from festival.core.post.outbox import MailState, OutboxMail
from festival.core.pulse.pulses import Pulse, PulseKind, pulses
from festival.core.seal.checks import last_check
from festival.core.transaction import reading
from festival.core.web.access import public_api
from festival.core.web.errors import NotFound

bp = Blueprint("metrics", __name__)

# What a proxy adds to what it hands on.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO")
ACTIVITY = text(
    "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity WHERE backend_type = 'client backend'"
)


@bp.get("/metrics")
@public_api
def metrics() -> Response:
    """Everything, or no such page."""
    config: Config = current_app.config["FESTIVAL"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = compare_digest(sha256(given.encode()).digest(), sha256(config.metrics_token.encode()).digest())
    if not config.metrics_token or not known or any(name in request.environ for name in FORWARDED):
        raise NotFound()
    registry = CollectorRegistry()
    registry.register(_Told(config, current_app.extensions["sums"]))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Told(Collector):
    """The families of numbers, each time anew."""

    def __init__(self, config: Config, sums: Sums) -> None:
        self.config, self.sums = config, sums

    def describe(self) -> list[Metric]:
        return []  # so that registering asks nothing

    def collect(self) -> Iterator[Metric]:
        yield from _answers(self.sums)
        yield _counted(self.sums, "mutations", "Messages of devices that were decided.", ("kind", "verdict"))
        yield _counted(self.sums, "refusals", "Requests that were refused, by the code of the refusal.", ("code",))
        yield _counted(self.sums, "errors", "What went wrong inside.", ("kind",))
        yield _one("connections_in_use", "Connections to the database held by this server.", self.sums.in_use)
        most = self.config.workers * (max(5, self.config.threads + 1) + 10)
        yield _one("connections_most", "Connections to the database this server may hold.", most)
        yield _one("disk_free_bytes", "Free where the data lies.", shutil.disk_usage(self.config.instance).free)
        try:
            with reading():
                asked = list(_asked(self.config))
        except SQLAlchemyError:
            asked = []
        yield _one("database_up", "Whether the database answered just now.", float(bool(asked)))
        yield from asked


def _answers(sums: Sums) -> Iterator[Metric]:
    many = CounterMetricFamily("festival_requests", "Requests answered.", labels=("method", "route", "status"))
    times = HistogramMetricFamily(
        "festival_request_seconds", "How long until the answer began.", labels=("method", "route")
    )
    for each in sums.answers():
        for status, number in zip(CLASSES, each.classes, strict=True):
            if number:
                many.add_metric((each.method, each.route, status), number)
        bounds = [*map(str, BUCKETS), "+Inf"]
        times.add_metric(
            (each.method, each.route), list(zip(bounds, accumulate(each.buckets), strict=True)), each.seconds
        )
    yield many
    yield times


def _counted(sums: Sums, name: str, said: str, labels: tuple[str, ...]) -> Metric:
    family = CounterMetricFamily(f"festival_{name}", said, labels=labels)
    for values, number in sums.of(name):
        if number or len(labels) == 1:  # what has one label is there from the start, so that its first one is a rise
            family.add_metric(values, number)
    return family


def _one(name: str, said: str, number: float) -> Metric:
    return GaugeMetricFamily(f"festival_{name}", said, value=number)


def _asked(config: Config) -> Iterator[Metric]:
    """What the database says: letters, when what happens by itself last happened, whether tables and ledger agree."""
    letters = GaugeMetricFamily("festival_letters", "Letters that have not left.", labels=("state",))
    rows = db.session.execute(
        select(OutboxMail.state, func.count().label("many"))
        .where(OutboxMail.state != MailState.SENT)
        .group_by(OutboxMail.state)
    )
    held = {row.state: row.many for row in rows}
    for state in (MailState.WAITING, MailState.FAILED):
        letters.add_metric((state,), held.get(state, 0))
    yield letters
    yield from _pulses(pulses())
    sealed = last_check()
    agree = sealed is None or sealed.clean
    yield _one("ledger_agrees", "Whether the last check found the tables as the ledger says.", float(agree))
    if not config.is_sqlite:
        taken, most = db.session.execute(ACTIVITY).one()
        yield _one("postgresql_connections", "Connections PostgreSQL holds, of everybody.", taken)
        yield _one("postgresql_connections_most", "Connections PostgreSQL can hold.", most)


def _pulses(found: Mapping[PulseKind, Pulse]) -> Iterator[Metric]:
    last = GaugeMetricFamily("festival_last_timestamp_seconds", "When it was last done.", labels=("what",))
    for kind, pulse in found.items():
        last.add_metric((kind,), _seconds(pulse.at))
    yield last
    drilled = found[PulseKind.DRILL].said if PulseKind.DRILL in found else {}
    yield _one("drill_failed", "Whether the last trial of restoring a copy failed.", float("refused" in drilled))
    certified = found[PulseKind.CERTIFICATE].said if PulseKind.CERTIFICATE in found else {}
    if "ends" in certified:
        ends = _seconds(datetime.fromisoformat(certified["ends"]))
        yield _one("certificate_end_timestamp_seconds", "When the certificate of the web address ends.", ends)


def _seconds(at: datetime) -> float:
    return at.astimezone(UTC).timestamp()
