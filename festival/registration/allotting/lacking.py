"""What does a delegation still lack before its day is over? Pure; said to the organiser, and to its officers when they are reminded.

Counted is what was sent or approved: who has only begun is told of what waits unsent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from festival.core.sentence import N_, Sentence
from festival.roster.eligibility import Quotas, delegation_reasons

TOO_LITTLE = ("too_few_families", "too_few_entries", "too_small_team")


@dataclass(frozen=True, slots=True)
class SentSoFar:
    """How many families were sent or approved, with their entries and the people of mixed teams by contest; how many were not."""

    sent: int = 0
    unsent: int = 0
    returned: int = 0
    entries: Mapping[str, int] = field(default_factory=dict)
    performers: Mapping[str, int] = field(default_factory=dict)


def lacks_of(so_far: SentSoFar, quotas: Quotas) -> tuple[Sentence, ...]:
    """One sentence a thing, empty when nothing is missing; `quotas` are those of this delegation."""
    teams = {contest.code for contest in quotas.contests if contest.team}
    entries = {code: min(1, n) if code in teams else n for code, n in so_far.entries.items()}
    performers = {code: n for code, n in so_far.performers.items() if code in teams}
    reasons = delegation_reasons(so_far.sent, entries, quotas, performers)
    found = [each for each in reasons if each.code in TOO_LITTLE]
    if so_far.unsent:
        found.append(N_("Còn %(n)s hồ sơ đang soạn, chưa gửi.", "unsent", n=so_far.unsent))
    if so_far.returned:
        found.append(N_("Còn %(n)s hồ sơ trả lại, chưa gửi lại.", "returned_unsent", n=so_far.returned))
    return tuple(found)
