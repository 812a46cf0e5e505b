"""Which act, or whom, does somebody mean who types a name into a box? With a code behind it in brackets exactly that one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest, Judge
from festival.core.database import db
from festival.core.names import fold
from festival.core.web.errors import BadInput
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState
from festival.schedule.wishing.words import boxed

NAMED = 6  # of several that are meant
CODE_BEHIND = re.compile(r"\(([^()]+)\)\s*$")
NO_MORE = (FamilyState.REJECTED, FamilyState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Meant:
    """One that can be meant: the column of a wish it goes into, its key, what it is called, its code, what else finds it."""

    column: str
    id: int
    name: str
    code: str
    more: str = ""

    @property
    def box(self) -> str:
        return boxed(self.name, self.code)


def act_meant(festival_id: int, typed: str) -> int:
    """The entry; BadInput says which there are when it is none or several."""
    rows = db.session.execute(
        select(
            Entry.id, Entry.name, Entry.title, Entry.code, Contest.name.label("contest"), Contest.code.label("short")
        )
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Contest.festival_id == festival_id, Entry.state != EntryState.WITHDRAWN)
        .order_by(Contest.position, Entry.number.is_(None), Entry.number, Entry.id)
    )
    return _one(
        typed,
        [Meant("entry_id", row.id, f"{row.name}, {row.contest}", row.code, f"{row.title} {row.short}") for row in rows],
        _(
            "Không thấy tiết mục nào khớp «%(typed)s». Gõ tên gia đình kèm tên phần thi, tên tiết mục, hoặc mã.",
            typed=typed,
        ),
    ).id


def somebody_meant(festival_id: int, typed: str) -> Meant:
    """A family, a delegation, somebody who judges, or a contest for its whole panel."""
    people = [
        *_rows("family_id", select(Family.id, Family.name, Family.code).where(
            Family.festival_id == festival_id, Family.state.not_in(NO_MORE))),
        *_rows("delegation_id", select(Delegation.id, Delegation.name, Delegation.code).where(
            Delegation.festival_id == festival_id)),
        *_rows("user_id", select(User.id, User.name, User.login.label("code")).where(
            User.id.in_(select(Judge.user_id).join(Contest).where(Contest.festival_id == festival_id, Judge.marks)))),
        *_rows("contest_id", select(Contest.id, Contest.name, Contest.code).where(
            Contest.festival_id == festival_id,
            Contest.id.in_(select(Judge.contest_id).where(Judge.marks)))),
    ]  # fmt: skip
    return _one(
        typed,
        people,
        _(
            "Không thấy ai khớp «%(typed)s». Gõ tên gia đình, tên đoàn, tên giám khảo, hoặc tên phần thi (cả ban giám khảo).",
            typed=typed,
        ),
    )


def _rows(column: str, query: object) -> list[Meant]:
    return [Meant(column, row.id, row.name, row.code) for row in db.session.execute(query)]  # type: ignore[call-overload]


def _one(typed: str, there: Sequence[Meant], nobody: str) -> Meant:
    behind = CODE_BEHIND.search(typed)
    codes = {fold(typed.strip()), fold(behind[1].strip()) if behind else ""}
    by_code = [each for each in there if fold(each.code) in codes]
    words = fold(CODE_BEHIND.sub("", typed)).replace(",", " ").split()
    whole = [each for each in there if words and set(words) <= set(_text(each).split())]
    # «Gia đình 1» is not «Gia đình 12»; what is typed in part finds as well when nothing is called just so
    found = by_code or whole or [each for each in there if words and all(word in _text(each) for word in words)]
    called_so = [each for each in found if fold(each.name) == fold(typed.strip())]
    if len(called_so) == 1:
        return called_so[0]
    if not found:
        raise BadInput(nobody)
    if len(found) > 1:
        raise BadInput(
            _(
                "Có %(n)s khớp «%(typed)s». Gõ lại một trong các dòng này: %(lines)s",
                n=len(found),
                typed=typed,
                lines="; ".join(each.box for each in found[:NAMED]) + (" …" if len(found) > NAMED else ""),
            )
        )
    return found[0]


def _text(each: Meant) -> str:
    return fold(f"{each.name} {each.more}").replace(",", " ")
