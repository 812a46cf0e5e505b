"""The organiser's pages of places and days: every delegation with what it lacks, and one delegation's own numbers."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import local, now
from festival.core.sentence import Sentence
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.forms import form_number
from festival.core.web.i18n import moment
from festival.core.web.moments import read_moment
from festival.core.web.paging import asked_part
from festival.editions.models import PhaseKind
from festival.editions.queries import phases
from festival.registration.allotting import reminding, setting, standing, told
from festival.registration.allotting.wanted import AllottedPlaces, read_extension, read_places
from festival.registration.blueprint import bp
from festival.roster import delegations
from festival.roster import rules as roster_rules
from festival.roster.asked import asked_rules
from festival.roster.models import Delegation
from festival.roster.rules import Rules

A_PAGE = 25
Wrong = Mapping[str, Sentence]


@bp.get("/office/places")
@requires(Permission.REVIEW)
def places() -> ResponseReturnValue:
    """Every delegation: places taken, its day, what it lacks."""
    rules = asked_rules()
    every = standing.stands_of(rules, delegations.delegations(rules.festival.id))
    lacking = [each for each in every if each.lacks]
    only = request.args.get("show") == "lacking"
    shown = lacking if only else every
    part = asked_part(len(shown), A_PAGE)
    return render_template(
        "registration/allotting/places.html",
        rules=rules,
        phase=phases(rules.festival.id).get(PhaseKind.REGISTRATION),
        every=len(every),
        lacking=len(lacking),
        only=only,
        listed=part.of(shown),
        part=part,
        part_url=lambda number: url_for("registration.places", page=number, show="lacking" if only else None),
        message=reminding.words_to_send,
    )


@bp.post("/office/places/remind")
@requires(Permission.REVIEW)
def places_remind() -> ResponseReturnValue:
    """Remind every delegation that lacks something, in one act."""
    with transaction():
        rules = asked_rules()
        every = standing.stands_of(rules, delegations.delegations(rules.festival.id))
        done = reminding.remind(rules.festival, every, acting_user())
    flash(reminding.reminded_words(done), "good")
    return redirect(url_for("registration.places", show="lacking"), 303)


@bp.get("/office/delegations/<code>/places")
@requires(Permission.REVIEW)
def delegation_places(code: str) -> ResponseReturnValue:
    """What is one delegation's own: numbers, day, what it lacks, what was allotted before."""
    delegation = delegations.delegation_by_code(code)
    return _page(delegation, roster_rules.rules_of(delegation.festival))


def _page(delegation: Delegation, rules: Rules, wrong: Wrong | None = None) -> str:
    (stands,) = standing.stands_of(rules, [delegation])
    return render_template(
        "registration/allotting/delegation.html",
        rules=rules,
        delegation=delegation,
        stands=stands,
        phase=phases(rules.festival.id).get(PhaseKind.REGISTRATION),
        typed=request.form if wrong else _shown(delegation, setting.allotted_of(delegation)),
        wrong=wrong or {},
        message=reminding.words_to_send(stands),
        before=told.told(rules.festival, delegation, rules.names),
    )


def _shown(delegation: Delegation, own: AllottedPlaces) -> dict[str, object]:
    """The boxes as they stand; empty is as the rules say."""
    least, most = own.families or ("", "")
    until = local(delegation.extended_until) if delegation.extended_until else None
    return {
        "families_min": least,
        "families_max": most,
        "people": own.people,
        "until": f"{until.day}/{until.month}/{until.year} {until.hour}:{until.minute:02d}" if until else "",
        "why": delegation.extended_why,
        **{f"entries-{each}": most for each, most in own.entries.items()},
        **{f"performers-{each}": most for each, most in own.performers.items()},
    }


def _here(code: str) -> ResponseReturnValue:
    return redirect(url_for("registration.delegation_places", code=code), 303)


@bp.post("/office/delegations/<code>/places")
@requires(Permission.REVIEW)
def delegation_places_post(code: str) -> ResponseReturnValue:
    """Give it these numbers; what is empty follows the rules again."""
    with transaction():
        delegation = delegations.delegation_by_code(code)
        rules = roster_rules.rules_of(delegation.festival)
        wanted, reason, wrong = read_places(request.form, rules.contests)
        if wrong:
            return _page(delegation, rules, wrong), 422
        changed = setting.allot(
            rules.festival, delegation, rules.contests, wanted, reason, form_number("seen"), acting_user()
        )
    if changed:
        flash(_("Đã lưu chỉ tiêu của %(name)s. Có hiệu lực ngay ở mọi trang.", name=delegation.name), "good")
    else:
        flash(_("Chỉ tiêu vẫn như cũ, chưa có gì phải lưu."), "note")
    return _here(code)


@bp.post("/office/delegations/<code>/places/extension")
@requires(Permission.REVIEW)
def delegation_extend(code: str) -> ResponseReturnValue:
    """Let it register longer than the others."""
    until = read_moment(request.form.get("until", ""))
    with transaction():
        delegation = delegations.delegation_by_code(code)
        rules = roster_rules.rules_of(delegation.festival)
        phase = phases(rules.festival.id).get(PhaseKind.REGISTRATION)
        why, wrong = read_extension(request.form, until, phase.closes_at if phase else None, now())
        if wrong:
            return _page(delegation, rules, wrong), 422
        setting.extend(rules.festival, delegation, until, why, form_number("seen"), acting_user())
    flash(_("Đã gia hạn cho %(name)s đến %(when)s.", name=delegation.name, when=moment(until) if until else ""), "good")
    return _here(code)


@bp.post("/office/delegations/<code>/places/extension/end")
@requires(Permission.REVIEW)
def delegation_extension_end(code: str) -> ResponseReturnValue:
    """Take the extension back: it registers as long as everybody else."""
    with transaction():
        delegation = delegations.delegation_by_code(code)
        setting.extend(delegation.festival, delegation, None, "", form_number("seen"), acting_user())
    flash(_("Đã bỏ gia hạn của %(name)s: hạn như mọi đoàn.", name=delegation.name), "good")
    return _here(code)


@bp.post("/office/delegations/<code>/places/remind")
@requires(Permission.REVIEW)
def delegation_remind(code: str) -> ResponseReturnValue:
    """Remind this one."""
    with transaction():
        delegation = delegations.delegation_by_code(code)
        rules = roster_rules.rules_of(delegation.festival)
        done = reminding.remind(rules.festival, standing.stands_of(rules, [delegation]), acting_user())
    flash(reminding.reminded_words(done), "good")
    return _here(code)
