"""What of the rules of the whole edition stands already, because there are marks, signed minutes or prizes given?

How delegations are added up stands from the first mark of the edition, their prizes from the minutes of the whole, a
special prize once it is given. A contest's own rules are held by `contests.saving`.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import exists, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.editions.models import Festival
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.whole import WholeDelegationRule
from festival.papers.models import WholeMinutes
from festival.results.models import Award


def keep_whole(festival: Festival, before: WholeDelegationRule | None, ruleset: Ruleset) -> None:
    """Conflict where the sum, its ladder or its prizes change after their time. Rules where there were none may be added.

    Read with the edition and its contests held: a mark and a signature at the same moment come before or after.
    """
    now = ruleset.whole_delegation
    if before is None or now == before:
        return
    own = select(Contest.rules_fixed_at).where(Contest.festival_id == festival.id).order_by(Contest.id)
    marked = any(db.session.scalars(own.with_for_update()))
    if marked and (now is None or (now.sum, now.ties) != (before.sum, before.ties)):
        raise Conflict(
            _(
                "Ngày hội đã có điểm nên cách cộng điểm toàn đoàn và thứ tự xét khi bằng nhau giữ nguyên. "
                "Chưa ghi gì; giải toàn đoàn vẫn đổi được đến khi ký biên bản toàn đoàn."
            )
        )
    signed = select(exists().where(WholeMinutes.festival_id == festival.id))
    if (now is None or now.prizes != before.prizes) and db.session.scalar(signed):
        raise Conflict(_("Biên bản toàn đoàn đã ký nên giải toàn đoàn giữ nguyên. Chưa ghi gì."))


def keep_given(festival: Festival, ruleset: Ruleset) -> None:
    """Conflict where a special prize that somebody was given is no longer among the rules; it may be taken back first."""
    given = (
        select(Award.prize, Contest.code, Contest.name)
        .join(Contest, Contest.id == Award.contest_id)
        .where(Award.festival_id == festival.id, Award.special)
        .order_by(Award.id)
    )
    stated = {(prize.contest, prize.name) for prize in ruleset.special_prizes}
    for row in db.session.execute(given):
        if (row.code, row.prize) not in stated and (None, row.prize) not in stated:
            raise Conflict(
                _(
                    "Giải «%(prize)s» đã ghi cho một tiết mục ở phần thi «%(contest)s» nên không bỏ hay đổi tên được. "
                    "Chưa ghi gì.",
                    prize=row.prize,
                    contest=row.name,
                )
            )
