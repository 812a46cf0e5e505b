"""One Excel file of everybody who takes part, for the organiser: families in the columns of the template, then everybody else."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from sqlalchemy import select

from festival.badges.words import BADGE_WORDS
from festival.core.database import db
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, requires
from festival.core.web.i18n import say
from festival.registration.blueprint import bp
from festival.registration.excel import exports, queries, writing
from festival.registration.officer.excel_pages import excel_file
from festival.roster.asked import asked_rules
from festival.roster.families import WITH_MEMBERS
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.views import views


@bp.get("/office/registrations/families.xlsx")
@requires(Permission.REVIEW)
def everybody_file() -> ResponseReturnValue:
    """Families of every delegation that were not withdrawn, with state and what they lack; people outside families."""
    rules = asked_rules()
    query = (
        select(Family)
        .join(Delegation, Delegation.id == Family.delegation_id)
        .where(Family.festival_id == rules.festival.id, Family.state != FamilyState.WITHDRAWN)
        .options(*WITH_MEMBERS)
        .order_by(Delegation.position, Delegation.id, Family.id)
    )
    families = list(db.session.scalars(query))
    titles = queries.titles_of({family.delegation_id for family in families})
    rows = exports.rows(views(families, rules), titles)
    asked, told = queries.asked_of(rules), ("delegation", "state", "lacks")
    content = writing.write(rules.festival.name, "", asked, rows, told, _others(rules.festival.id))
    looked(SecurityKind.EXPORT, what="families.xlsx", festival=rules.festival.code)
    return excel_file(content, f"dang-ky-{rules.festival.code}.xlsx")


def _others(festival_id: int) -> list[tuple[str, ...]]:
    """People outside families who take part: guests, officers, helpers."""
    query = (
        select(Person.name, Person.badge, Delegation.name.label("delegation"), Person.phone, Person.needs)
        .outerjoin(Delegation, Delegation.id == Person.delegation_id)
        .where(Person.festival_id == festival_id, Person.family_id.is_(None), ~Person.out)
        .order_by(Person.badge, Person.folded)
    )
    with force_locale("vi"):
        return [
            (row.name, say(BADGE_WORDS[row.badge]), row.delegation or "", row.phone, row.needs)
            for row in db.session.execute(query)
        ]
