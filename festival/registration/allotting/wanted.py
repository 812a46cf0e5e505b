"""What did the organiser type of a delegation's places and its day, and can it be taken? Pure.

A box left empty follows the rules of the festival.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from festival.core.numbers import typed_number
from festival.core.sentence import N_, Sentence

MOST = 10_000
LONGEST_REASON = 200

NOT_A_NUMBER = N_("Ghi một số từ 0 đến 10000, hoặc để trống để theo thể lệ.", "places_number")
BOTH = N_("Ghi cả hai số “ít nhất” và “nhiều nhất”, hoặc để trống cả hai để theo thể lệ.", "places_both")
CROSSED = N_("“Ít nhất” lớn hơn “nhiều nhất”. Sửa một trong hai số.", "places_crossed")
NOBODY = N_("Số người nhiều nhất từ 1 trở lên, hoặc để trống nếu không giới hạn.", "places_nobody")
WHY = N_("Ghi lý do, ví dụ số và ngày của công văn xin thêm.", "places_why")
NO_MOMENT = N_("Ghi ngày giờ như 14/6/2024 17:00.", "extended_unread")
PAST = N_("Giờ này đã qua. Ghi một giờ sắp tới.", "extended_past")
NO_END = N_(
    "Đăng ký chung chưa có giờ đóng nên chưa cần gia hạn. Ghi giờ đóng chung trước, ở trang “Nhận đăng ký”.",
    "extended_endless",
)


@dataclass(frozen=True, slots=True)
class AllottedPlaces:
    """What one delegation has otherwise than the rules say; None and a missing contest: as the rules."""

    families: tuple[int, int] | None = None
    people: int | None = None
    entries: Mapping[str, int] = field(default_factory=dict)
    performers: Mapping[str, int] = field(default_factory=dict)


def read_places(typed: Mapping[str, str], contests: Iterable[str]) -> tuple[AllottedPlaces, str, dict[str, Sentence]]:
    """What was typed, the reason, and what is wrong by the name of the box."""
    wrong: dict[str, Sentence] = {}

    def number(name: str) -> int | None:
        text = typed.get(name, "").strip()
        found = typed_number(text) if text else None
        if text and (found is None or found > MOST):
            wrong[name] = NOT_A_NUMBER
            return None
        return found

    least, most, people = number("families_min"), number("families_max"), number("people")
    if (least is None) != (most is None) and not {"families_min", "families_max"} & set(wrong):
        wrong["families_min" if least is None else "families_max"] = BOTH
    if least is not None and most is not None and least > most:
        wrong["families_min"] = CROSSED
    if people == 0:
        wrong["people"] = NOBODY
    entries, performers = {}, {}
    for code in contests:
        if (found := number(f"entries-{code}")) is not None:
            entries[code] = found
        if (found := number(f"performers-{code}")) is not None:
            performers[code] = found
    reason = _reason(typed, wrong)
    families = None if least is None or most is None else (least, most)
    return AllottedPlaces(families, people, entries, performers), reason, wrong


def read_extension(
    typed: Mapping[str, str], until: datetime | None, closes_at: datetime | None, at: datetime
) -> tuple[str, dict[str, Sentence]]:
    """The reason, and what is wrong with the moment that was typed (`until`: as it was read)."""
    wrong: dict[str, Sentence] = {}
    if closes_at is None:
        wrong["until"] = NO_END
    elif until is None:
        wrong["until"] = NO_MOMENT
    elif until <= at:
        wrong["until"] = PAST
    elif until <= closes_at:
        wrong["until"] = N_(
            "Giờ này không sau giờ đóng chung nên không phải gia hạn. Ghi một giờ muộn hơn.", "extended_early"
        )
    return _reason(typed, wrong, "why"), wrong


def _reason(typed: Mapping[str, str], wrong: dict[str, Sentence], name: str = "reason") -> str:
    reason = " ".join(typed.get(name, "").split())[:LONGEST_REASON]
    if not reason:
        wrong[name] = WHY
    return reason
