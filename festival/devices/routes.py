"""The office's page of devices, the page where a phone enrols, and the service worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row

from festival.core import qr
from festival.core.clock import now
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, public, requires
from festival.core.web.errors import NotFound
from festival.core.web.forms import choices_of
from festival.core.web.paging import asked_part
from festival.devices import enrolment, queries
from festival.devices.app_files import worker_source
from festival.devices.forms import EnrolmentForm
from festival.devices.handlers import DeviceRole, described
from festival.devices.models import EnrolmentCode
from festival.devices.queries import DeviceLine
from festival.devices.wire import EPOCH, LATEST_MS
from festival.devices.words import ROLE_WORDS, reason_words
from festival.editions.queries import the_festival

DEVICES_A_PAGE = 50
bp = Blueprint("devices", __name__)


@bp.get("/enrol")
@public
def enrol_page() -> str:
    """Where a phone or tablet becomes a device; the code comes behind "#"."""
    return render_template("devices/enrol.html")


@bp.get("/offline")
@public
def offline() -> str:
    """What the service worker shows when a page cannot be fetched."""
    return render_template("errors/offline.html")


@bp.get("/sw.js")
@public
def service_worker() -> Response:
    """The service worker; asked again at every visit, so a new release is seen at once."""
    answer = Response(worker_source(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What the phone's home screen shows."""
    app = f"/static/{current_app.extensions['static_tree']}/img"
    answer = jsonify(
        name=_("Ngày hội Gia đình tiêu biểu"),
        short_name=_("Ngày hội"),
        lang="vi",
        start_url="/",
        display="standalone",
        background_color="#faf6ef",
        theme_color="#6c2509",
        icons=[
            {"src": f"{app}/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)
        ],
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/office/devices")
@requires(Permission.DEVICES)
def devices_page() -> str:
    """Every device, what is missing from it, codes still open, and messages set aside."""
    return _page(EnrolmentForm(formdata=None))


@bp.post("/office/devices/codes")
@requires(Permission.DEVICES)
def new_code() -> ResponseReturnValue:
    """Make a one-time code."""
    form = EnrolmentForm()
    with reading():
        _fill(form)
    if not form.validate():
        return _page(form, filled=True), 422
    user_id = form.user_id.data if form.role.data == DeviceRole.JUDGE else None
    with transaction():
        made = enrolment.make_enrolment_code(
            the_festival().id, DeviceRole(form.role.data), user_id, (form.station.data or "").strip()
        )
    return redirect(url_for("devices.show_code", code_id=made.id))


@bp.get("/office/devices/codes/<int(max=9007199254740991):code_id>")
@requires(Permission.DEVICES)
def show_code(code_id: int) -> str:
    """The code as QR and as 8 characters, while it is unused."""
    row = next((code for code in queries.open_codes(the_festival().id, now()) if code.id == code_id), None)
    if row is None:
        raise NotFound(_("Mã này đã được dùng, đã hủy hoặc hết hạn. Tạo mã mới ở trang Thiết bị."))
    text = enrolment.code_text(row.id)
    address = f"{current_app.config['FESTIVAL'].public_url}/enrol#{text}"
    return render_template(
        "devices/code.html",
        row=row,
        role=ROLE_WORDS[row.role],
        code=f"{text[:4]}-{text[4:]}",
        picture=qr.svg(address, label=_("Mã gắn máy"), level="M"),
        address=address,
    )


@bp.post("/office/devices/codes/<int(max=9007199254740991):code_id>/cancel")
@requires(Permission.DEVICES)
def cancel_code(code_id: int) -> ResponseReturnValue:
    """Make an unused code useless."""
    with transaction():
        cancelled = enrolment.cancel_enrolment_code(the_festival().id, code_id)
    if cancelled:
        flash(_("Đã hủy mã gắn máy."), "good")
    else:
        flash(_("Mã này đã được dùng. Nếu máy lạ dùng nó, thu hồi máy đó."), "warn")
    return redirect(url_for("devices.devices_page"))


@bp.post("/office/devices/<int(max=9007199254740991):device_id>/revoke")
@requires(Permission.DEVICES)
def revoke(device_id: int) -> ResponseReturnValue:
    """Shut a device out; what it still sends is set aside and shown."""
    with transaction():
        done = enrolment.revoke(the_festival().id, device_id)
    if not done:
        raise NotFound(_("Không có máy này, hoặc máy đã được thu hồi trước đó."))
    flash(_("Đã thu hồi máy. Danh sách trên máy đó sẽ bị xóa; lượt chưa gửi vẫn được nhận và giữ riêng."), "good")
    return redirect(url_for("devices.devices_page"))


@bp.post("/office/devices/aside/<mid>")
@requires(Permission.DEVICES)
def acknowledge(mid: str) -> ResponseReturnValue:
    """Somebody has looked at a message set aside."""
    with transaction():
        done = enrolment.acknowledge(the_festival().id, mid, acting_user())
    if not done:
        raise NotFound(_("Tin này đã có người xem rồi."))
    return redirect(url_for("devices.devices_page") + "#aside")


def _wants_a_look(line: DeviceLine, silent_before: float) -> bool:
    """Something is missing from it, was set aside, is odd, or it is silent."""
    silent = line.last_seen_at is not None and line.last_seen_at.timestamp() < silent_before
    return bool(line.gaps or line.unseen or line.notes or (silent and not line.revoked))


def _fill(form: EnrolmentForm) -> None:
    form.user_id.choices = choices_of([("", "—"), *((str(number), name) for number, name in queries.judges())])


def _page(form: EnrolmentForm, *, filled: bool = False) -> str:
    festival = the_festival()
    if not filled:
        _fill(form)
    silent_before = now().timestamp() - 600
    every = queries.device_lines(festival.id)
    show = request.args.get("show", "")
    kinds: dict[str, Callable[[DeviceLine], bool]] = {
        "on": lambda line: not line.revoked,
        "look": lambda line: _wants_a_look(line, silent_before),
        "revoked": lambda line: line.revoked,
    }
    lines = [line for line in every if kinds[show](line)] if show in kinds else every
    part = asked_part(len(lines), DEVICES_A_PAGE)
    return render_template(
        "devices/devices.html",
        form=form,
        lines=part.of(lines),
        part=part,
        show=show if show in kinds else "",
        found={"": len(every)} | {name: sum(map(belongs, every)) for name, belongs in kinds.items()},
        codes=_codes(queries.open_codes(festival.id, now())),
        stations=queries.stations(festival.id),
        words=ROLE_WORDS,
        aside=_aside(festival.id),
        silent_before=silent_before,
        open_form=request.method == "POST",
    )


def _aside(festival_id: int) -> list[tuple[Row[Any], str, str, datetime]]:
    """(message, what it is about, why it was set aside, when it was said by the corrected clock), oldest first."""
    rows = queries.aside(festival_id)
    about: dict[str, str] = {}
    for kind in {row.kind for row in rows}:
        same = [row for row in rows if row.kind == kind]
        about.update(
            zip((row.mid for row in same), described(kind, festival_id, [row.body for row in same]), strict=True)
        )
    return [(row, about[row.mid], reason_words(row.verdict, row.reason), _said_at(row)) for row in rows]


def _said_at(row: Row[Any]) -> datetime:
    # A phone's clock may say anything; the page must still open.
    return EPOCH + timedelta(milliseconds=min(max(row.wall_ms + row.offset_ms, 0), LATEST_MS))


def _codes(rows: list[EnrolmentCode]) -> list[tuple[EnrolmentCode, str]]:
    return [(row, str(ROLE_WORDS[row.role])) for row in rows]
