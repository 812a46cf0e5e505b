"""Which signed papers have to be there before the MC may read, and what is said of those that are not? Pure.

The minutes as they are in force, and the decision (or approval) that the head of the organising committee signed. Minutes that
were amended after the picture was taken are another paper; a decision is another one when places or prizes were amended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from festival.core.sentence import N_, Sentence


class ScanKind(StrEnum):
    """Which signed paper the pages are of."""

    MINUTES = "minutes"
    DECISION = "decision"  # or an approval, signed by the head of the organising committee
    POINTS = "points"  # the document by which a delegation was given points, or some were taken off


OF_RESULT = (ScanKind.MINUTES, ScanKind.DECISION)


@dataclass(frozen=True, slots=True)
class PaperLack:
    """A signed paper that is not there; `replaced`: there is one, of a paper that was amended since."""

    kind: ScanKind
    replaced: bool = False
    whole: bool = False  # of the whole delegation

    @property
    def words(self) -> Sentence:
        """What is missing."""
        said = SAID[self.kind, self.replaced]
        return OF_WHOLE.filled(what=said) if self.whole else said


SAID = {
    (ScanKind.MINUTES, False): N_("chưa có ảnh chụp hoặc bản quét biên bản đã ký", "lack_minutes"),
    (ScanKind.MINUTES, True): N_(
        "biên bản đã đính chính sau khi chụp, chưa có ảnh tờ đính chính đã ký", "lack_amended"
    ),
    (ScanKind.DECISION, False): N_(
        "chưa có ảnh chụp hoặc bản quét quyết định (hoặc văn bản phê duyệt) do Trưởng Ban Tổ chức ký", "lack_decision"
    ),
    (ScanKind.DECISION, True): N_(
        "giải đã đính chính sau khi ký quyết định, chưa có ảnh quyết định mới", "lack_decision_amended"
    ),
    (ScanKind.POINTS, False): N_("chưa có ảnh chụp hoặc bản quét văn bản của mọi điểm cộng, trừ", "lack_points"),
}
OF_WHOLE = N_("toàn đoàn: %(what)s", "lack_whole")


def lacks(shown: Mapping[ScanKind, int], in_force: int, amended: int, *, whole: bool = False) -> tuple[PaperLack, ...]:
    """`shown`: of which paper the pages in use were taken; `in_force`: the paper of the minutes; `amended`: that of the last
    amendment of standings, 0 for none.
    """
    least = {ScanKind.MINUTES: in_force, ScanKind.DECISION: amended}
    return tuple(
        PaperLack(kind, kind in shown, whole)
        for kind, paper in least.items()
        if kind not in shown or shown[kind] < paper
    )


def kinds(found: Iterable[PaperLack]) -> list[str]:
    """What was missing, as the ledger writes it."""
    return [f"whole_{each.kind.value}" if each.whole else each.kind.value for each in found]
