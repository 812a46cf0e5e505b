"""What was changed after each draw, which trials, meetings and minutes must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import UNKNOWN, Key, RecordedRows, RecordLine


class DrawnRecord:
    """The lines about draws after they were read back. `draws`: the rows of the standing draws, by contest."""

    def __init__(self, draws: RecordedRows) -> None:
        self.draws = draws
        self.changes = RecordedRows("draw_change")
        self.trials = RecordedRows("stage_trial")
        self.meetings = RecordedRows("draw_meeting")
        self.minutes = RecordedRows("draw_minutes")
        self.pages = RecordedRows("draw_minutes_page")
        self._voided: dict[int, dict[str, Any]] = {}

    def void(self, line: RecordLine) -> None:
        """The draw stands no more; it can come back as it was."""
        key = (line.subject["contest"],)
        row = self.draws.rows.get(key)
        if row is not None and "draw" in line.subject:
            self._voided[line.subject["draw"]] = row
        self.draws.drop(key)

    def restore(self, line: RecordLine) -> None:
        """A voided draw stands again."""
        self.draws.put(line, (line.subject["contest"],), **self._voided.pop(line.subject["draw"], {"order": UNKNOWN}))

    def change(self, line: RecordLine) -> None:
        """The order of a draw is another, and why."""
        said = line.subject
        self.draws.change(line, (said["contest"],), order=line.says("order"))
        if line.kind == "draw_change_undone":
            self.changes.change(line, (said["change"],), undone_by=said["by"], undone_why=line.says("reason"))
            return
        told = {name: line.says(name) for name in ("entries", "heads", "seed", "reason")}
        self.changes.put(
            line, (said["change"],), kind=said["kind"], **told, made_by=said["by"], undone_by=None, undone_why=""
        )

    def stage(self, line: RecordLine) -> None:
        """Nobody tries a stage that is there no more."""
        if line.kind == "stage_removed":
            gone = [key for key, row in self.trials.rows.items() if row["stage"] == line.subject["stage"]]
            for key in gone:
                self.trials.drop(key)

    def take(self, line: RecordLine) -> None:
        """The next line of trials, meetings, minutes."""
        said = line.subject
        match line.kind:
            case "trial_set" | "trial_taken_back":
                told = {name: line.says(name) for name in ("stage", "starts_at", "minutes")}
                self.trials.put(line, (said["contest"],), **told, taken_back=line.kind == "trial_taken_back")
            case "draw_meeting_noted":
                told = {name: line.says(name) for name in ("place", "chair", "secretary", "attendance", "witnesses")}
                about = {name: said[name] for name in ("held_on", "contests", "dropped")}
                self.meetings.put(line, (said["meeting"],), **told, **about)
            case "draw_minutes.signed":
                self._becomes(line, said["replaces"], "replaced")
                self.minutes.put(line, (said["minutes"],), state="signed", sha256=said["sha256"], **self._letter(line))
            case "draw_minutes.corrected":
                self.minutes.change(line, (said["minutes"],), **self._letter(line))
            case "draw_minutes.taken_back":
                self._becomes(line, said["minutes"], "annulled")
                self._becomes(line, said["restores"], "signed")
            case "draw_minutes.reinstated":
                self._becomes(line, said["replaces"], "replaced")
                self._becomes(line, said["minutes"], "signed")
            case _:
                pass

    def _letter(self, line: RecordLine) -> dict[str, Any]:
        said = line.subject
        self.pages.put(line, (said["minutes"], said["turn"]), pages=said["pages"])
        return {
            "turn": said["turn"],
            "letter_number": said["number"],
            "letter_day": said["day"],
            "signer": line.says("signer"),
        }

    def _becomes(self, line: RecordLine, which: object, state: str) -> None:
        if which is not None:
            key: Key = (which,)  # type: ignore[assignment]
            self.minutes.change(line, key, state=state)
