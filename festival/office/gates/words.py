"""How are the signs of a device and the purposes of a gate called on the lead's pages?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.checkin.lead.machine_state import MachineSign
from festival.checkin.purposes.known import gates_of
from festival.checkin.purposes.purpose_words import called

SIGN_WORDS: dict[MachineSign, tuple[LazyString, str, str]] = {
    MachineSign.NEVER_HEARD: (_l("Chưa liên lạc lần nào"), "warn", "offline"),
    MachineSign.SILENT: (_l("Im lặng quá 3 phút"), "bad", "offline"),
    MachineSign.CLOCK: (_l("Đồng hồ sai"), "bad", "clock"),
    MachineSign.GAPS: (_l("Thiếu tin ở giữa"), "warn", "alert"),
    MachineSign.OLD_PROGRAM: (_l("Chương trình bản cũ"), "note", "info"),
}


def purpose_names(festival_id: int) -> dict[str, str]:
    """By code, as the organiser named them; those that nobody named have words of the house."""
    return {each.code: called(each.name) for each in gates_of(festival_id).purposes}
