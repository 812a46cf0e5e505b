"""What was typed in the second step: quotas, the list as changed, pasted lines, ticked units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from festival.core.names import fold, nfc
from festival.core.numbers import typed_number
from festival.core.text import cut
from festival.setup.edition.pasted import (
    LONGEST_NAME,
    MOST_LINES,
    DelegationFate,
    PastedDelegation,
    delegation_name,
    delegations_of,
    fates,
    read_lines,
)
from festival.setup.edition.unit_lists import Units
from festival.setup.pieces import Document, Piece, mark, part, with_part

QUOTAS = ("families_per_delegation", "members_per_family", "contests_per_family")
LARGEST_TEXT = 60_000  # characters; 500 long names


def look(document: Document) -> Piece:
    """The piece this page shows."""
    return {"delegations": part(document, "delegations") or [], "quotas": part(document, "quotas") or {}}


@dataclass
class WhoForm:
    """The whole page as typed; what is wrong stands in `errors` by the name of its field."""

    held: Sequence[Mapping[str, Any]]
    quotas: dict[str, tuple[str, str]]
    names: dict[str, str]
    orders: dict[str, str]
    gone: set[str]
    text: str
    ticked: list[str]
    inside: str
    looked: str
    lines: tuple[PastedDelegation, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)  # names typed for delegations that somebody else took out

    @property
    def told(self) -> str:
        """The mark of what a look at the lines showed; an answer to what it asked needs no second look."""
        return mark(
            [
                [each.number, each.name, *(unit.code for unit in each.among)]
                if each.among
                else [each.number, each.name, each.fate, each.unit.code if each.unit else ""]
                for each in self.lines
            ]
        )

    @property
    def seen_lines(self) -> bool:
        return not self.lines or self.looked == self.told


def drawn(document: Document) -> WhoForm:
    """The page before anything is typed."""
    piece = look(document)
    return WhoForm(
        held=piece["delegations"],
        quotas={key: _span(piece["quotas"].get(key)) for key in QUOTAS},
        names={each["code"]: each["name"] for each in piece["delegations"]},
        orders={each["code"]: str(at) for at, each in enumerate(piece["delegations"], start=1)},
        gone=set(),
        text="",
        ticked=[],
        inside="",
        looked="",
    )


def read(document: Document, typed: MultiDict[str, str], units: Units) -> WhoForm:
    """The page as it was sent, each line with its fate."""
    form = drawn(document)
    form.quotas = {key: (typed.get(f"{key}-min", "")[:10], typed.get(f"{key}-max", "")[:10]) for key in QUOTAS}
    stands = dict(form.names)
    sent = {key.removeprefix("name-"): nfc(value) for key, value in typed.items() if key.startswith("name-")}
    form.left = [name for code, name in sent.items() if code not in stands]
    form.names = {code: sent.get(code, name) for code, name in stands.items()}
    form.orders = {code: typed.get(f"order-{code}", own)[:6] for code, own in form.orders.items()}
    form.gone = {code for code in typed.getlist("gone") if code in stands}
    form.text, form.inside = cut(typed.get("text", ""), LARGEST_TEXT), typed.get("inside", "")[:20]
    form.looked = typed.get("looked", "")
    below = units.below.get(form.inside, ())
    form.ticked = [each.code for each in below if typed.get("all") == form.inside] or typed.getlist("tick")
    by_code = {each.code: each for each in units.every}
    lines = read_lines(form.text)
    if len(lines) > MOST_LINES:
        form.errors["text"] = _("Nhiều quá %(most)s dòng. Dán làm nhiều lần.", most=MOST_LINES)
    chosen = [by_code[code] for code in dict.fromkeys(form.ticked) if code in by_code]
    form.ticked = [each.code for each in chosen]
    answers = {key.removeprefix("unit-"): value for key, value in typed.items() if key.startswith("unit-")}
    # a ticked unit needs no question: it answers for itself
    kept = [each for each in form.held if each["code"] not in form.gone]
    pasted = fates(lines[:MOST_LINES], units.every, kept, answers)
    known = [*kept, *({"name": each.name, "unit_code": each.unit.code if each.unit else None} for each in pasted)]
    taken = {each.get("unit_code"): each["name"] for each in known if each.get("unit_code")}
    form.lines = (
        *pasted,
        *(
            PastedDelegation(0, delegation_name(unit), DelegationFate.DOUBLE, again=taken[unit.code])
            if unit.code in taken
            else PastedDelegation(0, delegation_name(unit), DelegationFate.UNIT, unit)
            for unit in chosen
        ),
    )
    _check(form)
    return form


def edited(form: WhoForm, document: Document) -> Document:
    """The document as the page wants it."""
    spans = {key: span for key in QUOTAS if (span := _numbers(form, key)) is not None}
    kept = [each for each in form.held if each["code"] not in form.gone]
    place = {each["code"]: at for at, each in enumerate(kept)}

    def wanted(each: Mapping[str, Any]) -> tuple[int, int, int]:
        code = each["code"]
        number = typed_number(form.orders[code])
        at = form.held.index(each) + 1
        # whoever was given a number goes before the one who stands there, or behind when it moves down
        return (at if number is None else number, 0 if number in (None, at) else -1 if number < at else 1, place[code])

    ordered = [{**each, "name": form.names[each["code"]]} for each in sorted(kept, key=wanted)]
    added = delegations_of(form.lines, [str(each["code"]) for each in ordered])
    changed = with_part(document, "delegations", [*ordered, *added])
    return with_part(changed, "quotas", spans)


def sort_by_name(form: WhoForm) -> None:
    """Put numbers by the alphabet into the fields; nothing is saved."""
    in_order = sorted(form.names, key=lambda code: fold(form.names[code]))
    form.orders = {code: str(in_order.index(code) + 1) for code in form.orders}


def questions(form: WhoForm) -> list[PastedDelegation]:
    """Lines that wait for an answer."""
    return [each for each in form.lines if each.fate is DelegationFate.ASK]


def _check(form: WhoForm) -> None:
    for key in QUOTAS:
        low, high = (each.strip() for each in form.quotas[key])
        least, most = typed_number(low), typed_number(high)
        if (low and least is None) or (high and most is None):
            form.errors[key] = _("Ghi số, hoặc để trống nếu không giới hạn.")
        elif low and not high:
            form.errors[key] = _("Ghi cả số nhiều nhất, hoặc để trống cả hai.")
        elif least is not None and most is not None and least > most:
            form.errors[key] = _("Số ít nhất %(low)s lớn hơn số nhiều nhất %(high)s.", low=least, high=most)
    kept = {code: fold(name) for code, name in form.names.items() if code not in form.gone}
    for code, name in form.names.items():
        if code in kept and kept[code] in list(kept.values())[: list(kept).index(code)]:
            form.errors[f"name-{code}"] = _("Tên này đã là của đoàn khác trong danh sách.")
        elif code not in form.gone and not any(letter.isalnum() for letter in name):
            form.errors[f"name-{code}"] = _("Nhập tên đoàn, hoặc đánh dấu bỏ.")
        elif len(name) > LONGEST_NAME:
            form.errors[f"name-{code}"] = _("Dài quá %(most)s ký tự. Hãy rút gọn.", most=LONGEST_NAME)


def _numbers(form: WhoForm, key: str) -> Piece | None:
    low, high = form.quotas[key]
    most = typed_number(high)
    if most is None:
        return None
    least = typed_number(low)
    return {"min": min(1, most) if least is None else least, "max": most}


def _span(stated: Mapping[str, int] | None) -> tuple[str, str]:
    return ("", "") if not stated else (str(stated["min"]), str(stated["max"]))
