"""Which rules, seats and ties must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

FAMILY = "family-"  # in the key of a tie, before the number of a family


class ContestsRecord:
    """The lines `contests_saved`, `contest_renamed` and `judge_*`, replayed. A tie to a family alone is keyed with FAMILY.

    `rules` None: no release that wrote them has imported the edition, or the line is `rules_erased`. `ties_unsure`: judges of whom an erased line said
    something about their ties.
    """

    def __init__(self) -> None:
        self.edition = RecordedRows("festival")
        self.rules: RecordedRows | None = None
        self.rules_erased = False
        self.seats = RecordedRows("judge")
        self.ties = RecordedRows("unavailability")
        self.replaced = RecordedRows("seat_replacement")
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
            self.replaced = RecordedRows("seat_replacement")
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
        elif line.kind in ("judge_replaced", "judge_replacement_taken_back"):
            self._replaced(line)
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

    def _replaced(self, line: RecordLine) -> None:
        """A seat goes to somebody else with letter and duty, or comes back."""
        subject, seat, letter = line.subject, line.says("seat"), line.says("letter")
        out, into, key = (subject["judge"],), (subject["into"],), (subject["root"], subject["number"])
        gone: dict[str, Any] = {"seat": "replaced", "letter": None, "marks": False}
        if line.kind == "judge_replaced":
            self.seats.change(line, out, **gone)
            self.seats.put(
                line, into, contest=subject["contest"], seat=seat, letter=letter, user_id=line.says("user"), marks=True,
                unit_id=line.says("unit"),
            )  # fmt: skip
            self.replaced.put(
                line, key, out_id=out[0], in_id=into[0], letter=letter, reason=line.says("reason"),
                chair_id=line.says("chair"), secretary_id=line.says("secretary"), taken_back_why="",
            )  # fmt: skip
        else:
            self.seats.change(line, into, **gone)
            self.seats.change(line, out, seat=seat, letter=letter, marks=True)
            self.replaced.change(line, key, taken_back_why=line.says("reason"))

    def _tie(self, line: RecordLine) -> None:
        judge, unit = line.subject["judge"], line.says("unit")
        family = line.says_or("family", None)
        unit = unit if family is None or family is UNKNOWN else f"{FAMILY}{family}"
        if unit is UNKNOWN:
            self.ties_unsure.add(judge)
        elif line.kind == "judge_unavailable":
            self.ties.put(line, (judge, unit), reason=line.says("reason"))
        else:
            self.ties.drop((judge, unit))
