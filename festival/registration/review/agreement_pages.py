"""The organiser's doors to the agreements of a family: what stands, links, the sheet, what somebody asked."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.editions.queries import the_festival
from festival.registration.agreements import asking, reminding, staff
from festival.registration.agreements.staff import Load, StaffDoors
from festival.registration.blueprint import bp
from festival.registration.waiting import dropping
from festival.roster import families
from festival.roster.asked import rules_of_family
from festival.roster.models import Family
from festival.roster.rules import Rules, rules_of


def _load(code: str) -> Load:
    def load() -> tuple[Rules, Family]:
        family = families.family_by_code(code)
        return rules_of_family(family), family

    return load


def _doors(code: str) -> StaffDoors:
    return StaffDoors("review_agreements", {"code": code}, url_for("registration.review", code=code))


@bp.post("/office/registrations/<code>/consent")
@requires(Permission.REVIEW)
def review_asked(code: str) -> ResponseReturnValue:
    """Take an agreement back, or let it stand again."""
    return asking.answered(_load(code), url_for("registration.review", code=code))


@bp.get("/office/registrations/<code>/agreements")
@requires(Permission.REVIEW)
def review_agreements(code: str) -> ResponseReturnValue:
    """What stands for everybody of the family."""
    return staff.page(_load(code), _doors(code))


@bp.post("/office/registrations/<code>/agreements/parents")
@requires(Permission.REVIEW)
def review_agreements_parent(code: str) -> ResponseReturnValue:
    """A link of the own for a father, mother or guardian."""
    return staff.parent_asked(_load(code), _doors(code))


@bp.post("/office/registrations/<code>/agreements/parents/<int:link_id>")
@requires(Permission.REVIEW)
def review_agreements_parent_changed(code: str, link_id: int) -> ResponseReturnValue:
    """Another code for it, or none any more."""
    return staff.parent_changed(_load(code), _doors(code), link_id)


@bp.get("/office/registrations/<code>/agreements/sheet.pdf")
@requires(Permission.REVIEW)
def review_agreements_pdf(code: str) -> Response:
    """The sheet to print and sign."""
    return staff.sheet_pdf(_load(code))


@bp.get("/office/registrations/<code>/agreements/photo")
@requires(Permission.REVIEW)
def review_agreements_photo(code: str) -> Response:
    """The signed sheet."""
    return staff.sheet_photo(_load(code))


@bp.post("/office/registrations/<code>/agreements/sheet")
@requires(Permission.REVIEW)
def review_agreements_kept(code: str) -> ResponseReturnValue:
    """Keep the photo with what was signed."""
    return staff.sheet_kept(_load(code), _doors(code))


@bp.post("/office/registrations/<code>/agreements/sheet/back")
@requires(Permission.REVIEW)
def review_agreements_taken_back(code: str) -> ResponseReturnValue:
    """The photo was wrong."""
    return staff.sheet_taken_back(_load(code), _doors(code))


@bp.get("/office/registrations/waiting")
@requires(Permission.REVIEW)
def review_waiting() -> ResponseReturnValue:
    """The families of all delegations that wait for somebody's agreement."""
    festival = the_festival()
    looked(SecurityKind.READ_CHILDREN, what="waiting")
    waiting = dropping.waiting_of(festival.id)
    return render_template(
        "registration/review/waiting.html",
        festival=festival,
        waiting=waiting,
        said={each.family.id: reminding.words_to_send(each) for each in waiting},
    )


@bp.post("/office/registrations/waiting/remind")
@requires(Permission.REVIEW)
def review_remind() -> ResponseReturnValue:
    """Remind every family that still waits, in one act."""
    with transaction():
        festival = the_festival()
        done = reminding.remind(rules_of(festival), dropping.waiting_of(festival.id), acting_user())
    flash(reminding.reminded_words(done), "good")
    return redirect(url_for("registration.review_waiting"), 303)
