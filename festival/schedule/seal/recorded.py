"""Which draws, numbers, places and published programmes must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine


class ScheduleRecord:
    """The lines of draws, stages, sessions, plans and swaps, replayed.

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
        self.locks = RecordedRows("lock")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        match line.kind:
            case "order_drawn":
                self._drawn(line)
            case "draw_cancelled":
                self.draws.drop((line.subject["contest"],))
                self.numbers_unsure.discard(line.subject["contest"])
            case "plan_made" | "acts_swapped" | "plan_discarded" | "plan_restored" | "plan_filled":
                self._placed(line)
            case "acts_placed" | "draft_undone" | "draft_redone":
                self._out(line)
                self._placed(line)
            case "plan_locked":
                self._locked(line)
            case "stage_added" | "stage_renamed" | "stage_removed" | "stage_closed":
                self._stage(line)
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
                pass

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
            drawn_by=line.subject["by"],
        )

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

    def _placed(self, line: RecordLine) -> None:
        places = line.says("places")
        if line.kind in ("plan_made", "plan_discarded", "plan_restored"):
            self.acts = None if places is UNKNOWN else RecordedRows("act")
        if places is UNKNOWN:
            self.acts = None
            self.acts_erased = line.payload is None
        if self.acts is not None:
            for entry_id, session_id, position in places:
                self.acts.put(line, (entry_id,), session_id=session_id, position=position)

    def _out(self, line: RecordLine) -> None:
        """Acts that lost their place."""
        out = line.says("out")
        if self.acts is not None and out is not UNKNOWN:
            for entry_id in out:
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
