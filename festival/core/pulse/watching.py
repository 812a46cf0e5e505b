"""How does this installation stand, with what its database and its disk say now?"""

from __future__ import annotations

import shutil
from datetime import datetime

from flask import current_app

from config import Config
from festival.core.clock import now
from festival.core.database import DatabaseHealth
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
    worker_sign,
)
from festival.core.sentence import Sentence


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
    return disk_sign(shutil.disk_usage(config.instance).free, config.disk_warning_bytes)


def all_signs() -> list[PartSign]:
    """All that one process can see, for a page; two statements."""
    letters = outbox.trouble()
    health: DatabaseHealth = current_app.extensions["database_health"]
    warned = Sentence(health.warning) if health.warning else Sentence(f"{health.engine}, {health.journal}")
    return [
        *signs_of_pulses(pulses()),
        letters_sign(letters.waiting, letters.failed, letters.error) if letters else letters_sign(0, 0, ""),
        disk(),
        PartSign(WatchedPart.DATABASE, Level.WARN if health.warning else Level.GOOD, warned),
    ]
