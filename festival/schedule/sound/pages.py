"""The sound desk: tracks of a stage in their running order, all of them as one ZIP; the sheet the MC reads from."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.acts.file_names import plain_name
from festival.core.files import store
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, current_actor, requires, signed_in
from festival.core.web.errors import NotFound
from festival.core.web.paging import asked_number
from festival.schedule.blueprint import bp
from festival.schedule.published.following import followed
from festival.schedule.sound import order
from festival.schedule.sound.zipped import zipped
from festival.schedule.timetable import on_and_next, stage_part


@bp.get("/office/stage/<code>/sound")
@requires(Permission.STAGE)
def sound(code: str) -> ResponseReturnValue:
    """What plays when: microphones, props, minutes, the track to hear or the stick that was handed over."""
    return _sheet(code, "schedule/sound/sound.html")


@bp.get("/office/stage/<code>/mc")
@signed_in
def mc_sheet(code: str) -> ResponseReturnValue:
    """What the MC says before each act: how names are said, title, the two lines."""
    actor = current_actor()
    if not (actor.may(Permission.MC) or actor.may(Permission.STAGE)):
        raise NotFound()
    return _sheet(code, "schedule/sound/mc.html")


def _sheet(code: str, template: str) -> str:
    stage = order.stage_of(code)
    follows = followed(stage.festival_id, stage)
    sessions = follows.sessions
    on, following = on_and_next(sessions)
    shown = stage_part(sessions, asked_number("page"), next(iter([*on, *following]), None))
    acts = [act for each in shown.sessions for act in each.acts]
    return render_template(
        template,
        stage=stage,
        shown=shown,
        lines=order.lines_of(stage.festival_id, acts),
        on={act.id for act in on},
        lanes=follows.lanes,
    )


@bp.get("/office/stage/<code>/sound.zip")
@requires(Permission.STAGE)
def sound_zip(code: str) -> Response:
    """Every track in the running order; it is sent as it is read."""
    stage = order.stage_of(code)
    acts = order.playing(followed(stage.festival_id, stage).sessions)
    lines = order.lines_of(stage.festival_id, acts)
    tracks = order.packed(acts, lines)
    looked(SecurityKind.EXPORT, what="tracks", stage=code)
    words = {"USB": _("trên USB"), "-": _("không có nhạc")}
    listed = "\r\n".join(
        f"{name} ({words[end]})" if end in words else f"{name}.{end}"
        for name, _dot, end in (track.name.rpartition(".") for track in tracks)
    )
    pieces = zipped(tracks, plain_name(_("000 Danh sách")) + ".txt", listed, store.opener())
    answer = Response(pieces, mimetype="application/zip")
    name = plain_name(_("Nhạc %(stage)s", stage=stage.name))
    answer.headers["Content-Disposition"] = f"attachment; filename=\"tracks.zip\"; filename*=UTF-8''{quote(name)}.zip"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
