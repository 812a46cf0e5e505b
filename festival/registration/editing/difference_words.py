"""In which words does a page say what differs between two states of a family?"""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.sentence import N_, Sentence
from festival.registration.editing.differences import FamilyDifference, Field
from festival.roster.people import RELATION_WORDS, SEX_WORDS, Relation, Sex

FIELD_WORDS: dict[Field, Sentence] = {
    Field.PHONE: N_("Số điện thoại"),
    Field.EMAIL: N_("Thư điện tử"),
    Field.ADDRESS: N_("Địa chỉ"),
    Field.INTRODUCTION: N_("Lời giới thiệu"),
    Field.ORDER: N_("Thứ tự thành viên"),
    Field.JOINED: N_("Thêm người"),
    Field.LEFT: N_("Bớt người"),
    Field.NAME: N_("Họ và tên"),
    Field.RELATION: N_("Quan hệ"),
    Field.SEX: N_("Giới tính"),
    Field.BIRTH: N_("Ngày sinh"),
    Field.NEEDS: N_("Nhu cầu hỗ trợ"),
    Field.CONTEST: N_("Phần thi"),
    Field.OUT: N_("Tham gia"),
}

NOTHING = N_("(để trống)")
_ABSENT = N_("(không)")
_IN, _OUT = N_("Có tham gia"), N_("Không tham gia")


def what_of(found: FamilyDifference) -> Sentence:
    """Whose field it is: "Họ và tên – Danh Chung", "Địa chỉ"."""
    if not found.name or found.field in {Field.JOINED, Field.LEFT}:
        return FIELD_WORDS[found.field]
    return N_("%(field)s – %(name)s", field=FIELD_WORDS[found.field], name=found.name)


def before_of(found: FamilyDifference, contests: Mapping[str, str]) -> Sentence:
    """What stood there; `contests`: code → name."""
    return _value(found.field, found.before, contests)


def after_of(found: FamilyDifference, contests: Mapping[str, str]) -> Sentence:
    """What stands there now."""
    return _value(found.field, found.after, contests)


def said(found: FamilyDifference, contests: Mapping[str, str]) -> Sentence:
    """The whole difference in one line."""
    match found.field:
        case Field.JOINED:
            return N_("Thêm %(name)s", name=found.name)
        case Field.LEFT:
            return N_("Bớt %(name)s", name=found.name)
        case Field.CONTEST if not found.before:
            return N_("%(name)s: thêm “%(contest)s”", name=found.name, contest=after_of(found, contests))
        case Field.CONTEST:
            return N_("%(name)s: thôi “%(contest)s”", name=found.name, contest=before_of(found, contests))
        case _:
            return N_(
                "%(what)s: “%(before)s” thành “%(after)s”",
                what=what_of(found),
                before=before_of(found, contests),
                after=after_of(found, contests),
            )


def _value(field: Field, value: str, contests: Mapping[str, str]) -> Sentence:
    match field:
        case Field.OUT:
            return _OUT if value else _IN
        case Field.JOINED | Field.LEFT | Field.CONTEST if not value:
            return _ABSENT
        case _ if not value:
            return NOTHING
        case Field.RELATION:
            return RELATION_WORDS[Relation(value)]
        case Field.SEX:
            return SEX_WORDS[Sex(value)]
        case Field.CONTEST:
            return Sentence("%(name)s", {"name": contests.get(value, value)})
        case _:
            return Sentence("%(text)s", {"text": value})
