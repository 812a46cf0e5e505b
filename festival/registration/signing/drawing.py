"""How is a list to sign drawn, as PDF and as a document to edit, in the form of the state's papers? Vietnamese, whoever prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from festival.consent.rules import ages
from festival.core.births import Birth
from festival.core.clock import local
from festival.core.web.i18n import say
from festival.documents import paper
from festival.documents.docx import DocxTable, Para, docx
from festival.documents.state_paper import CODE_DIGITS, letterhead
from festival.editions.models import Unit, UnitLevel
from festival.papers.prints import DrawnPrint
from festival.registration.signing.listed import ListedFamily, ListedPerson, drawn_of
from festival.roster.models import Delegation, Reserve
from festival.roster.people import RELATION_WORDS, Relation
from festival.roster.rules import Rules
from festival.roster.words import RESERVE_WORDS, sex_word

WIDTHS = (6, 25, 20, 8, 14, 27)
OF_COMMITTEE = (UnitLevel.PROVINCE, UnitLevel.DISTRICT, UnitLevel.COMMUNE)


@dataclass(frozen=True, slots=True)
class DrawnList(DrawnPrint):
    """A list that is kept nowhere yet."""

    families: tuple[ListedFamily, ...]


def draw(
    delegation: Delegation, unit: Unit, families: Sequence[ListedFamily], rules: Rules, number: int, at: datetime
) -> DrawnList:
    """The list as it would be printed now."""
    drawn = drawn_of(unit.key, families)
    with force_locale("vi"):
        values = _values(delegation, unit, families, rules, f"{number}", at, drawn)
        content = paper.pdf("registration/papers/signing_list.typ", values, at=at)
        edited = docx(_blocks(values), title=values["title"], footer=values["code"], at=at)
    return DrawnList(number, at, drawn, content, edited, tuple(families))


def _values(
    delegation: Delegation,
    unit: Unit,
    families: Sequence[ListedFamily],
    rules: Rules,
    number: str,
    at: datetime,
    drawn: str,
) -> dict[str, Any]:
    """What the template reads, and the document too."""
    people = [person for family in families for person in family.people]
    committee = unit.level in OF_COMMITTEE
    festival = rules.festival
    organiser = festival.organiser or str(_("Ban Tổ chức"))
    years = [ages(born, festival.starts_on) for person in people if (born := _birth(person.birth)) is not None]
    total = _(
        "Tổng số: %(families)s gia đình, %(people)s người; nữ %(women)s người; trẻ em dưới 16 tuổi %(children)s người; từ 60 tuổi trở lên %(older)s người.",
        families=len(families),
        people=len(people),
        women=sum(person.sex == "female" for person in people),
        children=sum(each.child for each in years),
        older=sum(each.older for each in years),
    )
    above = str(_("Ủy ban nhân dân")) if committee else unit.parent.full_name if unit.parent else ""
    signer = str(_("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH")) if committee else str(_("THỦ TRƯỞNG ĐƠN VỊ"))
    return {
        "title": str(_("Danh sách gia đình dự thi")),
        "under": f"{festival.name}\n{delegation.name}",
        "organ": "\n".join(each.upper() for each in (above, unit.full_name) if each),
        "number": str(_("Số: ……/DS-UBND") if committee else _("Số: ……/DS")),
        "place_and_day": str(
            _("%(place)s, ngày …… tháng …… năm %(year)s", place=unit.name, year=local(at).year)
        ),
        "head": [str(each) for each in (_("STT"), _("Họ và tên"), _("Quan hệ"), _("Giới tính"), _("Ngày sinh"), _("Phần thi"))],
        "widths": list(WIDTHS),
        "families": [
            {"title": _title(place, family), "people": [_line(row, each, rules) for row, each in enumerate(family.people, 1)]}
            for place, family in enumerate(families, start=1)
        ],
        "total": str(total),
        "receivers": [str(_("Nơi nhận:")), f"- {organiser};", str(_("- Lưu: VT."))],
        "makers": [str(_("NGƯỜI LẬP DANH SÁCH")), str(_("(Ký, ghi rõ họ tên)"))],
        "signer": [signer, str(_("(Ký, ghi rõ họ tên, đóng dấu)"))],
        "code": str(_("Tờ số %(number)s, mã %(code)s", number=number, code=drawn[:CODE_DIGITS])),
    }  # fmt: skip


def _title(place: int, family: ListedFamily) -> str:
    reserve = f" ({say(RESERVE_WORDS[Reserve.ACCEPTED]).lower()})" if family.reserve else ""
    phone = str(_("ĐT: %(phone)s", phone=family.phone)) if family.phone else ""
    return " – ".join(part for part in (f"{place}. {family.name}{reserve}", phone, family.address) if part)


def _line(row: int, person: ListedPerson, rules: Rules) -> list[str]:
    relation = say(RELATION_WORDS[Relation(person.relation)]) if person.relation in set(Relation) else person.relation
    contests = ", ".join(rules.names[code] for code in person.contests if code in rules.names)
    return [str(row), person.name, relation, sex_word(person.sex or None), person.birth, contests]


def _birth(said: str) -> Birth | None:
    parts = [int(part) for part in said.split("/")] if said else []
    return Birth(parts[2], parts[1], parts[0]) if len(parts) == 3 else Birth(parts[0]) if parts else None


def _blocks(values: Mapping[str, Any]) -> list[Para | DocxTable]:
    """The same as paragraphs and tables."""
    head = tuple((Para(text, "center", bold=True, points=11),) for text in values["head"])
    rows: list[tuple[tuple[Para, ...], ...]] = [head]
    for family in values["families"]:
        rows.append(((Para(family["title"], bold=True, points=11),),))
        for cells in family["people"]:
            rows.append(
                tuple(
                    (Para(text, "center" if place in (0, 3, 4) else "left", points=11),)
                    for place, text in enumerate(cells)
                )
            )
    receivers, *who = values["receivers"]
    feet = (
        (Para(receivers, bold=True, italic=True, points=12), *(Para(each, points=11) for each in who)),
        _signing(values["makers"]),
        _signing(values["signer"]),
    )
    return [
        letterhead(((values["organ"], True), (values["number"], False)), values["place_and_day"]),
        Para(values["title"].upper(), "center", bold=True, points=14, space=12),
        Para(values["under"], "center", bold=True, points=13),
        Para("", points=6),
        DocxTable(tuple(values["widths"]), tuple(rows), head=1),
        Para(values["total"], space=6, keep=True),
        Para("", points=6, keep=True),
        DocxTable((4, 4, 5), (feet,), lines=False),
    ]


def _signing(words: Sequence[str]) -> tuple[Para, ...]:
    who, how = words
    return (
        Para(who, "center", bold=True, points=12),
        Para(how, "center", italic=True, points=11),
        *(Para("") for _ in range(4)),
    )
