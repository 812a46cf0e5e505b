"""What does a wish say, in one sentence, and how is one of its acts, or somebody who is away, called in a box?"""

from __future__ import annotations

from festival.core.clock import local
from festival.core.sentence import N_, Sentence
from festival.roster.models import Entry
from festival.schedule.rules.planned import clock, day_clock
from festival.schedule.wishes.given import who_is_away
from festival.schedule.wishes.models import Wish, WishKind

KIND_WORDS: dict[WishKind, Sentence] = {
    WishKind.AWAY: N_("Vắng mặt"),
    WishKind.PAUSE: N_("Giờ nghỉ"),
    WishKind.WINDOW: N_("Giờ đã hẹn"),
    WishKind.BEFORE: N_("Trước, sau"),
    WishKind.OPENING: N_("Mở màn"),
    WishKind.CLOSING: N_("Kết thúc buổi"),
    WishKind.MINUTES: N_("Số phút riêng"),
    WishKind.CHANGE: N_("Thay trang phục"),
}


def wish_words(wish: Wish) -> Sentence:
    """All of it but the reason."""
    match wish.kind:
        case WishKind.AWAY | WishKind.PAUSE | WishKind.WINDOW:
            return _hours(wish)
        case WishKind.BEFORE:
            return N_("«%(first)s» thi xong trước «%(second)s»", first=called(wish.entry), second=called(wish.other))
        case WishKind.OPENING:
            return N_("«%(act)s» mở màn buổi của mình", act=called(wish.entry))
        case WishKind.CLOSING:
            return N_("«%(act)s» kết thúc buổi của mình", act=called(wish.entry))
        case WishKind.MINUTES:
            return N_(
                "«%(act)s»: %(minutes)s phút (phần thi dành %(usual)s phút)",
                act=called(wish.entry),
                minutes=wish.minutes or 0,
                usual=wish.entry.contest.duration_min if wish.entry else 0,
            )
        case WishKind.CHANGE:
            if wish.contest is None:
                return N_(
                    "Ít nhất %(minutes)s phút thay trang phục giữa hai tiết mục của một người",
                    minutes=wish.minutes or 0,
                )
            return N_(
                "Ít nhất %(minutes)s phút thay trang phục trước và sau mỗi tiết mục «%(contest)s»",
                minutes=wish.minutes or 0,
                contest=wish.contest.name,
            )


def _hours(wish: Wish) -> Sentence:
    begins, ends = wish.starts_at and local(wish.starts_at), wish.ends_at and local(wish.ends_at)
    if ends is None:
        assert begins is not None
        return N_("«%(act)s» không trước %(hour)s", act=called(wish.entry), hour=day_clock(begins))
    if begins is None:
        return N_("«%(act)s» xong trước %(hour)s", act=called(wish.entry), hour=day_clock(ends))
    first = clock(begins) if begins.date() == ends.date() else day_clock(begins)
    if wish.kind is WishKind.WINDOW:
        return N_(
            "«%(act)s» trong khoảng %(begins)s đến %(ends)s", act=called(wish.entry), begins=first, ends=day_clock(ends)
        )
    if wish.kind is WishKind.AWAY:
        return N_(
            "%(who)s vắng mặt từ %(begins)s đến %(ends)s", who=who_is_away(wish), begins=first, ends=day_clock(ends)
        )
    if wish.stage is None:
        return N_(
            "«%(pause)s», mọi sân khấu, từ %(begins)s đến %(ends)s", pause=wish.note, begins=first, ends=day_clock(ends)
        )
    return N_("«%(pause)s», %(stage)s, từ %(begins)s đến %(ends)s", pause=wish.note, stage=wish.stage.name, begins=first,
              ends=day_clock(ends))  # fmt: skip


def called(entry: Entry | None) -> str:
    """«Gia đình ông Danh Chung, Gia đình tài năng»: a family has an act in more than one contest."""
    return "" if entry is None else f"{entry.name}, {entry.contest.name}"


def boxed(name: str, code: str) -> str:
    """As it stands in a box, so that it is found again whoever else is called the same."""
    return f"{name} ({code})" if code else name
