"""Whose agreement does the officer still wait for, until when; and a family that was dropped, taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import Conflict, Overtaken
from festival.core.web.i18n import say
from festival.registration import decisions
from festival.registration.agreements import reminding
from festival.registration.blueprint import bp
from festival.registration.officer.desk import Desk
from festival.registration.outcomes import Bound
from festival.registration.waiting import dropping
from festival.roster.outcomes import Stale


@bp.get("/delegation/<code>/waiting")
@requires(Permission.DELEGATION)
def waiting_list(code: str) -> ResponseReturnValue:
    """The most urgent first."""
    desk = Desk(code)
    waiting = dropping.waiting_in(desk.delegation.id)
    return render_template(
        "registration/officer/waiting.html",
        delegation=desk.delegation,
        waiting=waiting,
        said={each.family.id: reminding.words_to_send(each) for each in waiting},
    )


@bp.post("/delegation/<code>/waiting/remind")
@requires(Permission.DELEGATION)
def waiting_remind(code: str) -> ResponseReturnValue:
    """Remind every family that still waits, in one act."""
    with transaction():
        desk = Desk(code)
        done = reminding.remind(desk.rules, dropping.waiting_in(desk.delegation.id), acting_user())
    flash(reminding.reminded_words(done), "good")
    return redirect(url_for("registration.waiting_list", code=code), 303)


@bp.post("/delegation/<code>/waiting/<family>")
@requires(Permission.DELEGATION)
def waiting_back(code: str, family: str) -> ResponseReturnValue:
    """Take a dropped family back as a draft; it waits anew."""
    with transaction():
        desk = Desk(code)
        found = next(
            (each for each in dropping.waiting_in(desk.delegation.id) if each.dropped and each.family.code == family),
            None,
        )
        if found is None:
            raise Overtaken()
        reason = _("Lấy lại sau khi hết hạn chờ đồng ý")
        outcome = decisions.restore_family(desk.rules, found.family, found.family.version, reason, acting_user())
        if isinstance(outcome, Bound):
            raise Conflict(" ".join(say(each) for each in outcome.reasons))
        if isinstance(outcome, Stale):
            raise Overtaken()
    flash(_("Đã lấy lại hồ sơ của %(name)s. Hạn chờ đồng ý tính lại từ hôm nay.", name=found.family.name), "good")
    return redirect(url_for("registration.waiting_list", code=code))
