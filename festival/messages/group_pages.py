"""What goes into a delegation's group, as text and picture: for the organiser all delegations, for an officer the own one."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import NotFound, Overtaken
from festival.core.web.forms import form_number
from festival.core.web.i18n import chosen_language
from festival.core.work import jobs
from festival.core.work.fetching import fetched, how_far
from festival.core.work.jobs import JobState
from festival.editions.queries import the_festival
from festival.messages.blueprint import bp
from festival.messages.gathered import pictures, sent, told
from festival.messages.gathered.parts import text_of
from festival.messages.gathered.reading import Notice, digest, festival_facts, file_name, notices
from festival.messages.models import ToldWay
from festival.roster.delegations import delegation_of
from festival.roster.models import Delegation


def _of_the_office(code: str) -> Delegation:
    found = db.session.scalar(
        select(Delegation).where(Delegation.code == code, Delegation.festival_id == the_festival().id)
    )
    if found is None:
        raise NotFound()
    return found


def _of_the_officer(code: str) -> Delegation:
    return delegation_of(current_actor(), code)


@bp.get("/office/messages/groups")
@requires(Permission.OFFICE)
def groups() -> ResponseReturnValue:
    """All delegations: whose message is in its group, whose has changed since; all at once as a file."""
    festival = the_festival()
    facts = festival_facts(festival)
    every = notices(festival)
    progress = _progress(festival.code)
    ticked = sent.ticked(festival.id)
    rows = [
        (notice, ticked.get(notice["id"]), digest(facts, notice)) for notice in every if notice["kind"] == "delegation"
    ]
    basis = jobs.basis_of({"facts": facts, "notices": every})
    return render_template(
        "messages/groups.html",
        rows=rows,
        many=len(every),
        progress=progress,
        stale=progress is not None and progress.state is JobState.READY and progress.basis != basis,
    )


@bp.post("/office/messages/groups")
@requires(Permission.OFFICE)
def groups_post() -> ResponseReturnValue:
    """Let the worker make all of them."""
    with transaction():
        jobs.ask(pictures.KIND, the_festival().code, chosen_language())
    return redirect(url_for("messages.groups"), 303)


@bp.get("/office/messages/groups/state")
@requires(Permission.OFFICE)
def groups_state() -> ResponseReturnValue:
    """How far they are."""
    return how_far(_progress(the_festival().code))


@bp.get("/office/messages/groups.zip")
@requires(Permission.OFFICE)
def groups_file() -> ResponseReturnValue:
    """All texts and pictures, a folder a delegation."""
    gone = _("Tin chưa làm xong hoặc đã hết hạn giữ. Làm lại ở trang tin cho các đoàn.")
    progress = fetched([_progress(the_festival().code)], gone)
    head = {"Content-Disposition": 'attachment; filename="tin-cac-doan.zip"', "Cache-Control": "private, no-store"}
    return Response(pictures.as_zip(progress), mimetype="application/zip", headers=head)


def _progress(code: str) -> jobs.Progress | None:
    return jobs.latest(pictures.KIND, code, chosen_language())


@bp.get("/office/messages/groups/<code>")
@requires(Permission.OFFICE)
def group(code: str) -> ResponseReturnValue:
    """One delegation's message."""
    return _page(_of_the_office(code), "messages.group", request.args.get("of", ""))


@bp.get("/office/messages/groups/<code>/picture.png")
@requires(Permission.OFFICE)
def group_picture(code: str) -> ResponseReturnValue:
    """The same as a picture, of the delegation or of one family."""
    return _picture(_of_the_office(code), request.args.get("of", ""))


@bp.post("/office/messages/groups/<code>")
@requires(Permission.OFFICE)
def group_post(code: str) -> ResponseReturnValue:
    """Ticked as sent, or the tick taken back."""
    return _ticked(_of_the_office, code, "messages.group")


@bp.get("/delegation/<code>/message")
@requires(Permission.DELEGATION)
def own_group(code: str) -> ResponseReturnValue:
    """The message of one's own delegation."""
    return _page(_of_the_officer(code), "messages.own_group", request.args.get("of", ""))


@bp.get("/delegation/<code>/message/picture.png")
@requires(Permission.DELEGATION)
def own_group_picture(code: str) -> ResponseReturnValue:
    """The same as a picture."""
    return _picture(_of_the_officer(code), request.args.get("of", ""))


@bp.post("/delegation/<code>/message")
@requires(Permission.DELEGATION)
def own_group_post(code: str) -> ResponseReturnValue:
    """Ticked as sent, or the tick taken back."""
    return _ticked(_of_the_officer, code, "messages.own_group")


def _meant(delegation: Delegation, of: str) -> tuple[list[Notice], Notice]:
    """The delegation's messages, and the one that is asked for: its own, or that of a family of it."""
    every = notices(delegation.festival, delegation)
    meant = next((each for each in every if each["kind"] == "family" and each["code"] == of), None) if of else every[0]
    if meant is None:
        raise NotFound()
    return every, meant


def _page(delegation: Delegation, endpoint: str, of: str) -> ResponseReturnValue:
    every, meant = _meant(delegation, of)
    facts = festival_facts(delegation.festival)
    return render_template(
        "messages/group.html",
        delegation=delegation,
        endpoint=endpoint,
        meant=meant,
        families=every[1:],
        text=text_of(facts, meant),
        digest=digest(facts, every[0]),
        ticked=sent.ticked(delegation.festival_id).get(delegation.id) if meant is every[0] else None,
        history=told.history(delegation.id, meant["said"]["family"]),
        version=meant["said"]["version"],
    )


def _picture(delegation: Delegation, of: str) -> Response:
    _every, meant = _meant(delegation, of)
    (picture,) = pictures.drawn(festival_facts(delegation.festival), [meant])
    name = f"{file_name(meant['name'])}.png"
    head = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(picture, mimetype="image/png", headers=head)


def _ticked(own: object, code: str, endpoint: str) -> ResponseReturnValue:
    assert callable(own)
    of = request.form.get("of", "")
    with transaction():
        delegation = own(code)
        _every, meant = _meant(delegation, of)
        if request.form.get("step") == "untick":
            _untick(delegation, meant)
        else:
            _tick(delegation, meant)
    flash(_("Đã ghi."), "good")
    return redirect(url_for(endpoint, code=code, of=of or None), 303)


def _tick(delegation: Delegation, meant: Notice) -> None:
    """Overtaken when the message on the screen was that of an earlier version: what was sent is not what would be noted."""
    if form_number("seen") != meant["said"]["version"]:
        raise Overtaken(
            _("Lịch thi vừa được công bố lại trong lúc trang này mở. Xem bản mới, gửi bản mới vào nhóm, rồi bấm lại.")
        )
    told.tell(delegation.festival, [meant["said"]], ToldWay.BY_HAND, acting_user())
    if meant["kind"] == "delegation":
        sent.tick(delegation, request.form.get("digest", "")[:64], acting_user())


def _untick(delegation: Delegation, meant: Notice) -> None:
    """Of a group also what is not of turns; a message of before the first publication held none."""
    group = meant["kind"] == "delegation"
    if not group or told.last_told(delegation.festival_id).of(meant["said"]) is not None:
        told.take_back(delegation.festival, meant["said"], acting_user())
    if group:
        sent.untick(delegation)
