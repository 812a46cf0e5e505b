"""The organiser's desk: the day on one page, the phases with their times, what the check of the ledger found."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import local, now
from festival.core.post import outbox
from festival.core.pulse.pulses import pulses
from festival.core.pulse.signs import Level
from festival.core.pulse.watching import signs_of_machines, signs_of_pulses
from festival.core.seal import checks as seals
from festival.core.transaction import transaction
from festival.core.web.access import Permission, current_actor, requires
from festival.core.web.errors import NotFound
from festival.core.web.moments import read_moment
from festival.editions.actions import close_phase, open_phase
from festival.editions.models import PhaseKind
from festival.editions.queries import current_festival, festivals, phase_state, phases, the_festival
from festival.office import standing
from festival.office.forms import PhaseForm
from festival.office.menu import office_menu
from festival.office.queries import day_view
from festival.office.waiting import waiting_in
from festival.office.words import CAUSES, PHASE_STATES, PHASE_WORDS, STEP_STATES
from festival.roster.delegations import delegations
from festival.roster.models import Delegation
from festival.roster.words import STATE_TONES, STATE_WORDS

bp = Blueprint("office", __name__)


@bp.get("/office")
@requires(Permission.OFFICE)
def dashboard() -> ResponseReturnValue:
    """The steps of the festival; arrived, on stage, late by, sheets missing, devices silent."""
    festival = current_festival()
    if festival is None:
        return render_template(
            "office/none_yet.html",
            items=office_menu(current_actor(), edition=False)[1:],
            editions=bool(festivals()),
            steps=standing.steps_before(current_actor()),
            step_states=STEP_STATES,
        )
    day = day_view(festival)
    return render_template(
        "office/dashboard.html",
        festival=festival,
        day=day,
        steps=standing.steps_of(festival, day, current_actor()),
        step_states=STEP_STATES,
        letters=outbox.trouble(),
        down=[sign for sign in (*signs_of_pulses(pulses()), *signs_of_machines()) if sign.level is Level.BAD],
        sealed=seals.last_check(),
        rooms=waiting_in(festival.id),
        may_ledger=current_actor().may(Permission.LEDGER),
        phase_words=PHASE_WORDS,
        phase_states=PHASE_STATES,
        state_words=STATE_WORDS,
        state_tones=STATE_TONES,
    )


@bp.get("/office/ledger")
@requires(Permission.LEDGER)
def ledger() -> ResponseReturnValue:
    """When the tables were held against the ledger, what was found and what to do; rows are named, values are not."""
    last = seals.last_check()
    return render_template(
        "office/ledger.html",
        last=last,
        places=seals.worded_check(last) if last else [],
        checks=seals.recent_checks(),
        causes=CAUSES,
    )


@bp.post("/office/ledger/check")
@requires(Permission.LEDGER)
def ledger_check() -> ResponseReturnValue:
    """Let the worker do it as soon as it can."""
    with transaction():
        new = seals.ask_for_check()
    flash(
        _("Đã yêu cầu đối chiếu, kết quả hiện ở đây sau ít phút.") if new else _("Một lần đối chiếu đang chờ."), "good"
    )
    return redirect(url_for("office.ledger"))


@bp.get("/office/phases/<kind>")
@requires(Permission.OFFICE)
def phase(kind: str) -> ResponseReturnValue:
    """The times of one phase."""
    which = _kind(kind)
    form = PhaseForm(formdata=None)
    festival = the_festival()
    row = phases(festival.id).get(which)
    if row is not None:
        opens = local(row.opens_at)
        form.opens.data = f"{opens.day}/{opens.month}/{opens.year} {opens.hour}:{opens.minute:02d}"
        if row.closes_at is not None:
            closes = local(row.closes_at)
            form.closes.data = f"{closes.day}/{closes.month}/{closes.year} {closes.hour}:{closes.minute:02d}"
    return _phase_page(form, which, phase_state(row, now()))


@bp.post("/office/phases/<kind>")
@requires(Permission.OFFICE)
def phase_post(kind: str) -> ResponseReturnValue:
    """Set the times."""
    which = _kind(kind)
    form = PhaseForm()
    opens = read_moment(form.opens.data or "")
    if not form.validate() or opens is None:
        return _phase_page(form, which, ""), 422
    with transaction():
        festival = the_festival()
        open_phase(festival.id, which, opens, read_moment(form.closes.data or ""))
    flash(_("Đã lưu giờ: %(phase)s.", phase=PHASE_WORDS[which]), "good")
    return redirect(url_for("office.dashboard"))


@bp.post("/office/phases/<kind>/now")
@requires(Permission.OFFICE)
def phase_open_now(kind: str) -> ResponseReturnValue:
    """Open from this moment, without an end."""
    which = _kind(kind)
    with transaction():
        festival = the_festival()
        open_phase(festival.id, which, now())
    flash(_("Đã mở: %(phase)s.", phase=PHASE_WORDS[which]), "good")
    return redirect(url_for("office.dashboard"))


@bp.post("/office/phases/<kind>/close")
@requires(Permission.OFFICE)
def phase_close(kind: str) -> ResponseReturnValue:
    """Close from this moment."""
    which = _kind(kind)
    with transaction():
        festival = the_festival()
        close_phase(festival.id, which)
    flash(_("Đã đóng: %(phase)s.", phase=PHASE_WORDS[which]), "good")
    return redirect(url_for("office.dashboard"))


def _kind(kind: str) -> PhaseKind:
    try:
        return PhaseKind(kind)
    except ValueError:
        raise NotFound() from None


def _phase_page(form: PhaseForm, which: PhaseKind, state: str) -> str:
    return render_template(
        "office/phase.html",
        form=form,
        kind=which.value,
        state=state,
        words=PHASE_WORDS[which],
        states=PHASE_STATES,
        extended=_extended() if which is PhaseKind.REGISTRATION else [],
    )


def _extended() -> list[Delegation]:
    """The delegations that register longer than this phase is open."""
    festival = the_festival()
    return [each for each in delegations(festival.id) if each.extended_until and each.extended_until > now()]
