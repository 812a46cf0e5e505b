"""What follows when a change is carried out? Said beside it, before anybody decides. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from festival.core.sentence import N_, Sentence
from festival.registration.editing.differences import FamilyDifference, Field
from festival.registration.sending import Ground
from festival.roster.eligibility import Quotas
from festival.roster.household import Household
from festival.roster.quotas.own import quotas_of

PASS_STAYS = N_("Thẻ của gia đình vẫn dùng được.")


def what_follows_change(
    found: Sequence[FamilyDifference], now: Household, wanted: Household, quotas: Quotas, ground: Ground
) -> list[Sentence]:
    """Entries that begin or end, places, who must be told; the pass stays good in any case."""
    names = {contest.code: contest.name for contest in quotas.contests}
    said = [_entry(code, names[code], now, wanted, quotas, ground) for code in names]
    follows = [each for each in said if each is not None]
    fields = {each.field for each in found}
    if fields & {Field.JOINED, Field.LEFT, Field.OUT}:
        follows.append(
            N_("Số người của gia đình: %(before)s thành %(after)s. Suất ăn, chỗ nghỉ tính theo số mới.",
               before=len(now.members), after=len(wanted.members))
        )  # fmt: skip
    if fields & {Field.NAME, Field.RELATION, Field.SEX}:
        follows.append(N_("Tên trên thẻ đã in không đổi theo: cần thì in lại thẻ."))
    return [*follows, PASS_STAYS]


def _entry(code: str, name: str, now: Household, wanted: Household, quotas: Quotas, ground: Ground) -> Sentence | None:
    before, after = now.entries.get(code, 0), wanted.entries.get(code, 0)
    if before == after:
        return None
    if not after:
        return N_(
            "Phần thi %(contest)s: gia đình thôi dự thi, chỗ được trả lại, lượt trong lịch để trống.", contest=name
        )
    if before:
        return N_(
            "Phần thi %(contest)s: từ %(before)s thành %(after)s người.", contest=name, before=before, after=after
        )
    most: Mapping[str, int | None] = {
        each.code: each.entries_per_delegation.most for each in quotas_of(quotas, ground.own).contests
    }
    bound = most[code]
    if bound is None:
        return N_("Phần thi %(contest)s: gia đình dự thi thêm, cần bốc thăm và xếp lịch bổ sung.", contest=name)
    return N_(
        "Phần thi %(contest)s: gia đình dự thi thêm, đoàn còn %(left)s chỗ; cần bốc thăm và xếp lịch bổ sung.",
        contest=name,
        left=max(bound - ground.entries.get(code, 0), 0),
    )
