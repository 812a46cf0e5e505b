"""How is a contest called at this point of its life? The ladder of states begins with the lock; before it much has happened.

Pure. "Đang chấm" is said from the first mark, or while judging is open, and not before: a contest nobody can enter yet is
not being judged. The stored states do not change, only their names.
"""

from __future__ import annotations

from enum import StrEnum

from festival.core.sentence import N_, Sentence


class Life(StrEnum):
    """The parts of a contest's life, in their order."""

    NOT_OPEN = "not_open"
    REGISTERING = "registering"
    TO_BE_DRAWN = "to_be_drawn"
    TO_BE_TAKEN = "to_be_taken"
    TO_BE_SUMMED = "to_be_summed"
    DRAWN = "drawn"
    JUDGING = "judging"
    LOCKED = "locked"
    SIGNED = "signed"
    DECIDED = "decided"
    RELEASED = "released"
    PUBLISHED = "published"


LIFE_WORDS: dict[Life, Sentence] = {
    Life.NOT_OPEN: N_("Chưa mở đăng ký"),
    Life.REGISTERING: N_("Đang nhận đăng ký"),
    Life.TO_BE_DRAWN: N_("Chờ bốc thăm"),
    Life.TO_BE_TAKEN: N_("Chờ vòng trước"),
    Life.TO_BE_SUMMED: N_("Chờ các phần thi thành phần"),
    Life.DRAWN: N_("Đã bốc thăm, chờ thi"),
    Life.JUDGING: N_("Đang chấm"),
    Life.LOCKED: N_("Khóa điểm"),
    Life.SIGNED: N_("Biên bản đã ký"),
    Life.DECIDED: N_("Đã có quyết định"),
    Life.RELEASED: N_("MC được đọc"),
    Life.PUBLISHED: N_("Đã công bố"),
}
# The look of each: tone and symbol of a badge.
LIFE_LOOKS: dict[Life, tuple[str, str]] = {
    Life.NOT_OPEN: ("quiet", "clock"),
    Life.REGISTERING: ("note", "family"),
    Life.TO_BE_DRAWN: ("quiet", "hourglass"),
    Life.TO_BE_TAKEN: ("quiet", "hourglass"),
    Life.TO_BE_SUMMED: ("quiet", "hourglass"),
    Life.DRAWN: ("quiet", "calendar"),
    Life.JUDGING: ("note", "edit"),
    Life.LOCKED: ("warn", "lock"),
    Life.SIGNED: ("warn", "file"),
    Life.DECIDED: ("warn", "file"),
    Life.RELEASED: ("accent", "stage"),
    Life.PUBLISHED: ("good", "check"),
}


def life_of(state: str, *, marked: bool, judging_open: bool, registration: str, drawn: bool) -> Life:
    """`state`: the stored one. `registration`: "never" | "soon" | "open" | "closed"; `marked`: there is or was a mark, a count or a time.

    Who has been drawn waits for the day, whatever the time of registration says: a late family does not take that back.
    """
    if state != "open":
        return Life(state)
    if marked or judging_open:
        return Life.JUDGING
    if drawn:
        return Life.DRAWN
    return {"open": Life.REGISTERING, "closed": Life.TO_BE_DRAWN}.get(registration, Life.NOT_OPEN)
