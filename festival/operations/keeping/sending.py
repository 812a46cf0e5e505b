"""How does a sealed copy leave this machine, and how does one come back? `flask copies send` by hand or each night by a timer.

The copy is made and read back here first, then put where `FESTIVAL_AWAY` says; what happened stands in `pulse` (when one last
arrived; how the last attempt ended), so that the organiser's page and `/readyz` tell its age and what was wrong.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config import Config
from festival.core.clock import local, now
from festival.core.pulse.pulses import PulseKind, beat
from festival.core.security_log import SecurityKind, note
from festival.core.transaction import transaction
from festival.operations.backup import put_in_place
from festival.operations.copies import BUSY, BackupError, alone
from festival.operations.keeping.places import NAME, place_of
from festival.operations.sealed.sealing import is_sealed, read_head
from festival.operations.sealed.whole_copy import back_up_whole, room


@dataclass(frozen=True, slots=True)
class Sent:
    """What arrived, and how many old ones went there."""

    name: str
    size_bytes: int
    gone: int


def send(config: Config, passphrase: Callable[[], str]) -> Sent:
    """Make one, send it, remove what is too old there; how it ended is kept either way."""
    try:
        with alone(config, "away"):
            done = _sent(config, passphrase())
    except BackupError as error:
        if str(error) != BUSY:  # the other one keeps how it ends
            with transaction():
                beat(PulseKind.AWAY_TRY, {"refused": str(error)})
        raise
    with transaction():
        beat(PulseKind.AWAY_TRY)
    return done


def _sent(config: Config, passphrase: str) -> Sent:
    place = place_of(config)
    place.assure()
    with room(config, "sending") as folder:
        copy = folder / f"festival-{local(now()):%Y%m%d-%H%M%S}.sealed"
        done = back_up_whole(config, copy, passphrase)
        place.put(copy)
    with transaction():
        beat(PulseKind.AWAY, {"name": copy.name, "bytes": done.size_bytes})
        note(SecurityKind.BACKUP, {"what": copy.name, "sealed": True, "to": config.away})
    return Sent(copy.name, done.size_bytes, place.forget(config.backup_days))


def fetch(config: Config, name: str) -> Path:
    """One of them into `backups/`, whence it is tried and restored."""
    if not NAME.fullmatch(name):
        raise BackupError(f"«{name}» không phải tên một bản sao; xem flask copies list --away.")
    target = config.instance / "backups" / name
    with put_in_place(target) as making:
        place_of(config).fetch(name, making)
        if not is_sealed(making):
            raise BackupError(f"{name}: không phải bản sao mã hóa. Chưa đổi gì; lấy bản sao khác.")
        read_head(making)
    # As old as it is: it goes with the others of its day.
    made = datetime.strptime(name[9:24], "%Y%m%d-%H%M%S").replace(tzinfo=local(now()).tzinfo)
    os.utime(target, (made.timestamp(), made.timestamp()))
    return target
