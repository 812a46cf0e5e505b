"""An officer sees the families of the unit, what each lacks, sends them and takes them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from festival.consent.rules import ages
from festival.core.clock import now
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, current_actor, requires
from festival.core.web.errors import Conflict, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import PhaseKind
from festival.editions.queries import phases
from festival.registration import changing, decisions
from festival.registration.blueprint import bp
from festival.registration.guarding import held, tails
from festival.registration.officer.desk import Desk
from festival.registration.outcomes import NotSent
from festival.registration.sending import SENDABLE, Hindrance, Why
from festival.registration.versions import told_stale, version_of_form
from festival.roster import delegations as roster_delegations
from festival.roster.eligibility import delegation_reasons, entries_of_delegation, team_performers
from festival.roster.links import of_families
from festival.roster.models import Family, FamilyState
from festival.roster.outcomes import Done, Stale


@bp.get("/delegation")
@requires(Permission.DELEGATION)
def delegations() -> ResponseReturnValue:
    """The officer's delegations; straight on when there is only one."""
    mine = roster_delegations.delegations_of(current_actor())
    if len(mine) == 1:
        return redirect(url_for("registration.delegation", code=mine[0].code))
    return render_template("registration/officer/choose.html", delegations=mine)


@bp.get("/delegation/<code>")
@requires(Permission.DELEGATION)
def delegation(code: str) -> ResponseReturnValue:
    """The families of the unit, what each lacks, one green bar."""
    desk = Desk(code)
    views = desk.views()
    coming = [item for item in views if item.family.state is not FamilyState.REJECTED and item.family.reserve is None]
    entered, quotas = [item.household.entries for item in coming], desk.rules.quotas
    entries, performers = entries_of_delegation(entered, quotas), team_performers(entered, quotas)
    return render_template(
        "registration/officer/families.html",
        desk=desk,
        delegation=desk.delegation,
        views=views,
        complete=sum(item.complete for item in views),
        to_send=sum(map(desk.offers, views)),
        reasons=delegation_reasons(len(coming), entries, quotas, performers) if views else (),
        phase=phases(desk.festival.id).get(PhaseKind.REGISTRATION),
        to_look=len(held.held_ids([desk.delegation.id])) + len(tails.closed_in([desk.delegation.id])),
    )


@bp.post("/delegation/<code>/submit")
@requires(Permission.DELEGATION)
def delegation_submit(code: str) -> ResponseReturnValue:
    """Send all complete families to the organiser."""
    with transaction():
        desk = Desk(code)
        waiting = [item for item in desk.views() if item.family.state in SENDABLE]
        outcomes = [outcome for _item, outcome in changing.submit_families(desk.rules, waiting)]
    sent = sum(isinstance(outcome, Done) for outcome in outcomes)
    barred = [each for outcome in outcomes if isinstance(outcome, NotSent) for each in outcome.why if each.lack is None]
    if sent:
        flash(_("Đã gửi %(n)s gia đình đến Ban Tổ chức. Kết quả duyệt hiện ở trang này.", n=sent), "good")
    if barred:
        _say_not_sent(barred)
    elif not sent:
        flash(_("Chưa có gia đình nào đủ hồ sơ để gửi. Xem phần còn thiếu của từng gia đình."), "warn")
    return redirect(url_for("registration.delegation", code=code))


@bp.post("/delegation/<code>/families/<family>/submit")
@requires(Permission.DELEGATION)
def family_submit(code: str, family: str) -> ResponseReturnValue:
    """Send one family."""
    with transaction():
        desk = Desk(code)
        item = desk.family(family)
        outcome = changing.submit_family(desk.rules, item, version_of_form())
    match outcome:
        case Done():
            flash(_("Đã gửi %(name)s đến Ban Tổ chức.", name=item.family.name), "good")
        case NotSent(why):
            _say_not_sent(why)
        case Stale():
            raise Overtaken(told_stale(outcome))
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.delegation", code=code))


@bp.post("/delegation/<code>/families/<family>/withdraw")
@requires(Permission.DELEGATION)
def family_remove(code: str, family: str) -> ResponseReturnValue:
    """Take a family off the list; an approved one frees its place."""
    with transaction():
        desk = Desk(code)
        item = desk.family(family)
        outcome = decisions.withdraw_family(desk.rules, item.family, version_of_form(), current_actor().name)
    match outcome:
        case Done():
            flash(_("Đã rút %(name)s khỏi danh sách.", name=item.family.name), "good")
        case Stale():
            raise Overtaken(told_stale(outcome))
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.delegation", code=code))


def _say_not_sent(why: Sequence[Hindrance]) -> None:
    """The first thing that is in the way; the list says everything a family lacks. Conflict while registration is closed."""
    words = say(why[0].reason)
    if why[0].why in (Why.CLOSED, Why.STATE):
        raise Conflict(words)
    flash(_("Chưa gửi được: %(why)s", why=words), "warn")


@bp.get("/delegation/<code>/print")
@requires(Permission.DELEGATION)
def print_list(code: str) -> ResponseReturnValue:
    """The list to sign and stamp."""
    desk = Desk(code)
    on = desk.festival.starts_on
    views = [item for item in desk.views() if item.family.state is not FamilyState.REJECTED]
    rows = [(item, list(zip(item.family.members, item.household.members, strict=True))) for item in views]
    members = [member for item in views for member in item.household.members]
    age = [ages(member.birth, on) for member in members if member.birth]
    looked(SecurityKind.EXPORT, what="list", delegation=code)
    with force_locale("vi"):  # it is signed and stamped: an official paper, whoever prints it
        return render_template(
            "registration/officer/print.html",
            desk=desk,
            delegation=desk.delegation,
            rows=rows,
            rules=desk.rules,
            people=len(members),
            women=sum(member.sex == "female" for member in members),
            children=sum(each.child for each in age),
            older=sum(each.older for each in age),
            printed_at=now(),
        )


@bp.get("/delegation/<code>/links")
@requires(Permission.DELEGATION)
def links(code: str) -> ResponseReturnValue:
    """Each family's own link, to pass on, for confirming and agreeing."""
    desk = Desk(code)
    families: list[Family] = [item.family for item in desk.views()]
    listed = [(family, of_families.link_code(family)) for family in families]
    looked(SecurityKind.EXPORT, what="links", delegation=code)
    return render_template("registration/officer/links.html", desk=desk, delegation=desk.delegation, listed=listed)
