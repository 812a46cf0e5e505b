"""Which wishes of the timetable must there be, and what does each stage take, after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

COLUMNS = (
    "kind", "entry", "other", "family", "delegation", "judge", "contest", "stage", "starts_at", "ends_at", "minutes", "note",
    "stands",
)  # fmt: skip


NAMES = ("entry", "other", "family", "delegation", "contest")


class WishesRecord:
    """The lines of wishes, replayed; a wish that names a stage leaves with it."""

    def __init__(self) -> None:
        self.wishes = RecordedRows("wish")
        self.takes = RecordedRows("stage_takes")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        match line.kind:
            case "wish_added" | "wish_changed" | "wish_taken_back" | "wish_brought_back":
                self.wishes.put(line, (line.subject["wish"],), **{name: line.says(name) for name in COLUMNS})
            case "stage_takes_set":
                stage, takes = line.subject["stage"], line.says("takes")
                if takes:
                    self.takes.put(line, (stage,), takes=takes)
                else:
                    self.takes.drop((stage,))
            case "stage_removed":
                stage = line.subject["stage"]
                self.takes.drop((stage,))
                for key, row in list(self.wishes.rows.items()):
                    if row["stage"] == stage:
                        self.wishes.drop(key)
            case _:
                pass

    def without(self, gone: set[str]) -> None:
        """Entries, families, delegations and contests that left by doors of their own took with them what was wished of them."""
        for key, row in list(self.wishes.rows.items()):
            if gone & {row[name] for name in NAMES if row[name] is not UNKNOWN}:
                self.wishes.drop(key)
        for key, row in list(self.takes.rows.items()):
            if row["takes"] is UNKNOWN:
                continue
            row["takes"] = [each for each in row["takes"] if each not in gone]
            if not row["takes"]:
                self.takes.drop(key)
