"""Is what was noted of a meeting that drew lots enough for its minutes? Pure.

Every delegation that takes part in what was drawn is there with somebody whose name is written, or absent; for the absent the
committee draws before two witnesses, who are neither its chair nor its secretary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from festival.core.names import fold, name_fault
from festival.core.sentence import N_, Sentence


@dataclass(frozen=True, slots=True)
class MeetingSaid:
    """Names as typed; `there`: delegation code -> who was there for it, None = absent."""

    chair: str
    secretary: str
    contests: Sequence[str]
    there: Mapping[str, str | None]
    witnesses: tuple[str, str]

    @property
    def absent(self) -> bool:
        """Whether somebody drew for a delegation that was not there."""
        return any(name is None for name in self.there.values())


def meeting_fault(said: MeetingSaid) -> tuple[str, Sentence] | None:
    """The first box that is wrong, and what to do."""
    for field, name in (("chair", said.chair), ("secretary", said.secretary)):
        fault = name_fault(name)
        if fault is not None:
            return field, fault
    if not said.contests:
        return "contests", N_("Đánh dấu ít nhất một phần thi đã bốc thăm tại cuộc họp này.")
    for code, there in said.there.items():
        if there is not None and name_fault(there) is not None:
            return f"head-{code}", N_("Ghi tên người dự thay mặt đoàn, hoặc bỏ đánh dấu «Có mặt».")
    if said.absent:
        return _witnesses(said)
    return None


def _witnesses(said: MeetingSaid) -> tuple[str, Sentence] | None:
    asked = N_("Có đoàn vắng: ghi tên hai người chứng kiến việc Ban Tổ chức bốc thăm thay.")
    for field, name in zip(("witness-1", "witness-2"), said.witnesses, strict=True):
        if name_fault(name) is not None:
            return field, asked
    if fold(said.witnesses[0]) == fold(said.witnesses[1]):
        return "witness-2", N_("Hai người chứng kiến phải là hai người khác nhau.")
    committee = {fold(said.chair), fold(said.secretary)}
    for field, name in zip(("witness-1", "witness-2"), said.witnesses, strict=True):
        if fold(name) in committee:
            return field, N_("Người chứng kiến không phải là người chủ trì hay thư ký của cuộc họp.")
    return None
