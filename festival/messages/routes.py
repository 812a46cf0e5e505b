"""The organiser's announcements: written, looked at as they will be read, put up, corrected, withdrawn, put up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.queries import contests
from festival.core.clock import local, now
from festival.core.secrets import new_token
from festival.core.text import clean, cut
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.forms import form_number
from festival.core.web.i18n import moment, say
from festival.core.web.moments import read_moment
from festival.core.web.paging import asked_part
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.messages import announcing, group_pages, letter_pages, queries
from festival.messages.announcing import ToWhom
from festival.messages.blueprint import bp
from festival.messages.forms import AnnouncementForm, WordsForm
from festival.messages.models import Announcement, Audience
from festival.messages.posters import poster_pdf
from festival.messages.queries import News
from festival.messages.spoken import LONGEST, Lasting, aloud, end_fault, ends_at, midnight_after
from festival.messages.words import as_text
from festival.roster.delegations import delegations

__all__ = ["bp", "group_pages", "letter_pages"]  # its pages are drawn on the blueprint when it is imported

LISTED = 20


@bp.get("/office/messages")
@requires(Permission.OFFICE)
def overview() -> ResponseReturnValue:
    """What stands now, what was announced before, and what else goes out."""
    festival = the_festival()
    rows = queries.announcements(festival.id)
    part = asked_part(len(rows), LISTED)
    shown = part.of(rows)
    names = queries.entry_names(shown)
    return render_template(
        "messages/overview.html",
        part=part,
        rows=[(row, queries.to_whom(row, names)) for row in shown],
        at=now(),
    )


@bp.get("/office/messages/poster.pdf")
@requires(Permission.OFFICE)
def poster() -> ResponseReturnValue:
    """To print and hang up: where the programme is, whom to call; on A3 if asked."""
    size = "a3" if request.args.get("size") == "a3" else "a4"
    made = poster_pdf(the_festival(), size)
    head = {"Content-Disposition": f'inline; filename="ap-phich-{size}.pdf"', "Cache-Control": "private, no-store"}
    return Response(made, mimetype="application/pdf", headers=head)


@bp.get("/office/messages/new")
@requires(Permission.OFFICE)
def new_page() -> ResponseReturnValue:
    """An empty form; `?words=`: what another page proposes to say."""
    form = AnnouncementForm(formdata=None)
    form.words.data = cut(request.args.get("words", ""), LONGEST)
    _offer(form, the_festival())
    form.key.data, form.audience.data, form.lasting.data = new_token(), Audience.ALL.value, Lasting.TODAY.value
    return render_template("messages/new.html", form=form)


@bp.post("/office/messages/new")
@requires(Permission.OFFICE)
def new_post() -> ResponseReturnValue:
    """Looked at first, then put up: what everybody will read is read once by whoever sends it."""
    form = AnnouncementForm()
    with reading():
        festival = the_festival()
        _offer(form, festival)
        fine = _read(form, festival)
        to = _meant(form, festival) if fine else None
    if not fine or to is None:
        return render_template("messages/new.html", form=form), 422
    step = request.form.get("step")
    if step == "confirm":
        with transaction():
            number = announcing.announce(
                the_festival(), _key(form), to.to, _words(form), _until(form, festival), acting_user()
            )
        flash(_("Đã đăng thông báo. Mọi trang hiện trong một phút."), "good")
        return redirect(url_for("messages.one", number=number))
    if step == "back":
        return render_template("messages/new.html", form=form)
    return _preview(festival, form, to.name, url_for("messages.new_post"))


@bp.get("/office/messages/<int(max=9007199254740991):number>")
@requires(Permission.OFFICE)
def one(number: int) -> ResponseReturnValue:
    """As it is read, its text and its sentence for the loudspeaker, and the form to correct it."""
    festival = the_festival()
    row = announcing.announcement(festival, number)
    form = WordsForm(formdata=None)
    form.words.data, form.lasting.data = row.words, Lasting.TYPED.value
    until = local(row.until)
    form.until.data = f"{until.day}/{until.month}/{until.year} {until.hour}:{until.minute:02d}"
    return _one_page(festival, row, form)


@bp.post("/office/messages/<int(max=9007199254740991):number>")
@requires(Permission.OFFICE)
def correct_post(number: int) -> ResponseReturnValue:
    """Other words or another hour: looked at, then put up in the place of the first."""
    form = WordsForm()
    version = form_number("version")
    with reading():
        festival = the_festival()
        row = announcing.announcement(festival, number)
        if not _read(form, festival):
            return _one_page(festival, row, form), 422
        name = queries.to_whom(row, queries.entry_names([row]))
    step = request.form.get("step")
    if step == "confirm":
        with transaction():
            row = announcing.announcement(the_festival(), number)
            announcing.correct(row, version, _words(form), _until(form, festival), acting_user())
        flash(_("Đã sửa. Ai đã xem bản trước sẽ thấy bản này cùng dòng “đã sửa”."), "good")
        return redirect(url_for("messages.one", number=number))
    if step == "back":
        with reading():
            return _one_page(the_festival(), announcing.announcement(the_festival(), number), form)
    return _preview(festival, form, name, url_for("messages.correct_post", number=number), row.words, version)


@bp.post("/office/messages/<int(max=9007199254740991):number>/withdraw")
@requires(Permission.OFFICE)
def withdraw_post(number: int) -> ResponseReturnValue:
    """It does not hold any more."""
    with transaction():
        row = announcing.announcement(the_festival(), number)
        announcing.withdraw(row, form_number("version"), acting_user())
    flash(_("Đã rút thông báo. Trong một giờ, các trang còn ghi là thông báo đã rút."), "warn")
    return redirect(url_for("messages.one", number=number))


@bp.post("/office/messages/<int(max=9007199254740991):number>/again")
@requires(Permission.OFFICE)
def again_post(number: int) -> ResponseReturnValue:
    """Withdrawn by a slip."""
    with transaction():
        row = announcing.announcement(the_festival(), number)
        announcing.put_up_again(row, form_number("version"), acting_user())
    flash(_("Đã đăng lại thông báo."), "good")
    return redirect(url_for("messages.one", number=number))


@dataclass(frozen=True, slots=True)
class _Reached:
    to: ToWhom
    name: str


def _offer(form: AnnouncementForm, festival: Festival) -> None:
    form.offer(delegations(festival.id), contests(festival.id))


def _read(form: WordsForm, festival: Festival) -> bool:
    """Whether the form can be read; what is wrong stands beside its field."""
    fine: bool = form.validate()
    if form.lasting.errors:
        return False
    fault = end_fault(_end(form, festival), now())
    if fault is not None:
        beside = form.until if form.lasting.data == Lasting.TYPED else form.lasting
        beside.errors = [*beside.errors, say(fault)]
        fine = False
    return fine


def _end(form: WordsForm, festival: Festival) -> datetime | None:
    at = local(now()).replace(microsecond=0)
    last = midnight_after(
        at.replace(year=festival.ends_on.year, month=festival.ends_on.month, day=festival.ends_on.day)
    )
    end = ends_at(Lasting(form.lasting.data), read_moment(form.until.data or ""), at, last)
    return None if end is None else end.astimezone(UTC)


def _until(form: WordsForm, festival: Festival) -> datetime:
    end = _end(form, festival)
    assert end is not None  # the form was read
    return end


def _words(form: WordsForm) -> str:
    return clean(form.words.data or "").strip()


def _key(form: AnnouncementForm) -> str:
    """Of the form, so that it makes one announcement however often it is sent."""
    return clean(form.key.data or "")[:64] or new_token()


def _meant(form: AnnouncementForm, festival: Festival) -> _Reached | None:
    """Whom it is for; None with the reason beside the field."""
    match Audience(form.audience.data):
        case Audience.ALL:
            return _Reached(ToWhom(Audience.ALL), "")
        case Audience.DELEGATION:
            row = next(each for each in delegations(festival.id) if each.code == form.delegation.data)
            return _Reached(ToWhom(Audience.DELEGATION, delegation_id=row.id), row.name)
        case Audience.ENTRY:
            contest = next(each for each in contests(festival.id) if each.code == form.contest.data)
            found = queries.acts_meant(contest, form.act.data or "")
            if len(found) == 1:
                return _Reached(ToWhom(Audience.ENTRY, entry_code=found[0].code), found[0].name)
            if not found:
                said = _("Không có tiết mục nào như vậy trong phần thi này. Xem lại số báo danh hoặc tên.")
            else:
                listed = ", ".join(
                    f"{entry.number}. {entry.name}" if entry.number else entry.name for entry in found[:5]
                )
                said = _("Có %(n)s tiết mục như vậy: %(listed)s. Ghi rõ hơn.", n=len(found), listed=listed)
            form.act.errors = [*form.act.errors, said]
            return None


def _preview(
    festival: Festival, form: WordsForm, to: str, action: str, before: str = "", version: int = 0
) -> ResponseReturnValue:
    at, until = now(), _until(form, festival)
    news = News(0, 1 + bool(before), _words(form), to, at, until, at if before else None, withdrawn=False)
    kept = {field.name: field.data or "" for field in form if field.name != "csrf_token"}
    return render_template(
        "messages/preview.html",
        news=news,
        kept={**kept, "version": version},
        action=action,
        before=before,
        text=as_text(news, festival.short_name or festival.name),
        aloud=aloud(news.words, to),
        until=moment(until),
    )


def _one_page(festival: Festival, row: Announcement, form: WordsForm) -> str:
    news = queries.news_of(row, queries.entry_names([row]))
    earlier = [{**each, "at": datetime.fromisoformat(each["at"])} for each in reversed(row.earlier)]
    return render_template(
        "messages/one.html",
        row=row,
        news=news,
        form=form,
        earlier=earlier,
        over=row.until <= now(),
        text=as_text(news, festival.short_name or festival.name),
        aloud=aloud(row.words, news.to),
    )
