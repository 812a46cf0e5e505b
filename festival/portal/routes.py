"""The family's own page, reached by its link, and the day of a delegation on one page for its head.

A link only shows: everything here reads. Changing, agreeing and withdrawing live with the registration and ask for
the last digits of the family's phone.
"""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.checkin.handouts.showing import shown_receipt
from festival.checkin.handouts.standing import HandoutItem
from festival.checkin.handouts.words import ITEM_WORDS
from festival.core import qr
from festival.core.clock import now
from festival.core.web.access import Permission, current_actor, family_link, head_link, requires
from festival.core.web.errors import NotFound
from festival.core.web.i18n import say
from festival.documents.pass_picture import pass_picture
from festival.editions.help_lines import HelpNumber
from festival.editions.help_table import help_numbers
from festival.editions.models import Festival
from festival.judging.comments.reading import comments_for
from festival.logistics.queries import of_delegation
from festival.logistics.words import MEAL_WORDS, VEHICLE_WORDS
from festival.passes import tokens
from festival.passes.models import Pass
from festival.portal import calendar_pages, keepsake_pages, own_mark_pages, queries
from festival.portal.blueprint import bp
from festival.portal.calendar_addresses import delegation_address, family_address
from festival.portal.delegation_page import head_page
from festival.portal.keepsakes import is_time
from festival.portal.turns import possible_turns, turns_of
from festival.programme.queries import festival_day
from festival.programme.snapshot import snapshot
from festival.programme.words import weekday
from festival.registration.offering.looking import held_until
from festival.registration.receiving import receiving_of
from festival.roster.delegations import delegation_by_id, delegation_of
from festival.roster.families import family_by_id
from festival.roster.models import Delegation, Family, FamilyState
from festival.roster.rules import rules_of
from festival.roster.views import view
from festival.roster.words import STATE_TONES, STATE_WORDS, entry_words, relation_word
from festival.schedule.presence.words import said

__all__ = ["bp", "calendar_pages", "keepsake_pages", "own_mark_pages"]


@bp.get("/family")
@family_link
def family() -> ResponseReturnValue:
    """State, pass, own turns, members: the page a family opens on the way."""
    row = _family()
    shown = view(row, rules_of(row.delegation.festival))
    issued = _pass(row)
    stay, own = of_delegation(row.delegation_id), {person.id for person in row.members}
    code = qr.svg(tokens.qr_text(issued), label=_("Mã QR của gia đình")) if issued else None
    codes = queries.entry_codes(row.id)
    return render_template(
        "portal/family.html",
        family=row,
        festival=row.delegation.festival,
        lacks=[say(item.reason) for item in shown.lacks],
        held=held_until(row.id) if row.state is FamilyState.SUBMITTED else None,
        entries=queries.entries(row.id),
        receiving=receiving_of(row),
        stay=stay,
        rooms=[room for room in stay.rooms if own & {person_id for person_id, _name in room.people}],
        turns=turns_of(snapshot().view(), codes, now()),
        possible=possible_turns(snapshot().view(), codes),
        comments=comments_for(codes),
        code=code,
        calendar=family_address(row),
        keepsake=row.state is FamilyState.APPROVED and is_time(row.delegation.festival, festival_day(now())),
        typed=tokens.typed_of(issued) if issued else "",
        state_words=STATE_WORDS,
        state_tones=STATE_TONES,
        entry_words=entry_words,
        relation_word=relation_word,
        weekday=weekday,
        help=_help(row.delegation.festival),
    )


def _help(festival: Festival) -> tuple[HelpNumber, ...]:
    """Whom to call; of the current edition the public pages know it already."""
    known = snapshot().view()
    return known.facts.help if known and known.facts.code == festival.code else help_numbers(festival)


@bp.get("/family/pass.png")
@family_link
def picture() -> ResponseReturnValue:
    """The pass as a picture to keep."""
    row = _family()
    issued = _pass(row)
    if issued is None:
        raise NotFound(_("Thẻ có sau khi Ban Tổ chức duyệt đăng ký."))
    drawn = pass_picture(
        code=tokens.qr_text(issued),
        typed=tokens.typed_of(issued),
        family=row.name,
        unit=row.delegation.name,
        festival=row.delegation.festival.name,
    )
    return Response(
        drawn, mimetype="image/png", headers={"Content-Disposition": 'attachment; filename="the-du-thi.png"'}
    )


@bp.get("/delegation/<code>/day")
@requires(Permission.DELEGATION)
def delegation_day(code: str) -> ResponseReturnValue:
    """The page of one's own delegation, as its head has it."""
    return _delegation_page(delegation_of(current_actor(), code))


@bp.get("/head")
@head_link
def head() -> ResponseReturnValue:
    """The same page by the head's own link; opens without network once it was opened."""
    return _delegation_page(delegation_by_id(current_actor().delegation_id or 0), by_link=True)


@bp.get("/delegation/<code>/receipts/<int:paper_id>")
@requires(Permission.DELEGATION)
def delegation_receipt(code: str, paper_id: int) -> ResponseReturnValue:
    """A receipt of one's own delegation."""
    return shown_receipt(delegation_of(current_actor(), code), paper_id)


@bp.get("/head/receipts/<int:paper_id>")
@head_link
def head_receipt(paper_id: int) -> ResponseReturnValue:
    """A receipt for the head, by the own link."""
    return shown_receipt(delegation_by_id(current_actor().delegation_id or 0), paper_id)


def _delegation_page(delegation: Delegation, *, by_link: bool = False) -> str:
    at = now()
    return render_template(
        "portal/delegation_day.html",
        delegation=delegation,
        festival=delegation.festival,
        page=head_page(delegation, at),
        at=at,
        by_link=by_link,
        items=[(item.value, say(ITEM_WORDS[item])) for item in HandoutItem],
        weekday=weekday,
        state_words=STATE_WORDS,
        meal_words=MEAL_WORDS,
        vehicle_words=VEHICLE_WORDS,
        said=said,
        calendar=delegation_address(delegation),
        keepsake=is_time(delegation.festival, festival_day(at)),
    )


def _family() -> Family:
    family_id = current_actor().family_id
    if family_id is None:
        raise NotFound()
    return family_by_id(family_id)


def _pass(row: Family) -> Pass | None:
    return queries.standing_pass(row.id) if row.state is FamilyState.APPROVED else None
