"""Which turns was a family, or a delegation's group, told last; and who says that a message went, or that it did not?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.compare import digest
from festival.core.web.errors import Conflict
from festival.editions.models import Festival
from festival.messages.models import ToldWay, TurnsTold
from festival.roster.models import Delegation

Said = Mapping[str, Any]  # of a notice: {"delegation", "family" (None: the group's own), "version", "turns"}


@dataclass(frozen=True, slots=True)
class LastTold:
    """By delegation and by family, the last message that was not taken back."""

    groups: Mapping[int, TurnsTold]
    families: Mapping[int, TurnsTold]

    def of(self, said: Said) -> TurnsTold | None:
        """Of whom a notice is."""
        return self.groups.get(said["delegation"]) if said["family"] is None else self.families.get(said["family"])


def last_told(festival_id: int) -> LastTold:
    """One statement."""
    latest = (
        select(func.max(TurnsTold.id))
        .join(Delegation, Delegation.id == TurnsTold.delegation_id)
        .where(Delegation.festival_id == festival_id, TurnsTold.taken_back_at.is_(None))
        .group_by(TurnsTold.delegation_id, TurnsTold.family_id)
    )
    rows = list(db.session.scalars(select(TurnsTold).where(TurnsTold.id.in_(latest)).order_by(TurnsTold.id)))
    return LastTold(
        {row.delegation_id: row for row in rows if row.family_id is None},
        {row.family_id: row for row in rows if row.family_id is not None},
    )


def tell(festival: Festival, several: Iterable[Said], way: ToldWay, by: int | None) -> int:
    """These messages went. Who was told just that already is not noted twice; answers how many were noted."""
    db.session.execute(select(Festival.id).where(Festival.id == festival.id).with_for_update())
    known = last_told(festival.id)
    rows = [
        TurnsTold(
            delegation_id=said["delegation"],
            family_id=said["family"],
            version=said["version"],
            way=way,
            turns=said["turns"],
            told_at=now(),
            told_by=by,
        )
        for said in several
        if said["version"] and not _same(known.of(said), said)
    ]
    db.session.add_all(rows)
    db.session.flush()
    if rows:
        payload = {"way": way.value, "rows": [_recorded(row) for row in rows]}
        subject = {"festival": festival.code, "told": [row.id for row in rows], "by": by}
        ledger.append(f"decisions:{festival.code}", "turns_told", subject, payload)
    return len(rows)


def _same(row: TurnsTold | None, said: Said) -> bool:
    return row is not None and (row.version, row.turns) == (said["version"], said["turns"])


def _recorded(row: TurnsTold) -> list[object]:
    return [row.delegation_id, row.family_id, row.version, digest(row.turns)]


def take_back(festival: Festival, said: Said, by: int | None) -> None:
    """The last message did not go after all; what was told before it counts again. Conflict when there is none."""
    row = last_told(festival.id).of(said)
    done = row is not None and db.session.scalar(
        update(TurnsTold)
        .where(TurnsTold.id == row.id, TurnsTold.taken_back_at.is_(None), TurnsTold.way == ToldWay.BY_HAND)
        .values(taken_back_at=now())
        .returning(TurnsTold.id)
    )
    if not done:
        raise Conflict(
            _(
                "Không có tin nào vừa ghi là đã gửi. Thư điện tử đã đi thì không lấy lại được; tin sau sẽ nói điều đã đổi."
            )
        )
    ledger.append(f"decisions:{festival.code}", "turns_told_back", {"told": done, "by": by}, {})


def history(delegation_id: int, family_id: int | None) -> Sequence[TurnsTold]:
    """What went to them, the latest first, also what was taken back."""
    whose = TurnsTold.family_id.is_(None) if family_id is None else TurnsTold.family_id == family_id
    wanted = select(TurnsTold).where(TurnsTold.delegation_id == delegation_id, whose)
    return list(db.session.scalars(wanted.order_by(TurnsTold.id.desc()).limit(20)))
