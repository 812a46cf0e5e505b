"""How are the signs of a device called on the lead's page?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.checkin.lead.machine_state import MachineSign

SIGN_WORDS: dict[MachineSign, tuple[LazyString, str, str]] = {
    MachineSign.NEVER_HEARD: (_l("Chưa liên lạc lần nào"), "warn", "offline"),
    MachineSign.SILENT: (_l("Im lặng quá 3 phút"), "bad", "offline"),
    MachineSign.CLOCK: (_l("Đồng hồ sai"), "bad", "clock"),
    MachineSign.GAPS: (_l("Thiếu tin ở giữa"), "warn", "alert"),
    MachineSign.OLD_PROGRAM: (_l("Chương trình bản cũ"), "note", "info"),
}
