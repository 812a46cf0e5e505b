"""How does this installation stand, with what its database and its disk say now?"""

from __future__ import annotations

import shutil
from datetime import datetime

from flask import current_app
from sqlalchemy import text

from config import Config
from festival.core.clock import now
from festival.core.database import DatabaseHealth, db
from festival.core.pool.naming import this_machine
from festival.core.pool.sizing import ServingTogether, machines_of
from festival.core.post import outbox
from festival.core.pulse.pulses import Pulse, PulseKind, pulses
from festival.core.pulse.signs import (
    Level,
    PartSign,
    WatchedPart,
    away_sign,
    backup_sign,
    certificate_sign,
    disk_sign,
    drill_sign,
    letters_sign,
    machines_signs,
    worker_sign,
)
from festival.core.sentence import Sentence

# What PostgreSQL gives this account and this database at most, and under which names somebody works there now.
SERVING = text("""
SELECT least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true), '0')::int,
    (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
    (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())
) AS given, current_setting('transaction_read_only') = 'off' AS takes_changes, coalesce(
    (SELECT string_agg(DISTINCT application_name, chr(10)) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'festival %'), '') AS names
""")


def signs_of_pulses(found: dict[PulseKind, Pulse]) -> list[PartSign]:
    """What the rows say: the worker, the copies, the certificate."""
    at = now()

    def last(kind: PulseKind) -> datetime | None:
        return found[kind].at if kind in found else None

    said = found[PulseKind.CERTIFICATE].said if PulseKind.CERTIFICATE in found else {}
    ends = datetime.fromisoformat(said["ends"]) if "ends" in said else None
    drilled = found[PulseKind.DRILL].said if PulseKind.DRILL in found else {}
    tried = found[PulseKind.AWAY_TRY].said if PulseKind.AWAY_TRY in found else {}
    maybe = (
        drill_sign(
            last(PulseKind.DRILL), drilled.get("refused", ""), drilled.get("lines"), at, drilled.get("sealed", "")
        ),
        certificate_sign(ends, said.get("refused", ""), at),
    )
    return [
        worker_sign(last(PulseKind.WORKER), at),
        backup_sign(last(PulseKind.BACKUP), at),
        away_sign(last(PulseKind.AWAY), tried.get("refused", ""), at),
        *(sign for sign in maybe if sign is not None),
    ]


def disk() -> PartSign:
    """Where the data lies."""
    config: Config = current_app.config["FESTIVAL"]
    places = {config.instance, config.shared}
    return disk_sign(min(shutil.disk_usage(place).free for place in places), config.disk_warning_bytes)


def serving_together() -> ServingTogether | None:
    """The machines at PostgreSQL now, this one among them; None with the embedded database, which is one machine's."""
    config: Config = current_app.config["FESTIVAL"]
    if config.is_sqlite:
        return None
    row = db.session.execute(SERVING).one()
    machines = machines_of([this_machine(config).connection_name, *row.names.split("\n")])
    return ServingTogether(machines, row.given, row.takes_changes)


def signs_of_machines() -> list[PartSign]:
    """What the database says of who serves the festival; one statement on PostgreSQL."""
    serving = serving_together()
    return [] if serving is None else machines_signs(serving)


def all_signs() -> list[PartSign]:
    """All that one process can see, for a page; three statements."""
    letters = outbox.trouble()
    health: DatabaseHealth = current_app.extensions["database_health"]
    warned = Sentence(health.warning) if health.warning else Sentence(f"{health.engine}, {health.journal}")
    return [
        *signs_of_pulses(pulses()),
        letters_sign(letters.waiting, letters.failed, letters.error) if letters else letters_sign(0, 0, ""),
        disk(),
        *signs_of_machines(),
        PartSign(WatchedPart.DATABASE, Level.WARN if health.warning else Level.GOOD, warned),
    ]
