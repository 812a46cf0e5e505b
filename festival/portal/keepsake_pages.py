"""The picture a family or a delegation keeps and sends to its group, from the first day of the festival on."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import now
from festival.core.web.access import Permission, current_actor, family_link, head_link, requires
from festival.core.web.errors import NotFound
from festival.core.web.i18n import day
from festival.documents import paper
from festival.editions.models import Festival
from festival.portal.blueprint import bp
from festival.portal.keepsakes import Keepsake, is_time, keepsake_of_delegation, keepsake_of_family
from festival.programme.queries import festival_day
from festival.roster.delegations import delegation_by_id, delegation_of
from festival.roster.families import family_by_id
from festival.roster.models import Delegation, FamilyState

PPI = 144
COLOURS = 32


@bp.get("/family/keepsake.png")
@family_link
def family_keepsake() -> ResponseReturnValue:
    """Of the family whose link it is."""
    family = family_by_id(current_actor().family_id or 0)
    if family.state is not FamilyState.APPROVED:
        raise NotFound(_("Thiệp kỷ niệm có cho gia đình dự ngày hội."))
    return _picture(family.delegation.festival, keepsake_of_family(family))


@bp.get("/head/keepsake.png")
@head_link
def head_keepsake() -> ResponseReturnValue:
    """Of the delegation, by the head's own link."""
    return _of_delegation(delegation_by_id(current_actor().delegation_id or 0))


@bp.get("/delegation/<code>/keepsake.png")
@requires(Permission.DELEGATION)
def delegation_keepsake(code: str) -> ResponseReturnValue:
    """Of one's own delegation."""
    return _of_delegation(delegation_of(current_actor(), code))


def _of_delegation(delegation: Delegation) -> Response:
    return _picture(delegation.festival, keepsake_of_delegation(delegation))


def _picture(festival: Festival, keepsake: Keepsake) -> Response:
    if not is_time(festival, festival_day(now())):
        raise NotFound(_("Thiệp kỷ niệm có từ ngày khai mạc."))
    (drawn,) = paper.png("portal/keepsake.typ", _said(festival, keepsake), ppi=PPI)
    answer = Response(paper.few_colours(drawn, COLOURS), mimetype="image/png")
    answer.headers["Content-Disposition"] = 'attachment; filename="thiep-ky-niem.png"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _said(festival: Festival, keepsake: Keepsake) -> dict[str, object]:
    """The words of the picture."""

    def prize(award: tuple[str, bool]) -> str:
        name, special = award
        return name if special else _("Giải %(prize)s", prize=name)

    return {
        "festival": festival.name,
        "theme": festival.theme,
        "when": f"{day(festival.starts_on)} - {day(festival.ends_on)}",
        "venue": festival.venue or festival.host,
        "name": keepsake.name,
        "unit": keepsake.unit,
        "came": _("đã cùng vui Ngày hội"),
        "won": [_("%(prize)s toàn đoàn", prize=prize(each)) for each in keepsake.won],
        "parts": [{"name": each.name, "awards": list(map(prize, each.awards))} for each in keepsake.parts],
        "more": _("và %(n)s gia đình, đội khác", n=keepsake.more) if keepsake.more else "",
    }
