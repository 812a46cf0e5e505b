"""The office's page of devices, the page where a phone enrols, and the service worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row

from festival.core import qr
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.core.rehearsing.marked import rehearsed
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, public, requires
from festival.core.web.errors import Forbidden, NotFound
from festival.core.web.paging import asked_part
from festival.devices import enrolment, queries, rights
from festival.devices.activation import sealed_cards
from festival.devices.app_files import worker_source
from festival.devices.forms import EnrolmentForm
from festival.devices.handlers import DeviceRole, described
from festival.devices.queries import DeviceLine
from festival.devices.shifts.holding import holders
from festival.devices.wire import EPOCH, LATEST_MS
from festival.devices.words import ROLE_WORDS, reason_words
from festival.editions.queries import current_festival, the_festival

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
        name=_("TỔNG DUYỆT") if rehearsed() else _("Ngày hội Gia đình tiêu biểu"),
        short_name=_("TỔNG DUYỆT") if rehearsed() else _("Ngày hội"),
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


@bp.get("/activate")
@public
def activate_page() -> str:
    """Where a judge opens the tablet with the own PIN: a shell without a row of the database."""
    return render_template("devices/activate.html")


@bp.get("/office/devices")
@requires(Permission.DEVICES)
def devices_page() -> str:
    """The devices this account looks after, what is missing from each, codes still open, and messages set aside."""
    if current_festival() is None:
        return render_template("layouts/no_edition.html", words=_("Thiết bị"))
    return _page(None)


@bp.post("/office/devices/codes")
@requires(Permission.DEVICES)
def new_code() -> ResponseReturnValue:
    """Make a one-time code and show it, this once, to who made it: as QR and as 8 characters."""
    _may_handle(_role_of(request.form.get("role", "")))
    with reading():
        form = EnrolmentForm(_handled(), queries.judges())
    if not form.validate():
        return _page(form), 422
    role = DeviceRole(form.role.data)
    user_id = form.user_id.data if role is DeviceRole.JUDGE else None
    station = (form.station.data or "").strip()
    with transaction():
        made = enrolment.make_enrolment_code(the_festival().id, role, user_id, station, acting_user())
    address = f"{current_app.config['FESTIVAL'].public_url}/enrol#{made.code}"
    answer = make_response(
        render_template(
            "devices/code.html",
            role=ROLE_WORDS[role],
            station=station or dict(queries.judges()).get(user_id or 0, ""),
            needs_judge=role is DeviceRole.JUDGE,
            expires_at=now() + enrolment.CODE_VALID,
            code=f"{made.code[:4]}-{made.code[4:]}",
            picture=qr.svg(address, label=_("Mã gắn máy"), level="M"),
            address=address,
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/office/devices/codes/<int(max=9007199254740991):code_id>/cancel")
@requires(Permission.DEVICES)
def cancel_code(code_id: int) -> ResponseReturnValue:
    """Make an unused code useless."""
    with transaction():
        festival_id = the_festival().id
        _may_handle(enrolment.role_of_code(festival_id, code_id))
        cancelled = enrolment.cancel_enrolment_code(festival_id, code_id)
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
        festival_id = the_festival().id
        _may_handle(enrolment.role_of_device(festival_id, device_id))
        done = enrolment.revoke(festival_id, device_id)
    if not done:
        raise NotFound(_("Không có máy này, hoặc máy đã được thu hồi trước đó."))
    flash(_("Đã thu hồi máy. Danh sách trên máy đó sẽ bị xóa; lượt chưa gửi vẫn được nhận và giữ riêng."), "good")
    return redirect(url_for("devices.devices_page"))


@bp.post("/office/devices/aside/<mid>")
@requires(Permission.DEVICES)
def acknowledge(mid: str) -> ResponseReturnValue:
    """Somebody has looked at a message set aside."""
    with transaction():
        festival_id = the_festival().id
        _may_handle(enrolment.role_of_message(festival_id, mid))
        done = enrolment.acknowledge(festival_id, mid, acting_user())
    if not done:
        raise NotFound(_("Tin này đã có người xem rồi."))
    return redirect(url_for("devices.devices_page") + "#aside")


@bp.get("/office/devices/cards")
@requires(Permission.SEALED_CARDS)
def cards_page() -> str:
    """Which judge has a PIN, for whom a sealed card lies ready, and the form that makes new ones."""
    return render_template("devices/cards.html", judges=sealed_cards.judge_lines())


@bp.post("/office/devices/cards")
@requires(Permission.SEALED_CARDS)
def new_cards() -> ResponseReturnValue:
    """New sealed cards for the chosen judges, to print now: their digits are shown this once."""
    chosen = {typed_number(value) for value in request.form.getlist("judge")}
    if not chosen:
        flash(_("Chọn ít nhất một giám khảo để in thẻ."), "warn")
        return redirect(url_for("devices.cards_page"), 303)
    with transaction():
        festival = the_festival()
        made = sealed_cards.issue_cards([number or 0 for number in chosen], acting_user())
        name = festival.name
    address = f"{current_app.config['FESTIVAL'].public_url}{url_for('devices.activate_page')}"
    picture = qr.svg(address, label=_("Trang mở máy chấm"), level="M")
    answer = make_response(
        render_template("devices/cards_print.html", cards=made, festival_name=name, address=address, picture=picture)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _handled() -> frozenset[DeviceRole]:
    """The device roles the asking account looks after."""
    return rights.handled(current_actor().permissions)


def _role_of(value: str) -> DeviceRole | None:
    return next((role for role in DeviceRole if role.value == value), None)


def _may_handle(role: DeviceRole | None) -> None:
    """Forbidden when the account has no right to devices of this role; what is not there is the caller's matter."""
    if role is not None and role not in _handled():
        raise Forbidden(
            _("Tài khoản này không được quản lý loại máy đó. Máy của giám khảo do thư ký hoặc Ban Tổ chức quản lý.")
        )


