"""Who may undo a family's withdrawal now? Pure.

Whoever withdrew it, or stands above, until registration ends: the family its own, the officer also the family's, the organiser
any. After that the organiser alone, because places have been counted and lots drawn.
"""

from __future__ import annotations

from enum import StrEnum

from festival.core.sentence import N_, Sentence


class Road(StrEnum):
    """Through whose door a family is withdrawn or comes back."""

    LINK = "link"
    OFFICER = "officer"
    OFFICE = "office"


_HEIGHT = {Road.LINK: 0, Road.OFFICER: 1, Road.OFFICE: 2}

NOT_YOURS = N_(
    "Đăng ký này do cán bộ hoặc Ban Tổ chức rút. Hãy gọi cán bộ văn hóa hoặc Ban Tổ chức để tham gia lại.",
    "withdrawn_by_others",
)
TOO_LATE = N_(
    "Đăng ký đã hết hạn nên không tự lấy lại được. Hãy gọi Ban Tổ chức: nếu còn chỗ, Ban Tổ chức khôi phục hồ sơ.",
    "withdrawn_too_late",
)


def why_not(asks: Road, withdrew: Road, *, open_now: bool) -> Sentence | None:
    """Why this one may not undo what that one withdrew; None when it may."""
    if asks is Road.OFFICE:
        return None
    if _HEIGHT[withdrew] > _HEIGHT[asks]:
        return NOT_YOURS
    return None if open_now else TOO_LATE
