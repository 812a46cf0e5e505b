"""How is the one sheet of a family drawn, and when does what was signed on it count?

A line and a signature for each adult and each child from 7, a box for each purpose; for children those who agree for them sign.
It counts once its photo is there: what was signed is ticked as it stands on the paper, and ends when the photo is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import CHILD_OWN, CHILD_PUBLISH, PUBLISH, SELF, TAKING_PART, Agreement, by_parent
from festival.consent.texts import CONSENT_WORDS, PURPOSE_WORDS
from festival.core.clock import now
from festival.core.database import db
from festival.core.text import line
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.papers.agreement_sheets import AgreementSheet
from festival.registration.agreeing import record_consent, withdraw_consent
from festival.registration.agreements import writing
from festival.roster.models import Family, Person
from festival.roster.rules import Rules
from festival.roster.steps import note

HOW = "sheet"
REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class SigningLine:
    """A line of the sheet: who signs, and for which purposes there is a box."""

    person: Person
    child: bool
    purposes: tuple[str, ...]


def lines_of(family: Family, rules: Rules) -> list[SigningLine]:
    """In the order of the family: what each one signs alone. Children under 7 sign nothing."""
    found = []
    for person in family.members:
        asked = writing.asked_person(person, rules)
        if person.out or asked.age is None:
            continue
        if not asked.child:
            found.append(SigningLine(person, False, (TAKING_PART, PUBLISH)))
        elif asked.own_asked:
            found.append(SigningLine(person, True, (CHILD_OWN, CHILD_PUBLISH) if asked.picture_asked else (CHILD_OWN,)))
        elif asked.picture_asked:
            found.append(SigningLine(person, True, (CHILD_PUBLISH,)))
    return found


def kept_sheet(family_id: int) -> AgreementSheet | None:
    """The sheet whose photo is there."""
    return db.session.scalar(
        select(AgreementSheet)
        .where(AgreementSheet.family_id == family_id, AgreementSheet.taken_back_at.is_(None))
        .execution_options(populate_existing=True)
    )


def keep_sheet(
    rules: Rules,
    family: Family,
    photo: bytes,
    alone: Mapping[str, tuple[str, ...]],
    parents: Mapping[Agreement, Mapping[str, tuple[bool, bool]]],
    by: int | None,
) -> int:
    """Keep the photo and write down what was signed: by person's code for what, and by parent for which children. How many agreements.

    One sheet at a time: of two who send at once the database lets one through.
    """
    if kept_sheet(family.id) is not None:
        raise Conflict(_("Phiếu của gia đình đã có ảnh. Bỏ ảnh ấy trước, rồi gửi ảnh mới."))
    sheet = AgreementSheet(
        family_id=family.id, photo=photo, sha256=sha256(photo).hexdigest(), kept_at=now(), kept_by=by, reason=""
    )
    db.session.add(sheet)
    db.session.flush()
    about = {"sheet": str(sheet.id), "sha256": sheet.sha256}
    note(rules.festival, "agreement_sheet.kept", family, family.version, {"by": by}, **about)
    stands, written = writing.standing_of(family, rules), 0
    for each in lines_of(family, rules):
        has = stands[each.person.code]
        standing = {
            TAKING_PART: has.taking_part.by,
            PUBLISH: has.publish,
            CHILD_OWN: has.own,
            CHILD_PUBLISH: has.own_publish,
        }
        for purpose in alone.get(each.person.code, ()):
            if purpose in each.purposes and not standing[purpose]:
                record_consent(rules, family, each.person, ConsentPurpose(purpose), each.person.name, SELF, HOW)
                written += 1
    for parent, wants in parents.items():
        for child in (one for one in writing.children_of(family, rules, wants) if not one.out):
            taking_part, publish = wants[child.code]
            found = by_parent(stands[child.code], parent, taking_part=taking_part, publish=publish)
            for purpose, name, as_who in found:
                record_consent(rules, family, child, ConsentPurpose(purpose), name, as_who, HOW)
            written += len(found)
    if not written:
        raise BadInput(
            _("Chưa đánh dấu điều nào mới so với những điều đã có. Đánh dấu đúng như trên phiếu đã ký."), field="signed"
        )
    return written


def take_back_sheet(rules: Rules, family: Family, sheet_id: int, reason: str, by: int | None) -> int:
    """The photo was wrong: it is shown to nobody any more and what rested on it ends. Answers how many agreements ended."""
    clean = line(reason)
    if not clean:
        raise BadInput(_("Ghi lý do bỏ ảnh phiếu."), field="reason")
    if len(clean) > REASON_LENGTH:
        raise BadInput(_("Lý do dài quá %(n)s ký tự.", n=REASON_LENGTH), field="reason")
    done = db.session.scalar(
        update(AgreementSheet)
        .where(
            AgreementSheet.id == sheet_id, AgreementSheet.family_id == family.id, AgreementSheet.taken_back_at.is_(None)
        )
        .values(taken_back_at=now(), taken_back_by=by, reason=clean)
        .returning(AgreementSheet.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Conflict(_("Ảnh phiếu này đã được bỏ từ trước."))
    about = {"sheet": str(sheet_id)}
    note(rules.festival, "agreement_sheet.taken_back", family, family.version, {"by": by, "reason": clean}, **about)
    rested = db.session.execute(
        select(Consent.person_id, Consent.purpose)
        .join(Person, Person.id == Consent.person_id)
        .where(Person.family_id == family.id, Consent.method == HOW, Consent.withdrawn_at.is_(None))
    ).all()
    people = {person.id: person for person in family.members}
    for row in rested:
        withdraw_consent(rules, family, people[row.person_id], row.purpose, HOW)
    return len(rested)


def sheet_photo(family: Family) -> bytes:
    """The photo that is kept. NotFound when there is none, or it was erased."""
    sheet = kept_sheet(family.id)
    if sheet is None or not sheet.photo:
        raise NotFound()
    return sheet.photo


def printed_values(family: Family, rules: Rules) -> dict[str, Any]:
    """What the template of the sheet reads."""
    box = "☐"
    words = {purpose.value: say(text) for purpose, (_version, text) in CONSENT_WORDS.items()}
    version = ", ".join(
        f"{say(PURPOSE_WORDS[purpose.value])} {CONSENT_WORDS[purpose][0]}"
        for purpose in (
            ConsentPurpose.TAKING_PART,
            ConsentPurpose.PUBLISH,
            ConsentPurpose.CHILD_OWN,
            ConsentPurpose.CHILD_PUBLISH,
        )
    )
    lines = lines_of(family, rules)
    children = [child for child in writing.children_of(family, rules) if not child.out]
    return {
        "title": _("Phiếu đồng ý của gia đình"),
        "festival": rules.festival.name,
        "family": f"{family.name} · {family.delegation.name}",
        "taking_part": words["taking_part"],
        "publish": words["publish"],
        "head": [_("Họ và tên"), _("Tham gia"), _("Công bố tên, hình"), _("Ký tên")],
        "adults": [[each.person.name, box, box, ""] for each in lines if not each.child],
        "adults_title": _("Người lớn"),
        "guardians_title": _("Cha, mẹ hoặc người giám hộ đồng ý cho trẻ dưới 16 tuổi"),
        "guardian_line": _("Tôi, ..................................................., là cha / mẹ / người giám hộ (gạch chữ không đúng) của:"),
        "guardian_rows": [[child.name, box, box] for child in children],
        "guardian_sign": _("Ký, ghi rõ họ tên: ................................................"),
        "children_title": _("Trẻ từ 7 tuổi tự trả lời"),
        "child_words": f"{words['child_own']} {words['child_publish']}" if any(each.child for each in lines) else "",
        "children": [
            [each.person.name, box if CHILD_OWN in each.purposes else "–", box if CHILD_PUBLISH in each.purposes else "–", ""]
            for each in lines
            if each.child
        ],
        "notes": _("Đánh dấu X vào ô đồng ý, để trống ô không đồng ý. Ký xong chụp cả tờ này vào một ảnh. Bản lời: %(version)s.", version=version),
    }  # fmt: skip
