"""The pages of what papers are founded on, and of a panel's meeting: written, put right, taken back, brought again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from festival.contests.models import ContestState
from festival.core.clock import local, today
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires, signed_in
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.forms import not_offered
from festival.core.web.i18n import day as day_words
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.results.blueprint import bp
from festival.results.ladder.states import MinutesSigner, signers_of, steps_of
from festival.results.meeting.models import FoundingKind, PanelMeeting, WholeMeeting
from festival.results.meeting.reading import founding_rows, meeting_row, receivers_usual
from festival.results.meeting.saying import say_founding, say_meeting, undo_founding, undo_meeting
from festival.results.meeting.told import FoundingTold, MeetingTold, founding_of, meeting_of
from festival.results.meeting.typed import ABSENT, PRESENT, founding_typed, meeting_typed
from festival.results.seats import seated
from festival.results.words import SEAT_WORDS

FOUNDING_WORDS = {
    FoundingKind.COMMITTEE: _l("Thành lập Ban Tổ chức"),
    FoundingKind.JURY: _l("Thành lập Ban giám khảo"),
    FoundingKind.SECRETARIES: _l("Thành lập Tổ Thư ký"),
}


@bp.get("/office/papers")
@requires(Permission.CONTESTS)
def founding_page() -> ResponseReturnValue:
    """The decisions that minutes cite."""
    festival = the_festival()
    rows = founding_rows(festival.id)
    papers = [
        (what, words, rows.get(what), founding_of(rows[what].says) if what in rows else None,
         _founding_said(rows[what].before) if what in rows and rows[what].before != rows[what].says else None)
        for what, words in FOUNDING_WORDS.items()
    ]  # fmt: skip
    return render_template("results/meeting/founding.html", festival=festival, papers=papers)


def _founding_said(says: dict[str, object] | None) -> str:
    told = founding_of(says)
    if told is None:
        return str(_("chưa ghi gì"))
    return str(_("số %(number)s, %(day)s, %(signer)s", number=told.number, day=day_words(told.day), signer=told.signer))


@bp.post("/office/papers/<what>")
@requires(Permission.CONTESTS)
def founding_post(what: str) -> ResponseReturnValue:
    """`do`: say, take_back, undo."""
    if what not in set(FoundingKind):
        raise NotFound()
    kind, do = FoundingKind(what), request.form.get("do", "say")
    version = typed_number(request.form.get("version", "")) or 0
    if do not in ("say", "take_back", "undo"):
        raise not_offered("do")
    with transaction():
        festival = the_festival()
        if do == "undo":
            undo_founding(festival, kind, version, acting_user())
            told = _("Đã trả lại như trước.")
        else:
            typed: FoundingTold | None = founding_typed(request.form, today()) if do == "say" else None
            changed = say_founding(festival, kind, typed, version, acting_user())
            words = _("Đã ghi. Biên bản in từ giờ nêu quyết định này.") if typed else _("Đã bỏ quyết định này.")
            told = words if changed else _("Không có gì thay đổi.")
    flash(told, "good")
    return redirect(url_for("results.founding_page"), 303)


@bp.get("/panel/<code>/meeting")
@signed_in
def meeting_page(code: str) -> ResponseReturnValue:
    """Who was at the panel's meeting, when, where, and who gets the minutes: until they are signed."""
    row = seated(code).contest
    if row.state is not ContestState.LOCKED:
        raise Conflict(_("Thành phần họp được ghi sau khi khóa điểm, và sửa được đến khi ký biên bản."))
    locked = local(steps_of(row.id)[ContestState.LOCKED].at)
    back = (row.name, url_for("results.contest", code=row.code))
    action = url_for("results.meeting_post", code=row.code)
    return drawn_meeting(meeting_row(row.id), signers_of(row.id), row.festival, locked.date(), back, action)


def drawn_meeting(
    kept: PanelMeeting | WholeMeeting | None,
    panel: Sequence[MinutesSigner],
    festival: Festival,
    locked_on: date,
    back: tuple[str, str],
    action: str,
) -> str:
    """The page of a meeting, of a panel or about the whole delegation; `back`: what it is of, and its address."""
    told = meeting_of(kept.says) if kept else None
    before = meeting_of(kept.before) if kept and kept.before is not None and kept.before != kept.says else None
    usual = {
        "held_on": day_words(locked_on),
        "place": festival.venue,
        "copies": "3",
        "receivers": "\n".join(receivers_usual()),
    }
    return render_template(
        "results/meeting/meeting.html",
        panel=panel,
        seat_words=SEAT_WORDS,
        version=kept.version if kept else 0,
        shown=_shown(told) if told else usual,
        before=before,
        choices=[(PRESENT, _("có mặt")), (ABSENT, _("vắng"))],
        back=back,
        action=action,
    )


def _shown(told: MeetingTold) -> dict[str, str]:
    """In the fields of the form."""
    return {
        "held_on": day_words(told.held_on),
        "opened": told.opened,
        "closed": told.closed,
        "place": told.place,
        "guests": "\n".join(told.guests),
        "copies": str(told.copies),
        "receivers": "\n".join(told.receivers),
        **{f"there-{judge}": PRESENT for judge in told.present},
        **{f"there-{judge}": ABSENT for judge, _why in told.absent},
        **{f"why-{judge}": why for judge, why in told.absent},
    }


@bp.post("/panel/<code>/meeting")
@signed_in
def meeting_post(code: str) -> ResponseReturnValue:
    """`do`: say, undo."""
    form = request.form
    version = typed_number(form.get("version", "")) or 0
    with reading():
        contest = seated(code).contest
        panel, locked = signers_of(contest.id), steps_of(contest.id).get(ContestState.LOCKED)
    with transaction():
        if form.get("do") == "undo":
            undo_meeting(contest.id, version, acting_user())
            told = _("Đã trả lại như trước.")
        else:
            on = local(locked.at).date() if locked else today()
            changed = say_meeting(contest.id, meeting_typed(form, panel, on), version, acting_user())
            told = _("Đã ghi. Biên bản in từ giờ ghi như vậy.") if changed else _("Không có gì thay đổi.")
    flash(told, "good")
    return redirect(url_for("results.contest", code=code), 303)
