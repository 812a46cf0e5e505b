"""How does somebody write down an ethnic group, and take it back? With an agreement of its own, apart from every other.

Nobody has to; nothing depends on it. It is written behind the family's own link only, by the person, or for a child by father,
mother or guardian by name. Taken back, the group is gone at once; that it was agreed to, by whom and to which words, stays provable.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from festival.consent.rules import AskedPerson, Ticks, given, unnamed
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.i18n import say
from festival.privacy.ethnic.agreed_text import TEXT_VERSION
from festival.privacy.groups import GROUPS, GroupCounts, shown
from festival.privacy.models import EthnicGroup
from festival.roster.families import birth_of
from festival.roster.models import Family, FamilyState, Person


def write_down(family: Family, person: Person, group: str, ticks: Ticks, method: str) -> None:
    """Agree and write the group down. BadInput for what does not count, Conflict when one stands already."""
    if group not in GROUPS:
        raise BadInput(_("Chọn một dân tộc trong danh sách."), field="group")
    asked = AskedPerson(person.name, birth_of(person), family.delegation.festival.starts_on)
    fault = unnamed(asked, ticks)
    agreed = given(asked, ticks).taking_part
    if fault is not None or not agreed.by:
        raise BadInput(say(fault) if fault else _("Chưa đánh dấu đồng ý nên chưa ghi."))
    values = {
        "person_id": person.id, "group_code": group, "text_version": TEXT_VERSION, "given_by": agreed.by,
        "given_as": agreed.as_who, "method": method, "given_at": now(),
    }  # fmt: skip
    made = insert_or_pass(EthnicGroup).values(values).on_conflict_do_nothing().returning(EthnicGroup.id)
    if db.session.execute(made).scalar_one_or_none() is None:
        raise Conflict(_("Đã ghi dân tộc của người này rồi. Muốn ghi khác thì rút lại trước."))
    _note(family, person, "ethnic.given", {"by": agreed.by, "as": agreed.as_who, "how": method, "text": TEXT_VERSION})


def take_back(family: Family, person: Person, how: str) -> None:
    """The group goes; Conflict when none is written down."""
    gone = db.session.scalar(
        update(EthnicGroup)
        .where(EthnicGroup.person_id == person.id, EthnicGroup.withdrawn_at.is_(None))
        .values(group_code="", withdrawn_at=now(), withdrawn_how=how)
        .returning(EthnicGroup.id)
        .execution_options(synchronize_session=False)
    )
    if gone is None:
        raise Conflict(_("Chưa ghi dân tộc của người này."))
    _note(family, person, "ethnic.withdrawn", {"how": how})


def _note(family: Family, person: Person, kind: str, payload: dict[str, object]) -> None:
    """Which group it is stands in no line."""
    subject = {"family": family.code, "person": person.code}
    ledger.append(f"decisions:{family.delegation.festival.code}", kind, subject, payload)


def standing(family: Family) -> dict[int, str]:
    """Person → the group written down."""
    people = [one.id for one in family.members]
    rows = db.session.execute(
        select(EthnicGroup.person_id, EthnicGroup.group_code).where(
            EthnicGroup.person_id.in_(people), EthnicGroup.withdrawn_at.is_(None)
        )
    )
    return {row.person_id: GROUPS.get(row.group_code, "") for row in rows}


def counts(festival_id: int) -> GroupCounts:
    """Of those who take part in approved families; what may be shown of it."""
    rows = db.session.execute(
        select(EthnicGroup.group_code, func.count().label("number"))
        .join(Person, Person.id == EthnicGroup.person_id)
        .join(Family, Family.id == Person.family_id)
        .where(
            Family.festival_id == festival_id,
            Family.state == FamilyState.APPROVED,
            EthnicGroup.withdrawn_at.is_(None),
            EthnicGroup.group_code != "",
            ~Person.out,
        )
        .group_by(EthnicGroup.group_code)
    )
    return shown({row.group_code: int(row.number) for row in rows})
