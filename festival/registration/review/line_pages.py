"""The organiser opens and closes the line of a delegation, sees who stands where, offers, and takes every step back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.text import line
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.forms import not_offered
from festival.core.web.i18n import say
from festival.core.web.paging import asked_number
from festival.registration.blueprint import bp
from festival.registration.offering import distributing, looking, opening, ordering, standing
from festival.registration.queueing.line import Stands
from festival.registration.queueing.line_words import OFFER_WORDS, OUT_WORDS
from festival.registration.signing.units import is_asked
from festival.registration.versions import version_of_form
from festival.roster import delegations, families
from festival.roster import rules as roster_rules
from festival.roster.asked import asked_rules
from festival.roster.models import Family

HOURS = 48  # proposed where nothing is said yet


@bp.get("/office/waiting-list")
@requires(Permission.REVIEW)
def line_list() -> ResponseReturnValue:
    """Every delegation: whether its places are given in turn, how many are free, held, and wait."""
    festival = asked_rules().festival
    return render_template(
        "registration/queue/lists.html",
        festival=festival,
        shown=looking.lists_shown(festival.id),
        act=opening.last_act(festival),
    )


@bp.post("/office/waiting-list")
@requires(Permission.REVIEW)
def line_self_all() -> ResponseReturnValue:
    """Families register themselves with every delegation (`do` = open), with none (close), or as before the last act (undo)."""
    do = request.form.get("do", "")
    with transaction():
        festival, by = asked_rules().festival, acting_user()
        match do:
            case "open":
                number = opening.set_all(festival, by, opened=True)
                said = _("%(n)s đoàn nay cho gia đình tự đăng ký.", n=number)
            case "close":
                number = opening.set_all(festival, by, opened=False)
                said = _("%(n)s đoàn đã đóng tự đăng ký. Hồ sơ đã gửi vẫn giữ nguyên.", n=number)
            case "undo":
                number = opening.take_back(festival, typed_number(request.form.get("seen", "")) or 0, by)
                said = _("%(n)s đoàn trở lại như trước.", n=number)
            case _:
                raise not_offered("do")
    flash(said, "good")
    return redirect(url_for("registration.line_list"), 303)


@bp.get("/office/waiting-list/<code>")
@requires(Permission.REVIEW)
def line_page(code: str) -> ResponseReturnValue:
    """The line of one delegation (`?show=`), and what it is bound to."""
    delegation = delegations.delegation_by_code(code)
    rules = roster_rules.rules_of(delegation.festival)
    asked = request.args.get("show")
    what = next((each for each in looking.SHOWN if each == asked), Stands.WAITING)
    shown = looking.line_shown(rules, delegation, what, asked_number("page", 1))
    return render_template(
        "registration/queue/line.html",
        delegation=delegation,
        festival=rules.festival,
        listed=standing.list_of(delegation.id),
        hours=HOURS,
        signed_asked=is_asked(rules.festival.id),
        what=what,
        shown=shown,
        out_words={key.value: say(words) for key, words in OUT_WORDS.items()},
        page_url=lambda number: url_for("registration.line_page", code=code, show=what.value, page=number),
    )


@bp.post("/office/waiting-list/<code>")
@requires(Permission.REVIEW)
def line_set(code: str) -> ResponseReturnValue:
    """Open or close the line, and say its bounds."""
    people = request.form.get("people", "")
    wanted = ordering.list_typed(
        typed_number(request.form.get("hours", "")),
        people,
        typed_number(people),
        open_=request.form.get("open") == "y",
        self_=request.form.get("self") == "y",
        self_was=request.form["was"] == "y" if "was" in request.form else None,
    )
    with transaction():
        delegation = delegations.delegation_by_code(code)
        rules = roster_rules.rules_of(delegation.festival)
        ordering.set_list(rules, delegation.id, version_of_form(), wanted, acting_user())
    flash(
        _("Danh sách chờ của %(name)s đang mở. Có chỗ trống thì mời theo thứ tự.", name=delegation.name)
        if wanted.open
        else _("Danh sách chờ của %(name)s đã đóng. Lời mời đã gửi vẫn còn hiệu lực.", name=delegation.name),
        "good",
    )
    return redirect(url_for("registration.line_page", code=code))


@bp.post("/office/waiting-list/<code>/offer")
@requires(Permission.REVIEW)
def line_offer(code: str) -> ResponseReturnValue:
    """Offer what is free now, without waiting for the minute."""
    with transaction():
        delegation = delegations.delegation_by_code(code)
        rules = roster_rules.rules_of(delegation.festival)
        offered, late = distributing.distribute(rules, delegation.id, acting_user())
    if offered:
        names = ", ".join(each.name for each in offered)
        flash(_("Đã mời %(n)s gia đình: %(names)s.", n=len(offered), names=names), "good")
    else:
        flash(_("Chưa mời thêm ai: không còn chỗ trống vừa với gia đình nào đang chờ và đủ hồ sơ."), "note")
    if late:
        flash(_("Hết giờ trả lời: %(names)s.", names=", ".join(each.name for each in late)), "note")
    return redirect(url_for("registration.line_page", code=code, show=Stands.OFFERED if offered else None))


@bp.get("/office/waiting-list/<code>/<family>")
@requires(Permission.REVIEW)
def line_family(code: str, family: str) -> ResponseReturnValue:
    """One family of the line: its place, its offers, and what may be said of it."""
    found = _family(code, family)
    rules = roster_rules.rules_of(found.delegation.festival)
    return render_template(
        "registration/queue/family.html",
        family=found,
        delegation=found.delegation,
        listed=standing.list_of(found.delegation_id),
        own=looking.family_shown(rules, found),
        offers=looking.offers_to(found.id),
        offer_words={key.value: say(words) for key, words in OFFER_WORDS.items()},
        out_words={key.value: say(words) for key, words in OUT_WORDS.items()},
    )


@bp.post("/office/waiting-list/<code>/<family>")
@requires(Permission.REVIEW)
def line_say(code: str, family: str) -> ResponseReturnValue:
    """Move it (`do` = move), back to the order of sending (order), out of the line (out), into it again (in)."""
    do, seen, by = request.form.get("do", ""), version_of_form(), acting_user()
    reason = ordering.reason_given(line(request.form.get("reason", "")))
    with transaction():
        found = _family(code, family)
        rules = roster_rules.rules_of(found.delegation.festival)
        match do:
            case "move":
                place = typed_number(request.form.get("place", ""))
                now_at = ordering.move(rules, found, place, seen, reason, by)
                said = _("%(name)s nay ở chỗ thứ %(place)s.", name=found.name, place=now_at)
            case "order":
                ordering.move_back(rules, found, seen, reason, by)
                said = _("%(name)s trở về chỗ theo thời điểm gửi.", name=found.name)
            case "out":
                ordering.take_out(rules, found, seen, reason, by)
                said = _("%(name)s không còn đứng trong hàng chờ.", name=found.name)
            case "in":
                ordering.put_back(rules, found, seen, reason, by)
                said = _("%(name)s đứng lại trong hàng chờ.", name=found.name)
            case _:
                raise BadInput()
    flash(said, "good")
    return redirect(url_for("registration.line_family", code=code, family=family))


def _family(code: str, family: str) -> Family:
    found = families.family_by_code(family)
    if found.delegation.code != code:
        raise NotFound()
    return found