def _wants_a_look(line: DeviceLine, silent_before: float) -> bool:
    """Something is missing from it, was set aside, is odd, or it is silent."""
    silent = line.last_seen_at is not None and line.last_seen_at.timestamp() < silent_before
    urgent = any(sign.urgent for sign in line.signs)
    return bool(line.gaps or line.unseen or line.notes or line.waiting or urgent or (silent and not line.revoked))


def _page(form: EnrolmentForm | None) -> str:
    festival = the_festival()
    roles = _handled()
    if form is None:
        form = EnrolmentForm(roles, queries.judges(), formdata=None)
    silent_before = (now() - queries.SILENT_AFTER).timestamp()
    every = queries.device_lines(festival.id, roles)
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
        holders=holders(festival.id),
        part=part,
        show=show if show in kinds else "",
        found={"": len(every)} | {name: sum(map(belongs, every)) for name, belongs in kinds.items()},
        codes=queries.open_codes(festival.id, now(), roles),
        stations=queries.stations(festival.id),
        words=ROLE_WORDS,
        aside=_aside(festival.id, roles),
        silent_before=silent_before,
        open_form=request.method == "POST",
        for_judges=DeviceRole.JUDGE in roles,
        may_print_cards=current_actor().may(Permission.SEALED_CARDS),
    )


def _aside(festival_id: int, roles: frozenset[DeviceRole]) -> list[tuple[Row[Any], str, str, datetime]]:
    """(message, what it is about, why it was set aside, when it was said by the corrected clock), oldest first."""
    rows = queries.aside(festival_id, roles)
    about: dict[str, str] = {}
    for kind in {row.kind for row in rows}:
        same = [row for row in rows if row.kind == kind]
        said = [{**row.body, "subject": row.subject} for row in same]
        about.update(zip((row.mid for row in same), described(kind, festival_id, said), strict=True))
    return [(row, about[row.mid], reason_words(row.verdict, row.reason), _said_at(row)) for row in rows]


def _said_at(row: Row[Any]) -> datetime:
    # A phone's clock may say anything; the page must still open.
    return EPOCH + timedelta(milliseconds=min(max(row.wall_ms + row.offset_ms, 0), LATEST_MS))
