"""A family, or the head of a delegation, has lost the link: the officer or the desk gives a new one, by the phone number.

Somebody is looked for by the whole number, or by its end with the name. Whoever is found reads the last four digits back;
then the old link leads nowhere and the new one is on the screen to be scanned, copied or sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from festival.core import qr, security_log
from festival.core.security_log import SecurityKind
from festival.core.sentence import Sentence
from festival.core.text import cut
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.i18n import say
from festival.core.web.limiter import limiter
from festival.core.web.searching import LONGEST, SEALED, asked_search, sealed
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.passes.issue import reissue_pass
from festival.passes.letters import send_renewed
from festival.registration.blueprint import bp
from festival.registration.family.draft import absolute
from festival.registration.lost_link.asked import asked_phone, reads_back
from festival.registration.lost_link.finding import LinkOwner, owner_of_delegation, owner_of_family, owners
from festival.registration.lost_link.handing import HandedLink, handed_by, signed
from festival.registration.officer.desk import Desk
from festival.roster import delegations, families, rules
from festival.roster.links import of_delegations, of_families
from festival.roster.models import Delegation, Family, FamilyState

HOW = "phone"
BETWEEN = "\n"  # of the two boxes of a search, in its sealed address


def _account() -> str:
    return f"account:{current_actor().user_id}"


# Whoever sits at the desk serves a queue; a program that tries numbers would need far more.
search_limit = limiter.shared_limit("120 per hour", scope="lost-link-search", key_func=_account)
give_limit = limiter.shared_limit("60 per hour", scope="lost-link", key_func=_account)


@dataclass(frozen=True, slots=True)
class LinkDesk:
    """Where somebody works: an officer in the own delegation, the desk in the whole festival."""

    festival: Festival
    delegation: Delegation | None
    url: Callable[..., str]  # of "lost_link", "lost_link_family", …, for this place

    @property
    def own(self) -> int | None:
        """The delegation whose families are looked at; None for all."""
        return self.delegation.id if self.delegation else None

    def give_url(self, owner: LinkOwner) -> str:
        """Where a new link is made for this one; the search stays in the address."""
        whose = {"family" if owner.kind == "family" else "code": owner.code}
        return self.url(f"lost_link_{owner.kind}", **whose, s=request.args.get(SEALED))

    def owner(self, kind: str, code: str) -> Family | Delegation:
        """Whose link is given. NotFound for what is not of this place."""
        if self.delegation is not None:
            return families.family_in(self.delegation, code)
        found = families.family_by_code(code) if kind == "family" else delegations.delegation_by_code(code)
        if found.festival_id != self.festival.id:
            raise NotFound()
        return found


def _officer(code: str) -> LinkDesk:
    desk = Desk(code)
    return LinkDesk(
        desk.festival, desk.delegation, lambda name, **more: url_for(f"registration.own_{name}", code=code, **more)
    )


def _desk() -> LinkDesk:
    return LinkDesk(the_festival(), None, lambda name, **more: url_for(f"registration.{name}", **more))


def _owner_of(row: Family | Delegation) -> LinkOwner:
    return owner_of_family(row) if isinstance(row, Family) else owner_of_delegation(row)


def _page(place: LinkDesk, wrong: dict[str, str] | None = None, only: LinkOwner | None = None) -> str:
    """The search, and whom it found; after a refusal (`only`) whom it was about, with what was wrong."""
    typed, _between, name = asked_search().partition(BETWEEN)
    found: list[LinkOwner] = [only] if only else []
    more, hint = False, ""
    if (typed or name) and not only:
        asked = asked_phone(typed, name)
        if isinstance(asked, Sentence):
            hint = say(asked)
        else:
            found, more = owners(place.festival.id, asked, place.own)
    return render_template(
        "registration/lost_link/search.html",
        place=place,
        typed=typed,
        name=name,
        hint=hint,
        found=found,
        more=more,
        asked=bool(typed or name) and not hint,
        wrong=wrong or {},
        may_reissue=current_actor().may(Permission.REVIEW),
    )


def _search(place: Callable[[], LinkDesk]) -> ResponseReturnValue:
    typed, name = (cut(" ".join(request.form.get(box, "").split()), LONGEST) for box in ("phone", "name"))
    asked = asked_phone(typed, name)
    with transaction():
        here = place()
        if not isinstance(asked, Sentence):
            found, _more = owners(here.festival.id, asked, here.own)
            about = {"by": HOW, "family": ", ".join(each.code for each in found)}
            security_log.note(SecurityKind.LOOKED_UP, about)
    return redirect(here.url("lost_link", s=sealed(f"{typed}{BETWEEN}{name}")), 303)


def _give(place: Callable[[], LinkDesk], kind: str, code: str) -> ResponseReturnValue:
    """The new link, when the last digits were read back; the number of the link that was seen keeps two presses apart."""
    by, seen = acting_user(), request.form.get("issue", "")
    with transaction():
        here = place()
        row = here.owner(kind, code)
        owner = _owner_of(row)
        fits = reads_back(owner.phone, request.form.get("tail", ""))
        if not fits:
            security_log.note(SecurityKind.LOOKED_UP, {"by": "digits", kind: code})
        else:
            _replace(here, row, by, int(seen) if seen.isdecimal() and len(seen) < 9 else owner.issue)
    if not fits:
        words = _("Bốn số này không phải bốn số cuối đã đăng ký. Hỏi lại rồi gõ; chưa có gì thay đổi.")
        return _page(here, {owner.code: words}, owner), 422
    handed = HandedLink(kind, code, row.link_issue, by)
    return redirect(here.url("lost_link_given", given=signed(handed)), 303)


def _replace(place: LinkDesk, row: Family | Delegation, by: int, seen: int) -> None:
    if isinstance(row, Delegation):
        of_delegations.replace_delegation_link(place.festival, row, by, seen=seen, how=HOW)
        return
    own = rules.rules_of(place.festival)
    of_families.replace_link(own, row, by, seen=seen, how=HOW)
    asked = request.form.get("pass") == "yes" and current_actor().may(Permission.REVIEW)
    if asked and row.state is FamilyState.APPROVED:
        reissue_pass(own, row, by)


def _given(place: LinkDesk) -> ResponseReturnValue:
    """The new link on the screen of whoever made it."""
    row = _handed(place)
    if row is None:
        flash(_OVER, "note")
        return redirect(place.url("lost_link"))
    family = row if isinstance(row, Family) else None
    address = _address(row)
    return render_template(
        "registration/lost_link/given.html",
        place=place,
        owner=_owner_of(row),
        family=family,
        address=address,
        text=_(
            "%(name)s: trang riêng ở %(address)s (liên kết cũ không còn mở được). Xin giữ cho riêng mình.",
            name=row.name,
            address=address,
        ),
        picture=qr.svg(address, level="M", label=_("Mã QR của liên kết mới")),
        given=request.args.get("given", ""),
    )


_OVER = _l("Liên kết vừa cấp chỉ hiện trong 15 phút cho người đã cấp. Cần nữa thì tìm lại và cấp liên kết khác.")


def _handed(place: LinkDesk) -> Family | Delegation | None:
    handed = handed_by(request.values.get("given", ""), acting_user())
    if handed is None:
        return None
    row = place.owner(handed.kind, handed.code)
    return row if row.link_issue == handed.issue else None


def _address(row: Family | Delegation) -> str:
    if isinstance(row, Family):
        return absolute(url_for("registration.family_code", code=of_families.link_code(row)))
    return absolute(url_for("registration.head_code", code=of_delegations.delegation_link(row)))


def _mail(place: Callable[[], LinkDesk]) -> ResponseReturnValue:
    """Send the family the link that is on the screen."""
    with transaction():
        here = place()
        row = _handed(here)
        if not isinstance(row, Family) or not row.email:
            raise Conflict(_OVER)
        send_renewed(row, here.festival, None, new_link=True)
    flash(_("Thư có liên kết mới đang được gửi đến %(email)s.", email=row.email), "good")
    return redirect(here.url("lost_link_given", given=request.form.get("given", "")), 303)


@bp.get("/delegation/<code>/lost-link")
@requires(Permission.DELEGATION)
def own_lost_link(code: str) -> ResponseReturnValue:
    """The officer looks for a family of the own delegation."""
    return _page(_officer(code))


@bp.post("/delegation/<code>/lost-link")
@requires(Permission.DELEGATION)
@search_limit
def own_lost_link_search(code: str) -> ResponseReturnValue:
    """What was typed does not stand in the address."""
    return _search(partial(_officer, code))


@bp.post("/delegation/<code>/lost-link/families/<family>")
@requires(Permission.DELEGATION)
@give_limit
def own_lost_link_family(code: str, family: str) -> ResponseReturnValue:
    """A new link for a family of the own delegation."""
    return _give(partial(_officer, code), "family", family)


@bp.get("/delegation/<code>/lost-link/given")
@requires(Permission.DELEGATION)
def own_lost_link_given(code: str) -> ResponseReturnValue:
    """It is on the screen."""
    return _given(_officer(code))


@bp.post("/delegation/<code>/lost-link/given")
@requires(Permission.DELEGATION)
@give_limit
def own_lost_link_mail(code: str) -> ResponseReturnValue:
    """By letter to the address the family has registered."""
    return _mail(partial(_officer, code))


@bp.get("/office/lost-link")
@requires(Permission.CHECKIN)
def lost_link() -> ResponseReturnValue:
    """The desk looks for a family or a head in the whole festival."""
    return _page(_desk())


@bp.post("/office/lost-link")
@requires(Permission.CHECKIN)
@search_limit
def lost_link_search() -> ResponseReturnValue:
    """What was typed does not stand in the address."""
    return _search(_desk)


@bp.post("/office/lost-link/families/<family>")
@requires(Permission.CHECKIN)
@give_limit
def lost_link_family(family: str) -> ResponseReturnValue:
    """A new link for a family."""
    return _give(_desk, "family", family)


@bp.post("/office/lost-link/delegations/<code>")
@requires(Permission.CHECKIN)
@give_limit
def lost_link_delegation(code: str) -> ResponseReturnValue:
    """A new link for the head of a delegation."""
    return _give(_desk, "delegation", code)


@bp.get("/office/lost-link/given")
@requires(Permission.CHECKIN)
def lost_link_given() -> ResponseReturnValue:
    """It is on the screen."""
    return _given(_desk())


@bp.post("/office/lost-link/given")
@requires(Permission.CHECKIN)
@give_limit
def lost_link_mail() -> ResponseReturnValue:
    """By letter to the address the family has registered."""
    return _mail(_desk)
