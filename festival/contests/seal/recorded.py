"""Which rules, seats and ties must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine


class ContestsRecord:
    """The lines `contests_saved`, `contest_renamed` and `judge_*`, replayed.

    `rules` None: no release that wrote them has imported the edition, or the line is `rules_erased`. `ties_unsure`: judges of whom an erased line said
    something about their ties.
    """

    def __init__(self) -> None:
        self.edition = RecordedRows("festival")
        self.rules: RecordedRows | None = None
        self.rules_erased = False
        self.seats = RecordedRows("judge")
        self.ties = RecordedRows("unavailability")
        self.ties_unsure: set[int] = set()

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind == "contests_saved":
            self._saved(line)
        elif line.kind == "contest_renamed":
            self._renamed(line)
        elif line.kind == "edition_removed":  # nothing of it is left; the code may be used again
            self.edition, self.rules = RecordedRows("festival"), None
            self.seats, self.ties = RecordedRows("judge"), RecordedRows("unavailability")
        elif line.kind == "judge_seated":
            self.seats.put(
                line,
                (line.subject["judge"],),
                contest=line.subject["contest"],
                seat=line.says("seat"),
                letter=line.says("letter"),
                user_id=line.says("user"),
                marks=line.says("marks"),
                unit_id=line.says("unit"),
            )
        elif line.kind == "judge_unseated":
            self.seats.drop((line.subject["judge"],))
            for key in [key for key in self.ties.rows if key[0] == line.subject["judge"]]:
                self.ties.drop(key)
        elif line.kind == "judge_reseated":
            self.seats.change(line, (line.subject["judge"],), seat=line.says("seat"), letter=line.says("letter"))
        elif line.kind in ("judge_unavailable", "judge_available_again"):
            self._tie(line)
        elif line.kind.startswith("judge_"):
            # A later release did something to a seat that this one cannot follow.
            self.seats.change(line, (line.subject["judge"],), seat=UNKNOWN)

    def _saved(self, line: RecordLine) -> None:
        self.edition.put(line, (), ruleset=line.says("ruleset"))
        contests = line.says("contests")
        self.rules_erased = line.payload is None
        self.rules = None if contests is UNKNOWN else RecordedRows("contest")
        if self.rules is not None:
            for code, columns in contests.items():
                self.rules.put(line, (code,), **columns)

    def _renamed(self, line: RecordLine) -> None:
        """Words of a contest or of its criteria change; the `contests_saved` after it says the rest."""
        if self.rules is None or line.payload is None or (line.subject["contest"],) not in self.rules.rows:
            return
        columns = self.rules.rows[line.subject["contest"],]
        for each in line.payload["renamed"]:
            held = columns
            if "criterion" in each:
                held = next((of for of in columns.get("criteria", []) if of["code"] == each["criterion"]), {})
            if each["what"] in held:
                held[each["what"]] = each["new"]

    def _tie(self, line: RecordLine) -> None:
        judge, unit = line.subject["judge"], line.says("unit")
        if unit is UNKNOWN:
            self.ties_unsure.add(judge)
        elif line.kind == "judge_unavailable":
            self.ties.put(line, (judge, unit), reason=line.says("reason"))
        else:
            self.ties.drop((judge, unit))
