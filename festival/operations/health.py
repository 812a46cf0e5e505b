"""Is the server alive, and is it fit to take work?

`/healthz` says the process answers; `/readyz` asks the database for one of its tables, the pass key, the disk, the worker, the copies and
the certificate, in words an organiser can read out on the phone.
"""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from config import ROOT
from festival.core.database import DatabaseHealth, db
from festival.core.pass_key.guard import WrongPassKey, assure
from festival.core.pulse.pulses import pulses
from festival.core.pulse.signs import Level, WatchedPart
from festival.core.pulse.watching import disk, signs_of_machines, signs_of_pulses
from festival.core.seal.checks import last_check
from festival.core.web import openapi
from festival.core.web.access import public_api
from festival.core.web.i18n import say

TOLD_EARLY = (WatchedPart.DISK, WatchedPart.DATABASE)

bp = Blueprint("health", __name__)
# Written by deploy/release.py when the release is whole; a folder somebody works in has none.
_NAMED = ROOT / "RELEASE"
RELEASE = _NAMED.read_text(encoding="utf-8").strip() if _NAMED.is_file() else ""


@bp.get("/healthz")
@public_api
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public_api
def ready() -> ResponseReturnValue:
    """200 when work can be taken, and by which release (warnings listed; "degraded" when the tables do not say what the ledger says), 503 when not."""
    found: DatabaseHealth = current_app.extensions["database_health"]
    warnings = [found.warning] if found.warning else []
    try:
        db.session.execute(text("SELECT 1 FROM festival LIMIT 1"))
        sealed = last_check()
        found_pulses, machines = pulses(), signs_of_machines()
        assure()  # with another key every request is refused
    except WrongPassKey:
        refused = _("Máy chủ chưa sẵn sàng phục vụ. Ban Tổ chức xem nhật ký của máy chủ.")
        return jsonify(status="unready", warnings=[refused]), 503
    except SQLAlchemyError:
        return jsonify(status="unready", warnings=[_("Cơ sở dữ liệu không trả lời")]), 503
    signs = [*signs_of_pulses(found_pulses), disk(), *machines]
    warnings += [
        " ".join(say(said) for said in (sign.words, sign.todo) if said)
        for sign in signs
        if sign.level is Level.BAD or (sign.part in TOLD_EARLY and sign.level is Level.WARN)
    ]
    # Public: neither how many nor where, and no head.
    intact = sealed is None or sealed.clean
    if not intact:
        warnings.append(_("Các bảng không khớp với sổ ghi. Ban Tổ chức mở trang Sổ ghi để xem việc cần làm."))
    return jsonify(
        status="ready" if intact else "degraded",
        engine=found.engine,
        journal=found.journal,
        release=RELEASE,
        parts={sign.part: sign.level for sign in signs},
        warnings=warnings,
    )


class AliveOut(BaseModel):
    """The process answers."""

    status: str


class UnreadyOut(BaseModel):
    """Why no work can be taken, in words."""

    status: str
    warnings: list[str]


class ReadyOut(UnreadyOut):
    """`status`: ready or degraded; `parts`: good, warn or bad."""

    engine: str
    journal: str
    parts: dict[str, str]


openapi.describe("get", "/healthz", "Chương trình có trả lời không", None, AliveOut)
openapi.describe("get", "/readyz", "Có nhận việc được không", None, ReadyOut, told={503: UnreadyOut})
