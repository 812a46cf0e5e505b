"""How is each award handed over: who gives, who stands on the stage at once, what lies on the tray, who is absent?"""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.ceremony.order import stage, writing
from festival.ceremony.order.blueprint import bp
from festival.ceremony.order.models import CeremonyPart
from festival.ceremony.order.reading import AwardsTonight, paid, tonight
from festival.ceremony.order.stage import AwardCall, AwardGiver, AwardPlan
from festival.ceremony.order.telling import givers_words, group_words, receiver_notes, tray_words
from festival.ceremony.order.words import TRAY_WORDS
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.forms import form_number
from festival.core.web.paging import asked_part
from festival.editions.models import Festival
from festival.editions.queries import the_festival

ON_A_PAGE = 80
GROUPS_A_PAGE = 30


@bp.get("/office/ceremony/awards")
@requires(Permission.OFFICE)
def awards() -> str:
    """Group by group in the order of the evening, what to prepare, and what is still to be handed over."""
    festival = the_festival()
    told = tonight(festival)
    groups = stage.groups_of(told.calls)
    part = asked_part(len(groups), GROUPS_A_PAGE)
    return render_template(
        "ceremony/order/awards.html",
        groups=part.of(groups),
        part=part,
        page_url=lambda page: url_for("ceremony_order.awards", page=page),
        group_words=group_words,
        givers_words=lambda plan: givers_words(plan, told),
        tray_words=lambda group: tray_words(group.tray, group, told.money),
        total=tray_words(stage.to_prepare(told.calls), None, {}),
        unknown=any(not call.released and call.expected is None for call, _plan in told.calls),
        waiting=stage.waiting(told.calls),
        open_givers=sum(not any(not each.open for each in told.givers(plan)) for _call, plan in told.calls),
        version=writing.written(festival.id)[CeremonyPart.AWARDS][1],
        earlier=writing.earlier(festival.id, CeremonyPart.AWARDS),
    )


@bp.get("/office/ceremony/awards/<award>")
@requires(Permission.OFFICE)
def award(award: str) -> str:
    """One award: what is said of it, and who receives it once that is released."""
    festival = the_festival()
    told = tonight(festival)
    call, plan = _called(told, award)
    return render_template(
        "ceremony/order/award.html",
        call=call,
        plan=plan,
        givers=told.givers(plan),
        guests=[each for each in told.guests.values() if not each.mark][:ON_A_PAGE],
        notes=lambda each: receiver_notes(plan, each),
        tray_kinds=TRAY_WORDS,
        money=told.money.get(call.prize, 0),
        first=told.calls[0][0].key == call.key,
        version=writing.written(festival.id)[CeremonyPart.AWARDS][1],
    )


@bp.post("/office/ceremony/awards/<award>")
@requires(Permission.OFFICE)
def change_award(award: str) -> ResponseReturnValue:
    """The group and the tray."""
    was = form_number("was")
    most = _counted("most", 1, stage.MOST_IN_A_GROUP)
    tray = {name: _counted(name, 0, stage.MOST_ON_TRAY) for name in stage.TRAY}
    joined = request.form.get("joined") == "y"
    with transaction():
        festival, call, money = _of(award)
        changed = lambda plan: replace(plan, most=most, tray=tray, joined=joined)  # noqa: E731
        writing.change_plan(festival, call, money, changed, was, acting_user())
    return _back(award)


@bp.post("/office/ceremony/awards/<award>/giver")
@requires(Permission.OFFICE)
def giver(award: str) -> ResponseReturnValue:
    """One more who gives, or (`drop`) one less; a guest by code, somebody else by name."""
    was = form_number("was")
    name = writing.typed_person(request.form.get("name", ""), "name")
    guest = request.form.get("guest", "")
    given = AwardGiver(guest, "" if guest else name)
    with transaction():
        festival, told = the_festival(), tonight(the_festival())
        call, _plan = _called(told, award)
        money = paid(told.money, call)
        if request.form.get("drop") == "y":
            writing.change_plan(festival, call, money, lambda plan: stage.gave_not(plan, given), was, acting_user())
        else:
            writing.add_giver(festival, call, money, given, list(told.guests), was, acting_user())
    return _back(award)


@bp.post("/office/ceremony/awards/<award>/absent")
@requires(Permission.OFFICE)
def absent(award: str) -> ResponseReturnValue:
    """Who receives it does not come up: another does (`instead`), or it is handed over later; `there` takes it back."""
    instead = writing.typed_person(request.form.get("instead", ""), "instead")
    there = request.form.get("there") == "y"
    with transaction():
        festival, call, money = _of(award)
        ref = request.form.get("receiver", "")
        writing.note_missing(festival, call, money, ref, not there, instead, acting_user())
    return _back(award)


@bp.post("/office/ceremony/awards/<award>/handed")
@requires(Permission.OFFICE)
def handed(award: str) -> ResponseReturnValue:
    """It was handed over afterwards; `undo` takes that back."""
    done = request.form.get("undo") != "y"
    with transaction():
        festival, call, money = _of(award)
        writing.note_handed(festival, call, money, request.form.get("receiver", ""), done, acting_user())
    if done:
        flash(_("Đã ghi là trao xong. Bấm nhầm thì bấm «Chưa trao»."))
    return redirect(url_for("ceremony_order.awards", _anchor="later"), 303)


def _called(told: AwardsTonight, award: str) -> tuple[AwardCall, AwardPlan]:
    found = told.called(award)
    if found is None:
        raise NotFound()
    return found


def _of(award: str) -> tuple[Festival, AwardCall, bool]:
    """The award of this address as it stands inside the transaction, and whether money was typed for it."""
    festival = the_festival()
    told = tonight(festival)
    call, _plan = _called(told, award)
    return festival, call, paid(told.money, call)


def _counted(name: str, least: int, most: int) -> int:
    number = typed_number(request.form.get(name, "") or str(least))
    if number is None or not least <= number <= most:
        raise BadInput(_("Ghi số bằng chữ số, từ %(least)s đến %(most)s.", least=least, most=most), field=name)
    return number


def _back(award: str) -> ResponseReturnValue:
    return redirect(url_for("ceremony_order.award", award=award), 303)
