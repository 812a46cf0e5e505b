"""How does the ledger tell what judges declared, and what was decided about it?

In the stream of the edition's decisions, beside seats and ties. Before 0.8.0 nothing of it was written: the first line of
an edition is therefore `relation.known`, which says what stood there already.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from festival.contests.assigning.models import JudgeScope
from festival.contests.models import Contest, Judge
from festival.contests.replacing.models import DeclaredRelation, RelationDismissed
from festival.core import ledger
from festival.core.database import db
from festival.editions.models import Festival
from festival.judging.panel.recorded import KINDS, SCOPE


def record_declared(row: DeclaredRelation) -> None:
    """Declared, or the words of one that stood there."""
    _begun(row.festival_id)
    _line(row.festival_id, "relation.declared", {"relation": row.id}, relation_said(row))


def record_dismissed(festival_id: int, row: RelationDismissed) -> None:
    """It is no tie for this seat."""
    _begun(festival_id)
    subject = {"judge": row.judge_id, "relation": row.relation_id}
    _line(festival_id, "relation.dismissed", subject, dismissal_said(row))


def record_gone(festival_id: int, kind: str, subject: Mapping[str, object]) -> None:
    """A relation, or a decision about one, was taken back."""
    _begun(festival_id)
    _line(festival_id, kind, subject, {})


def record_scope(row: JudgeScope) -> None:
    """What an account can judge, and on which days. A table that every release wrote into the ledger from its first row."""
    _line(row.festival_id, SCOPE, {"user": row.user_id}, scope_said(row))


def scope_said(row: JudgeScope) -> dict[str, object]:
    """What a line says of it."""
    return {"says": row.says, "before": row.before, "version": row.version, "said_by": row.said_by}


def relation_said(row: DeclaredRelation) -> dict[str, object]:
    """What a line says of a relation."""
    return {"user_id": row.user_id, "unit_id": row.unit_id, "family_id": row.family_id, "words": row.words}


def dismissal_said(row: RelationDismissed) -> dict[str, object]:
    """What a line says of a dismissal."""
    return {"reason": row.reason, "dismissed_by": row.dismissed_by}


def relations_there(festival_id: int) -> list[DeclaredRelation]:
    """Every relation of an edition."""
    return list(db.session.scalars(select(DeclaredRelation).where(DeclaredRelation.festival_id == festival_id)))


def dismissals_there(festival_id: int) -> list[RelationDismissed]:
    """Every dismissal of an edition."""
    own = select(Judge.id).join(Contest, Contest.id == Judge.contest_id).where(Contest.festival_id == festival_id)
    return list(db.session.scalars(select(RelationDismissed).where(RelationDismissed.judge_id.in_(own))))


def scopes_there(festival_id: int) -> list[JudgeScope]:
    """Every scope that was said in an edition."""
    return list(db.session.scalars(select(JudgeScope).where(JudgeScope.festival_id == festival_id)))


def _begun(festival_id: int) -> None:
    """Before the first line: what an older release left, as it stands now."""
    stream = _stream(festival_id)
    if ledger.last_payload(stream, KINDS) is not None:
        return
    relations = [[row.id, relation_said(row)] for row in relations_there(festival_id)]
    dismissed = [[row.judge_id, row.relation_id, dismissal_said(row)] for row in dismissals_there(festival_id)]
    said: dict[str, object] = {"relations": relations, "dismissed": dismissed}
    _line(festival_id, "relation.known", {}, said)


def _line(festival_id: int, kind: str, subject: Mapping[str, object], said: Mapping[str, object]) -> None:
    festival = db.session.get_one(Festival, festival_id)
    ledger.append(_stream(festival_id), kind, {"festival": festival.code, **subject}, said)


def _stream(festival_id: int) -> str:
    return f"decisions:{db.session.get_one(Festival, festival_id).code}"
