"""An officer sees the families of the unit, what each lacks, sends them and takes them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.sentence import Sentence
from festival.core.transaction import transaction
from festival.core.web.access import Permission, current_actor, requires
from festival.core.web.i18n import say
from festival.editions.models import PhaseKind
from festival.editions.queries import phases
from festival.registration import changing, decisions
from festival.registration.blueprint import bp
from festival.registration.grid.ready import SENT_NOW, STAND_TONES, STAND_WORDS, Stand, counted
from festival.registration.guarding import held, tails
from festival.registration.officer.desk import Desk
from festival.registration.outcomes import NotSent
from festival.registration.sending import SENDABLE, Hindrance, Why
from festival.registration.teams.facts import team_lacks
from festival.registration.teams.lookup import teams_of
from festival.registration.versions import told_stale, version_of_form
from festival.roster import delegations as roster_delegations
from festival.roster.eligibility import Missing, delegation_reasons, entries_of_delegation, team_performers
from festival.roster.links import of_families
from festival.roster.models import Family
from festival.roster.outcomes import Done, Stale
from festival.roster.views import FamilyView

DONE = (Stand.READY, Stand.SENT, Stand.APPROVED)


@dataclass(frozen=True, slots=True)
class Listed:
    """A family of the list: where it stands, and what keeps it from being sent."""

    item: FamilyView
    stand: Stand
    barred: tuple[Hindrance, ...]

    @property
    def lacks(self) -> tuple[Missing, ...]:
        """What is missing of it, each with its place."""
        return self.item.lacks if self.stand is Stand.LACKS else ()

    @property
    def full(self) -> tuple[Sentence, ...]:
        """Which places are given already."""
        return tuple(each.reason for each in self.barred if each.why is Why.FULL)


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
    listed = [Listed(item, stand, desk.barred(item)) for item in desk.listed for stand in [desk.stand(item)]]
    coming = [each.item for each in listed if each.stand is not Stand.GONE and each.item.family.reserve is None]
    entered, quotas = [item.household.entries for item in coming], desk.quotas
    entries, performers = entries_of_delegation(entered, quotas), team_performers(entered, quotas)
    teams = teams_of([desk.delegation.id], desk.rules)[desk.delegation.id]
    for each in teams:
        if each.by_name:  # counted and held against the rules one by one, below
            entries[each.contest] = len(each.standing)
            performers.pop(each.contest, None)
    reasons = delegation_reasons(len(coming), entries, quotas, performers) if coming else ()
    sendable = [each.item for each in listed if each.stand in SENT_NOW]
    return render_template(
        "registration/officer/families.html",
        desk=desk,
        delegation=desk.delegation,
        listed=listed,
        coming=len(coming),
        complete=sum(each.stand in DONE for each in listed),
        counts=counted(each.stand for each in listed),
        stand_words=STAND_WORDS,
        stand_tones=STAND_TONES,
        to_send=len(sendable),
        without=[item.family for item in sendable if not item.household.entries],
        places=desk.places(),
        short=[each for each in reasons if each.code.startswith("too_few") or each.code == "too_small_team"],
        over=[each for each in reasons if each.code.startswith("too_many") or each.code == "too_big_team"],
        teams=teams,
        # that there is no team yet is among the bounds of the delegation already
        team_lacks=[each for each in team_lacks(teams) if each.code != "no_team"],
        until=_until(desk),
        to_look=len(held.held_ids([desk.delegation.id])) + len(tails.closed_in([desk.delegation.id])),
    )


def _until(desk: Desk) -> datetime | None:
    """Until when families may be sent: as long as everybody, or as long as this delegation was given."""
    phase, own = phases(desk.festival.id).get(PhaseKind.REGISTRATION), desk.delegation.extended_until
    if phase is None or phase.closes_at is None:
        return None
    return max(phase.closes_at, own) if own else phase.closes_at


@bp.post("/delegation/<code>/submit")
@requires(Permission.DELEGATION)
def delegation_submit(code: str) -> ResponseReturnValue:
    """Send all complete families to the organiser."""
    with transaction():
        desk = Desk(code)
        waiting = [item for item in desk.views() if item.family.state in SENDABLE]
        held_back = []
        if request.form.get("without") != "yes":
            # A family that enters nothing goes only after somebody has said that it is meant so.
            held_back = [item for item in waiting if desk.offers(item) and not item.household.entries]
            waiting = [item for item in waiting if item not in held_back]
        outcomes = [outcome for _item, outcome in changing.submit_families(desk.rules, waiting)]
    sent = sum(isinstance(outcome, Done) for outcome in outcomes)
    barred = [each for outcome in outcomes if isinstance(outcome, NotSent) for each in outcome.why if each.lack is None]
    if sent:
        flash(_("Đã gửi %(n)s gia đình đến Ban Tổ chức. Kết quả duyệt hiện ở trang này.", n=sent), "good")
    if held_back:
        _say_without(held_back)
    if barred:
        _say_not_sent(barred)
    elif not sent and not held_back:
        flash(_("Chưa có gia đình nào đủ hồ sơ để gửi. Xem phần còn thiếu của từng gia đình."), "warn")
    return redirect(url_for("registration.delegation", code=code))


@bp.post("/delegation/<code>/families/<family>/submit")
@requires(Permission.DELEGATION)
def family_submit(code: str, family: str) -> ResponseReturnValue:
    """Send one family."""
    with transaction():
        desk = Desk(code)
        item = desk.family(family)
        if desk.offers(item) and not item.household.entries and request.form.get("without") != "yes":
            _say_without([item])
            return redirect(url_for("registration.delegation", code=code))
        outcome = changing.submit_family(desk.rules, item, version_of_form())
    match outcome:
        case Done():
            flash(_("Đã gửi %(name)s đến Ban Tổ chức.", name=item.family.name), "good")
        case NotSent(why):
            _say_not_sent(why)
        case Stale():
            flash(told_stale(outcome), "warn")
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
        outcome = decisions.withdraw_family(desk.rules, item.family, version_of_form(), current_actor().name, "officer")
    match outcome:
        case Done():
            flash(
                _("Đã rút %(name)s khỏi danh sách. Rút nhầm thì mở “Đã rút” để lấy lại.", name=item.family.name), "good"
            )
        case Stale():
            flash(told_stale(outcome), "warn")
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.delegation", code=code))


def _say_without(held_back: Sequence[FamilyView]) -> None:
    flash(
        _(
            "Chưa gửi %(names)s: chưa dự phần thi nào. Chọn phần thi cho gia đình, hoặc bấm gửi và xác nhận.",
            names="; ".join(item.family.name for item in held_back[:6]),
        ),
        "warn",
    )


def _say_not_sent(why: Sequence[Hindrance]) -> None:
    """The first thing that is in the way; the list says everything a family lacks."""
    words = say(why[0].reason)
    flash(_("Chưa gửi được: %(why)s", why=words), "warn")


@bp.get("/delegation/<code>/links")
@requires(Permission.DELEGATION)
def links(code: str) -> ResponseReturnValue:
    """Each family's own link, to pass on, for confirming and agreeing."""
    desk = Desk(code)
    families: list[Family] = [item.family for item in desk.views()]
    listed = [(family, of_families.link_code(family)) for family in families]
    looked(SecurityKind.EXPORT, what="links", delegation=code)
    return render_template("registration/officer/links.html", desk=desk, delegation=desk.delegation, listed=listed)
