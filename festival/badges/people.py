"""What is written of somebody outside families, what is wrong with it, and when are two of them the same? Pure.

Whoever could be under 16 does not stand here: a child takes part in a family, where father, mother or guardian agrees
(consent/rules). So the year of birth is asked of those among whom children are: helpers of a delegation, volunteers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from festival.consent.rules import CHILD_UNDER, ages
from festival.core.births import Birth, birth
from festival.core.names import fold, nfc, spelling, too_long
from festival.core.old_fonts import written_fault
from festival.core.phones import phone
from festival.core.sentence import N_, Sentence
from festival.core.text import line

LONGEST_HONORIFIC = 40
LONGEST_TITLE = 160
LONGEST_SEAT = 40
HIGHEST_RANK = 9_999
# Among these are children of acts, and pupils who help.
BIRTH_ASKED = frozenset({"crew", "volunteer"})

# What people write for a class, folded, beside its own word.
ALSO_CALLED = {
    "can bo": "officer", "truong doan": "officer", "pho truong doan": "officer", "can bo phu trach": "officer",
    "lai xe": "crew", "nhac cong": "crew", "dien vien": "crew", "dien vien ho tro": "crew", "ho tro": "crew",
    "khach": "guest", "dai bieu": "guest", "khach moi danh du": "guest", "phong vien": "press", "nha bao": "press",
    "ban giam khao": "jury", "btc": "committee", "tinh nguyen": "volunteer", "y te": "service", "hau can": "service",
}  # fmt: skip

TOO_YOUNG = N_(
    "%(name)s có thể dưới 16 tuổi nên không cấp thẻ riêng. Hãy ghi cháu vào một gia đình của đoàn: ở đó cha, mẹ hoặc người "
    "giám hộ đồng ý cho cháu, và cháu vào cổng bằng thẻ gia đình.",
    "too_young",
)
NO_CLASS = N_("Chưa chọn lớp thẻ, hoặc lớp thẻ này không dùng ở danh sách này.", "no_badge_class")
NO_BIRTH = N_(
    "Hãy ghi năm sinh: trẻ dưới 16 tuổi phải ở trong một gia đình, nên lớp thẻ này cần biết tuổi.", "no_birth"
)
BAD_RANK = N_("Thứ tự phải là số từ 1 đến 9999, hoặc để trống.", "bad_rank")


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody outside families, as typed or read: `badge` is a class of all editions, `kind` the code of an own one."""

    name: str
    badge: str
    kind: str = ""
    honorific: str = ""
    title: str = ""
    rank: int | None = None
    seat: str = ""
    phone: str = ""
    birth: Birth | None = None

    @property
    def identity(self) -> str:
        """Equal for the same person on one list: spelling of the name, phone, title."""
        return "|".join((spelling(self.name), self.phone, fold(self.title)))

    @property
    def folded(self) -> str:
        """The name as it is searched."""
        return fold(self.name)


def told(each: Outsider) -> dict[str, Any]:
    """As a line of the ledger, or a file that waits, holds it."""
    return {
        "name": each.name,
        "badge": each.badge,
        "kind": each.kind,
        "honorific": each.honorific,
        "title": each.title,
        "rank": each.rank,
        "seat": each.seat,
        "phone": each.phone,
        "birth": [each.birth.year, each.birth.month, each.birth.day] if each.birth else None,
    }


def untold(kept: dict[str, Any]) -> Outsider:
    """The other direction."""
    born = kept["birth"]
    return Outsider(**{**kept, "birth": Birth(*born) if born else None})


def spoken(honorific: str, name: str, title: str) -> str:
    """As the MC reads it: "đồng chí Danh Chung, Phó Chủ tịch Ủy ban nhân dân tỉnh"."""
    said = f"{honorific} {name}".strip()
    return f"{said}, {title}" if title else said


@dataclass(frozen=True, slots=True)
class TypedOutsider:
    """The texts of a form or of the cells of a row."""

    name: Any = ""
    honorific: Any = ""
    title: Any = ""
    rank: Any = ""
    seat: Any = ""
    phone: Any = ""
    birth: Any = ""


def read(
    typed: TypedOutsider, badge: str | None, kind: str, today: date, festival_on: date
) -> tuple[Outsider, list[tuple[str, Sentence]]]:
    """What was typed as a value, and every fault with the field it stands in. `badge` None: no class that may be given."""
    faults: list[tuple[str, Sentence]] = []
    wrong = written_fault(typed.name)
    if wrong is not None:
        faults.append(("name", wrong))
    texts = {}
    for field, most in (("honorific", LONGEST_HONORIFIC), ("title", LONGEST_TITLE), ("seat", LONGEST_SEAT)):
        texts[field] = _text(getattr(typed, field))
        if fault := too_long(texts[field], most):
            faults.append((field, fault))
    number = phone(typed.phone) if _text(typed.phone) else ""
    if isinstance(number, Sentence):
        faults.append(("phone", number))
        number = ""
    rank = _rank(typed.rank)
    if isinstance(rank, Sentence):
        faults.append(("rank", rank))
        rank = None
    born = birth(typed.birth, today) if typed.birth not in ("", None) else None
    if isinstance(born, Sentence):
        faults.append(("birth", born))
        born = None
    name = nfc(typed.name) if isinstance(typed.name, str) else ""
    faults += _of_age(name, badge, born, festival_on, asked=all(field != "birth" for field, _fault in faults))
    if badge is None:
        faults.append(("badge", NO_CLASS))
    return Outsider(name, badge or "", kind, **texts, rank=rank, phone=number, birth=born), faults


def _of_age(
    name: str, badge: str | None, born: Birth | None, on: date, *, asked: bool
) -> Iterator[tuple[str, Sentence]]:
    if born is not None and ages(born, on).least < CHILD_UNDER:
        yield "birth", TOO_YOUNG.filled(name=name)
    elif born is None and asked and badge in BIRTH_ASKED:
        yield "birth", NO_BIRTH


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return line(str(value))


def _rank(value: Any) -> int | Sentence | None:
    text = _text(value)
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 4 or int(text) < 1:
        return BAD_RANK
    return int(text)
