"""What did the secretary correct on a judge's sheet? Shown to that judge as long as the correction stands."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, not_, select

from festival.accounts.models import User
from festival.core.database import db
from festival.judging.models import ScoreSheet, SheetRevision


def corrections_shown(sheet_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """By sheet whose present version the secretary wrote in the judge's stead: what stood there before, why, who."""
    if not sheet_ids:
        return {}
    rows = db.session.execute(
        select(ScoreSheet.id, ScoreSheet.note, User.name, SheetRevision.content)
        .join(User, User.id == ScoreSheet.typed_by)
        .join(
            SheetRevision,
            and_(
                SheetRevision.sheet_id == ScoreSheet.id,
                SheetRevision.version == ScoreSheet.version - 1,
                not_(SheetRevision.open_conflict),
            ),
        )
        .where(ScoreSheet.id.in_(sheet_ids), not_(ScoreSheet.on_paper))
        .order_by(SheetRevision.id)
    )
    return {
        row.id: {
            "before": {key: row.content.get(key) for key in ("state", "marks", "total")},
            "reason": row.note,
            "by": row.name,
        }
        for row in rows
    }
