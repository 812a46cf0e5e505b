"""Which draws, numbers, places and published programmes must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine
from festival.schedule.seal.drawn_recorded import DrawnRecord
from festival.schedule.seal.matches_recorded import MatchesRecord
from festival.schedule.seal.wished import WishesRecord


class ScheduleRecord:
    """The lines of draws, stages, sessions, plans, swaps and wishes, replayed.

    `acts` None: the plan was made by a release that did not write it into the ledger, or by a line that is erased
    (`acts_erased`). `numbers_unsure`: contests whose
    drawn order was erased. `removed`: keys of stages and sessions a line took out; one that no line speaks of was made by
    an older release, which wrote none.
    """

    def __init__(self) -> None:
        self.draws = RecordedRows("draw")
        self.plans = RecordedRows("plan")
        self.stages = RecordedRows("stage")
        self.sessions = RecordedRows("session")
        self.removed: set[tuple[str, int | str]] = set()
        self.acts: RecordedRows | None = RecordedRows("act")
        self.acts_erased = False
        self.numbers_unsure: set[str] = set()
        self.day: dict[int, dict[str, Any]] = {}  # by entry: its state, its times and its turn, once somebody said so
        self.turn_changes = RecordedRows("turn_change")
        self.changed = DrawnRecord(self.draws)
        self.wished = WishesRecord()
        self.locks = RecordedRows("lock")
        self.matches = MatchesRecord()

    def take(self, line: RecordLine) -> None:
        """The next line."""
        self.wished.take(line)
        self.matches.take(line)
        match line.kind:
            case "order_drawn":
                self._drawn(line)
            case "draw_cancelled":
                self.changed.void(line)
                self.numbers_unsure.discard(line.subject["contest"])
            case "draw_restored":
                self.changed.restore(line)
            case "numbers_exchanged" | "numbers_added" | "draw_change_undone":
                self.changed.change(line)
                self._exchanged(line)
            case (
                "plan_made"
                | "acts_swapped"
                | "plan_discarded"
                | "plan_restored"
                | "plan_filled"
                | "acts_placed"
                | "draft_undone"
                | "draft_redone"
            ):
                self._out(line)
                self._placed(line)
            case "act_stepped":
                said = {name: line.says(name) for name in ("state", "began_at", "ended_at")}
                self.day.setdefault(line.subject["entry_id"], {}).update(said)
            case "turns_changed" | "turns_restored":
                self._turned(line)
            case "plan_locked":
                self._locked(line)
            case "stage_added" | "stage_renamed" | "stage_removed" | "stage_closed":
                self._stage(line)
                self.changed.stage(line)
            case "session_added" | "session_changed" | "session_removed":
                self._session(line)
            case "programme_published":
                note = line.says("note")
                self.plans.put(
                    line,
                    (line.subject["version"],),
                    published_by=line.subject["by"],
                    note=note if note is UNKNOWN else " ".join(note.split()),
                    digest=line.says("digest"),
                )
            case _:
                self.changed.take(line)

    def _drawn(self, line: RecordLine) -> None:
        contest = line.subject["contest"]
        order = line.says("order")
        if order is UNKNOWN:
            self.numbers_unsure.add(contest)
        self.draws.put(
            line,
            (contest,),
            method=line.says("method"),
            seed=line.says("seed"),
            order=order,
            blocks=line.says_or("blocks", []),
            drawn_by=line.subject["by"],
        )

    def _exchanged(self, line: RecordLine) -> None:
        """Places in the draft went with the numbers."""
        entries, places = line.says("entries"), line.says("places")
        if places is UNKNOWN:
            self.acts, self.acts_erased = None, True
        elif self.acts is not None and places:
            for entry_id in entries:
                self.acts.drop((entry_id,))
            for entry_id, session_id, position in places:
                self.acts.put(line, (entry_id,), session_id=session_id, position=position)

    def _stage(self, line: RecordLine) -> None:
        code = line.subject["stage"]
        if line.kind == "stage_removed":
            self.stages.drop((code,))
            self.removed.add(("stage", code))
        elif line.kind == "stage_renamed":
            self.stages.change(line, (code,), name=line.says("name"))
        elif line.kind == "stage_closed":
            self.stages.change(line, (code,), closed=line.says("closed"))
        else:
            self.stages.put(line, (code,), name=line.says("name"), closed=False)

    def _session(self, line: RecordLine) -> None:
        session = line.subject["session"]
        if line.kind == "session_removed":
            self.sessions.drop((session,))
            self.locks.drop(("session", session))
            self.removed.add(("session", session))
            for key, change in list(self.turn_changes.rows.items()):
                if change["session_id"] == session:
                    self.turn_changes.drop(key)
        else:
            said = {name: line.says(name) for name in ("stage", "contest", "label", "starts_at", "ends_at")}
            self.sessions.put(line, (session,), **said)
        self._acts_follow(line, session)

    def _acts_follow(self, line: RecordLine, session: int) -> None:
        """Acts leave with their session; of one that was changed those stay that the line names, in their order."""
        places = line.says_or("places", None)
        if self.acts is None or line.kind == "session_added" or (line.kind == "session_changed" and places is None):
            return
        if places is UNKNOWN and line.kind == "session_changed":
            self.acts, self.acts_erased = None, True
            return
        kept = {entry_id for entry_id, _session, _position in places or ()} if line.kind == "session_changed" else set()
        for key, act in list(self.acts.rows.items()):
            if act["session_id"] == session and key[0] not in kept:
                self.acts.drop(key)
                self.day.pop(int(key[0]), None)

    def _placed(self, line: RecordLine) -> None:
        places = line.says("places")
        kept: set[int] = set()
        if line.kind in ("plan_made", "plan_discarded", "plan_restored"):
            self.acts = None if places is UNKNOWN else RecordedRows("act")
            stayed = line.says_or("kept", ())
            kept = set() if stayed is UNKNOWN else set(stayed)
            self.day = {entry_id: said for entry_id, said in self.day.items() if entry_id in kept}
        if places is UNKNOWN:
            self.acts = None
            self.acts_erased = line.payload is None
        if self.acts is not None:
            for entry_id, session_id, position in places:
                known = (entry_id,) in self.acts.rows or entry_id in self.day
                self.acts.put(line, (entry_id,), session_id=session_id, position=position)
                self.day.get(entry_id, {}).pop("turn", None)
                if line.kind in ("acts_placed", "draft_undone", "draft_redone"):
                    if not known:
                        self.day[entry_id] = {"state": "waiting", "began_at": None, "ended_at": None}
                elif (
                    line.kind != "acts_swapped" and entry_id not in kept and line.says_or("state", None) is not None
                ):  # an older release did not say that new acts wait
                    self.day[entry_id] = {"state": line.says("state"), "began_at": None, "ended_at": None}

    def _turned(self, line: RecordLine) -> None:
        """The order of a session on the day; the whole of it stands in the line."""
        order = line.says("after" if line.kind == "turns_changed" else "before")
        key = (line.subject["change"],)
        if line.kind == "turns_changed":
            said = {name: line.says(name) for name in ("before", "after")}
            changed = {"session_id": line.subject["session"], "entry_id": line.subject["entry_id"], "undone": False}
            self.turn_changes.put(line, key, **changed, **said)
        else:
            self.turn_changes.change(line, key, undone=True)
        for turn, entry_id in enumerate(() if order is UNKNOWN else order, start=1):
            self.day.setdefault(entry_id, {})["turn"] = turn

    def acts_of_the_day(self) -> RecordedRows | None:
        """The acts with what was said of them on the day; a turn that nobody gave is none."""
        for key, act in self.acts.rows.items() if self.acts is not None else ():
            act.update({"turn": None} | self.day.get(int(key[0]), {}))
        return self.acts

    def _out(self, line: RecordLine) -> None:
        """Acts that lost their place."""
        out = line.says_or("out", ())
        if self.acts is not None and out is not UNKNOWN:
            for entry_id in out:
                self.day.pop(entry_id, None)
                self.acts.drop((entry_id,))
                self.locks.drop(("act", entry_id))

    def _locked(self, line: RecordLine) -> None:
        what = "session" if "session" in line.subject else "act"
        key = (what, line.subject["session" if what == "session" else "entry_id"])
        if line.subject["locked"]:
            self.locks.put(line, key, locked=True)
        else:
            self.locks.drop(key)

    def numbers(self) -> RecordedRows:
        """Which number each drawn entry must have; take it before the draws are compared."""
        rows = RecordedRows("entry")
        for contest, drawn in self.draws.rows.items():
            order: Any = drawn["order"]
            if order is not UNKNOWN:
                rows.rows.update({(code,): {"number": at} for at, code in enumerate(order, start=1)})
            else:
                self.numbers_unsure.add(str(contest[0]))
        return rows
