"""How long may an announcement be, until when does it stand, and how is it said aloud? Pure.

A loudspeaker is heard once and over noise, so the sentence calls whom it is for first and says everything twice.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from festival.core.sentence import N_, Sentence

LONGEST = 300
# Whoever saw an announcement should see that it is withdrawn, and nobody has to read of it the whole day.
WITHDRAWN_SHOWN = timedelta(hours=1)
MOST_DAYS = 366


class Lasting(StrEnum):
    """How long, as it is chosen."""

    HOUR = "hour"
    THREE_HOURS = "three_hours"
    TODAY = "today"
    FESTIVAL = "festival"
    TYPED = "typed"


def ends_at(lasting: Lasting, typed: datetime | None, at: datetime, last_day: datetime) -> datetime | None:
    """The moment it is over, in the clock of `at`; `last_day`: the end of the festival's last day. None: nothing typed."""
    match lasting:
        case Lasting.HOUR:
            return at + timedelta(hours=1)
        case Lasting.THREE_HOURS:
            return at + timedelta(hours=3)
        case Lasting.TODAY:
            return midnight_after(at)
        case Lasting.FESTIVAL:
            return last_day
        case Lasting.TYPED:
            return typed


def midnight_after(at: datetime) -> datetime:
    """The end of the day of `at`, on its own clock."""
    return datetime.combine(at.date() + timedelta(days=1), time(0), at.tzinfo)


def end_fault(until: datetime | None, at: datetime) -> Sentence | None:
    """Why an announcement cannot stand until then."""
    if until is None:
        return N_("Ghi ngày giờ như 14/6/2024 17:00.", "until_unread")
    if until <= at:
        return N_("Giờ hết hiệu lực phải sau lúc này.", "until_past")
    if until > at + timedelta(days=MOST_DAYS):
        return N_("Thông báo đứng lâu nhất một năm. Hãy chọn giờ gần hơn.", "until_far")
    return None


def ended(words: str) -> str:
    """The words as a whole sentence."""
    return words if words[-1:] in {".", "!", "?", "…"} else f"{words}."


def aloud(words: str, to: str) -> Sentence:
    """What is read out: twice, and whom it is for first."""
    said = ended(" ".join(words.split()))
    if to:
        return N_(
            "Xin mời %(to)s chú ý. Ban Tổ chức thông báo: %(words)s Xin nhắc lại, %(to)s: %(words)s Xin cảm ơn.",
            "aloud_to",
            to=to,
            words=said,
        )
    return N_(
        "Xin quý vị chú ý. Ban Tổ chức thông báo: %(words)s Xin nhắc lại: %(words)s Xin cảm ơn.",
        "aloud",
        words=said,
    )
