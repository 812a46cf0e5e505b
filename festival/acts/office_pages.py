"""The organiser says what a contest asks of its acts and corrects what was written; the sound desk gets files and gives newer ones."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.acts import asking, doors, keeping, queries, reminding
from festival.acts.access import entry_of_office, writable
from festival.acts.blueprint import bp
from festival.acts.doors import ActDoor
from festival.acts.facts import ActAsk
from festival.contests.queries import contest_by_code
from festival.core.clock import local
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.moments import read_moment
from festival.editions.queries import the_festival
from festival.roster.models import Entry


def _door(act: str) -> ActDoor:
    def find() -> Entry:
        return entry_of_office(act)

    how = "office" if current_actor().may(Permission.SCHEDULE) else "stage"
    return ActDoor(
        how, acting_user(), find, "acts/staff.html", url_for("acts.office_act", act=act),
        url_for("acts.office_upload", act=act),
    )  # fmt: skip


@bp.get("/office/acts")
@requires(Permission.STAGE)
def office_acts() -> ResponseReturnValue:
    """What each contest asks, until when, and how far its acts are."""
    festival = the_festival()
    rows = queries.contests_with_acts(festival.id)
    waits = len(reminding.of_lines(rows))
    return render_template("acts/contests.html", festival=festival, rows=rows, waits=waits)


@bp.post("/office/acts/remind")
@requires(Permission.SCHEDULE)
def office_acts_remind() -> ResponseReturnValue:
    """One letter to every family of which something is still missing and may still be written."""
    with transaction():
        festival = the_festival()
        done = reminding.remind(festival, reminding.still_open(festival.id), acting_user())
    flash(reminding.reminded_words(done), "good" if done.letters else "note")
    return redirect(url_for("acts.office_acts"), 303)


@bp.get("/office/acts/contests/<code>")
@requires(Permission.STAGE)
def office_contest_acts(code: str) -> ResponseReturnValue:
    """The acts of one contest in their order, and what is missing of each."""
    contest = contest_by_code(the_festival(), code)
    found = queries.contests_with_acts(contest.festival_id, contest.id)
    if not found:
        raise NotFound()
    until = found[0].asking.until
    written = f"{local(until):%d/%m/%Y %H:%M}" if until else ""
    return render_template("acts/contest.html", contest=contest, row=found[0], asked=list(ActAsk), until=written)


@bp.post("/office/acts/contests/<code>")
@requires(Permission.SCHEDULE)
def office_asking(code: str) -> ResponseReturnValue:
    """Say what is asked, and until when; again as often as needed, also to extend it."""
    chosen = set(request.form.getlist("asked"))
    if not chosen <= {each.value for each in ActAsk}:
        raise BadInput(field="asked")
    typed = request.form.get("until", "").strip()
    until = read_moment(typed) if typed else None
    if typed and until is None:
        raise BadInput(_("Ghi hạn như 12/6/2024 17:00, hoặc để trống nếu nhận đến khi khóa điểm."))
    seen = typed_number(request.form.get("version", ""))
    if seen is None:
        raise BadInput()
    with transaction():
        contest = contest_by_code(the_festival(), code)
        if not contest.has_order:
            raise NotFound()
        wanted = [each for each in ActAsk if each.value in chosen]
        asking.set_asking(contest.festival, contest, wanted, until, seen, acting_user())
    words = _("Đã lưu. Gia đình và cán bộ thấy ngay.") if chosen else _("Đã lưu. Phần thi này không hỏi gì nữa.")
    flash(words, "good")
    return redirect(url_for("acts.office_contest_acts", code=code), 303)


@bp.get("/office/acts/<act>")
@requires(Permission.STAGE)
def office_act(act: str) -> ResponseReturnValue:
    """What stands of an act, what came before."""
    return doors.draw(_door(act))


@bp.post("/office/acts/<act>")
@requires(Permission.SCHEDULE)
def office_act_save(act: str) -> ResponseReturnValue:
    """A correction, after the hour too."""
    door = _door(act)
    return doors.save(door) or redirect(door.base, 303)


@bp.post("/office/acts/<act>/file")
@requires(Permission.STAGE)
def office_act_file(act: str) -> ResponseReturnValue:
    """A newer track or photo, in one piece."""
    door = _door(act)
    doors.send_file(door)
    return redirect(door.base, 303)


@bp.post("/office/acts/<act>/back")
@requires(Permission.STAGE)
def office_act_back(act: str) -> ResponseReturnValue:
    """What stood before stands again; what is said of the act is the organiser's to put back."""
    door = _door(act)
    doors.go_back(door, facts_too=current_actor().may(Permission.SCHEDULE))
    return redirect(door.base, 303)


@bp.post("/office/acts/<act>/usb")
@requires(Permission.STAGE)
def office_act_usb(act: str) -> ResponseReturnValue:
    """The track was handed over on a USB stick."""
    with transaction():
        entry = entry_of_office(act)
        writable(entry, "stage")
        keeping.note_usb(entry.contest.festival, entry, acting_user())
        words = _("%(name)s: đã nhận nhạc bằng USB.", name=entry.name)
    flash(words, "good")
    return redirect(url_for("acts.office_act", act=act), 303)


@bp.get("/office/acts/<act>/<kind>/<int:number>")
@requires(Permission.STAGE)
def office_act_served(act: str, kind: str, number: int) -> Response:
    """A file, for who plays it."""
    return doors.serve(entry_of_office(act), kind, number)


@bp.post("/api/v1/acts/<act>/upload")
@requires(Permission.STAGE)
def office_upload(act: str) -> ResponseReturnValue:
    """Begin to send a track in parts."""
    return doors.begin(_door(act))
