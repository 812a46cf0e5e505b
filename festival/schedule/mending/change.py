"""What has happened, or is asked for? An act at an hour; a stage or a panel that stops, a session that is late, a family that is not there.

All of it is about single acts: it says when an act may not be where, whoever else moves. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from festival.core.sentence import N_, Sentence, Value
from festival.schedule.mending.clashes import EVER
from festival.schedule.mending.shapes import Ranges, without
from festival.schedule.rules.planned import PlannedAct, PlannedSession, clock
from festival.schedule.solver.shapes import moment

CAP_MIN = 20  # how far the others may be moved, where nobody says otherwise
LIVE_OVER_MIN = 30  # how long after its end a session may go on, on the day itself


class MendKind(StrEnum):
    """What it is."""

    ACT = "act"
    STAGE = "stage"
    PANEL = "panel"
    SESSION = "session"
    FAMILY = "family"


class AskedHow(StrEnum):
    """How the hour of an act is meant."""

    AT = "at"
    FROM = "from"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class PlanChange:
    """`of`: the code of the act, the name of the stage, the code of the contest or of the session; of a family: the code of one of its acts.

    `begins`, `ends`: when it is not there (of an act: the hour that is asked for). `called`: also those may be moved who
    were asked to get ready. `over`: minutes a session may go on after its end.
    """

    kind: MendKind
    of: str
    begins: datetime
    ends: datetime
    how: AskedHow = AskedHow.AT
    cap: int = CAP_MIN
    over: int = 0
    called: bool = False

    @property
    def cap_of_others(self) -> int:
        """Who stands behind a stop is moved by it; what nobody could do anything about comes on top of what was chosen."""
        stops = self.kind in (MendKind.STAGE, MendKind.PANEL, MendKind.SESSION)
        return self.cap + (int((self.ends - self.begins).total_seconds()) // 60 if stops else 0)

    def names(self, act: PlannedAct, family_of: PlannedAct | None) -> bool:
        """Is this act the one that is asked for, or one of the family that is not there?"""
        if self.kind is MendKind.ACT:
            return act.code == self.of
        if self.kind is MendKind.FAMILY and family_of is not None:
            return act.code == family_of.code or bool(act.families & family_of.families)
        return False

    def left(self, ranges: Ranges, act: PlannedAct, session: PlannedSession, named: bool, contest: str) -> Ranges:
        """When this act may still begin there. `contest`: of the session, whatever was drawn of it."""
        begins, ends, minutes = moment(self.begins), moment(self.ends), act.duration_min
        found = list(ranges)
        if self.kind is MendKind.ACT and named:
            if self.how is AskedHow.UNTIL:
                return tuple(without(found, begins - minutes + 1, EVER))
            found = without(found, -EVER, begins - 1)
            return tuple(without(found, begins + 1, EVER) if self.how is AskedHow.AT else found)
        stops = {
            MendKind.STAGE: session.stage == self.of,
            MendKind.PANEL: contest == self.of,
            MendKind.SESSION: session.code == self.of,
            MendKind.FAMILY: named,
        }
        if not stops.get(self.kind):
            return tuple(found)
        if self.kind is MendKind.FAMILY and session.together_min and moment(session.starts_at) < ends:
            return tuple(without(found, begins - minutes + 1, EVER))  # bound from the start of the session
        return tuple(without(found, begins - minutes + 1, ends - 1))

    def said(self, what: str) -> Sentence:
        """In words; `what`: what it is called."""
        values: dict[str, Value] = {
            "what": what,
            "begins": clock(self.begins),
            "ends": clock(self.ends),
            "minutes": self.minutes,
        }
        return _SAID[self.kind, self.how if self.kind is MendKind.ACT else AskedHow.AT].filled(**values)

    @property
    def minutes(self) -> int:
        """How long."""
        return int((self.ends - self.begins) / timedelta(minutes=1))


_SAID = {
    (MendKind.ACT, AskedHow.AT): N_("«%(what)s» xin đúng %(begins)s"),
    (MendKind.ACT, AskedHow.FROM): N_("«%(what)s» xin không sớm hơn %(begins)s"),
    (MendKind.ACT, AskedHow.UNTIL): N_("«%(what)s» xin xong trước %(begins)s"),
    (MendKind.STAGE, AskedHow.AT): N_("%(what)s tạm ngừng %(minutes)s phút từ %(begins)s"),
    (MendKind.PANEL, AskedHow.AT): N_("Ban giám khảo «%(what)s» tạm ngừng %(minutes)s phút từ %(begins)s"),
    (MendKind.SESSION, AskedHow.AT): N_("Buổi «%(what)s» muộn %(minutes)s phút"),
    (MendKind.FAMILY, AskedHow.AT): N_("«%(what)s» chưa có mặt đến %(ends)s"),
}
