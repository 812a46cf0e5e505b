"""What does a device's own report ask of a person: charge it, make room, set its clock? Pure."""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.sentence import N_, Sentence

BATTERY_LOW = 20  # percent
STORAGE_NEAR = 90  # percent, as static/js/device/storage.js says it on the phone
CLOCK_FAR_MS = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Condition:
    """As the device told last; None = it never said, or its browser does not tell."""

    battery: int | None = None
    unsent: int | None = None
    storage_used: int | None = None
    persisted: bool | None = None
    clock_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing to see; `urgent`: somebody should go there."""

    words: Sentence
    urgent: bool
    icon: str


def signs(told: Condition) -> list[Sign]:
    """What stands beside the device, the urgent first."""
    found = []
    if told.clock_ms is not None and abs(told.clock_ms) > CLOCK_FAR_MS:
        found.append(Sign(_clock(told.clock_ms), True, "clock"))
    if told.battery is not None and told.battery < BATTERY_LOW:
        found.append(Sign(N_("pin còn %(n)s %%", n=told.battery), True, "alert"))
    if told.unsent:
        found.append(Sign(N_("%(n)s lượt chưa gửi", n=told.unsent), True, "upload"))
    if told.storage_used is not None and told.storage_used >= STORAGE_NEAR:
        found.append(Sign(N_("bộ nhớ đã dùng %(n)s %%", n=told.storage_used), True, "device"))
    if told.battery is not None and told.battery >= BATTERY_LOW:
        found.append(Sign(N_("pin %(n)s %%", n=told.battery), False, "check"))
    if told.persisted is not None:
        kept = N_("đã hứa giữ dữ liệu") if told.persisted else N_("chưa hứa giữ dữ liệu")
        found.append(Sign(kept, False, "lock" if told.persisted else "info"))
    return found


def _clock(ahead_ms: int) -> Sentence:
    hours, minutes = divmod(round(abs(ahead_ms) / 60_000), 60)
    if ahead_ms > 0:
        return N_("đồng hồ nhanh %(h)s giờ %(m)s phút", h=hours, m=minutes)
    return N_("đồng hồ chậm %(h)s giờ %(m)s phút", h=hours, m=minutes)
