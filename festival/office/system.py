"""Is the installation itself well? The organiser's page: each part, how it stands, what to do."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from festival.core.clock import now, today
from festival.core.database import db
from festival.core.pulse.runbook import OUT_OF_ORDER, RUNBOOK
from festival.core.pulse.signs import PartSign, WatchedPart, clocks_sign
from festival.core.pulse.watching import all_signs
from festival.core.rehearsing.marked import copy_of_it
from festival.core.web.access import Permission, requires
from festival.devices.models import Device

bp = Blueprint("system", __name__)

SEEN_LATELY = timedelta(hours=12)
PART_WORDS = {
    WatchedPart.WORKER: _l("Tiến trình nền"),
    WatchedPart.BACKUP: _l("Sao lưu"),
    WatchedPart.DRILL: _l("Thử khôi phục"),
    WatchedPart.AWAY: _l("Bản sao ngoài máy"),
    WatchedPart.CERTIFICATE: _l("Chứng chỉ web"),
    WatchedPart.LETTERS: _l("Thư"),
    WatchedPart.DISK: _l("Ổ đĩa"),
    WatchedPart.DATABASE: _l("Cơ sở dữ liệu"),
    WatchedPart.MACHINES: _l("Các máy chủ"),
    WatchedPart.CLOCKS: _l("Đồng hồ"),
}


@bp.get("/office/system")
@requires(Permission.LEDGER)
def system() -> ResponseReturnValue:
    """All parts, the worst first."""
    signs = sorted([*all_signs(), clocks()], key=lambda sign: -["good", "warn", "bad"].index(sign.level))
    return render_template(
        "office/system.html",
        signs=signs,
        part_words=PART_WORDS,
        runbook=RUNBOOK,
        out_of_order=OUT_OF_ORDER,
        at=now(),
        copy=copy_of_it(),
        today=today(),
    )


def clocks() -> PartSign:
    """The devices that were seen lately, of whatever festival: their clock against the server's."""
    lately = select(Device.clock_ms).where(
        Device.clock_ms.is_not(None), Device.revoked_at.is_(None), Device.last_seen_at > now() - SEEN_LATELY
    )
    return clocks_sign([each for each in db.session.scalars(lately) if each is not None])
