"""How far must a contest be, with which steps, standings, awards and decisions, after these lines of its ledger? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from festival.core.seal.compare import UNKNOWN, Key, RecordedRows, RecordLine
from festival.results.rounds.recorded import KIND, CutRecord

OPEN = "open"
UNLOCKED, TAKEN_BACK = "contest.unlocked", "contest.taken_back"
STEP = "contest."
STANDING = ("locked", "signed")  # the steps that store the standings
SPECIALS = ("specials_before", "specials")  # of an amendment; an older release moved none and wrote nothing
SCAN = ("scan.sent", "scan.shown", "scan.taken_back")
SHEET_COLUMNS = ("number", "contests", "whole", "sha256", "editable_sha256", "drawn")
SCAN_COLUMNS = {
    "kind": "scan_kind",
    "scan_id": "scan",
    "paper_id": "of_paper",
    "pages": "pages",
    "sheet_id": "of_sheet",
}
OF_POINTS = "of_points"  # the document of points; of a paper there is none
TAKEN_BACK_COLUMNS = (
    "code", "reason", "at", "by_user", "with_user", "published_at", "published_by", "published_note",
    "released_at", "released_by", "released_with", "released_note",
)  # fmt: skip
DECISION = {f"jury.{kind}": kind for kind in ("tie", "prize", "vacant", "out", "draw", "marking")}


class ResultsRecord:
    """The lines of one contest or of a festival's whole delegations, replayed. Entries of awards are row ids."""

    def __init__(self) -> None:
        self.state: Any = OPEN
        self.hash: Any = None
        self.standings_erased = False
        self.steps = RecordedRows("state_change")
        self.standings: RecordedRows | None = RecordedRows("standing")
        self.awards = RecordedRows("award")
        self.awards_unsure = False  # they were signed by a line that is erased
        self.specials_unsure = False  # a special prize was given or taken back by a line that is erased
        self.unlockings = RecordedRows("unlocking")  # by their place among those of the contest
        self.taken_back = RecordedRows("result_taken_back")  # likewise
        self.taken_back_at: Any = None  # while it is not public again
        self.decisions = RecordedRows("jury_decision")
        self.minutes = RecordedRows("whole_minutes")
        self.papers = RecordedRows("signed_paper")
        self.amendments = RecordedRows("standing_amendment")
        self.amended_hash: Any = None  # of the amendment in force
        self.grounds = RecordedRows("amendment_ground")  # by the paper of the amendment
        self.points = RecordedRows("delegation_points")  # by their number
        self.cut = CutRecord()
        self.scans = RecordedRows("signed_scan_use")
        self.sheets = RecordedRows("award_sheet")  # of proposals and decisions
        self.names: dict[Key, dict[str, Any]] = {}  # of awards, where a later line says them

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind == UNLOCKED:
            self._unlocked(line)
        elif line.kind == TAKEN_BACK:
            self._taken_back(line)
        elif line.kind.startswith(STEP):
            self._step(line)
        elif line.kind in DECISION:
            self._decision(line)
        elif line.kind in ("jury.special", "jury.special_taken_back"):
            self._special(line)
        elif line.kind == "delegations.signed":
            self._signed_whole(line)
        elif line.kind == "standings.amended":
            self._amended(line)
        elif line.kind in ("points.given", "points.taken_back"):
            self._points(line)
        elif line.kind.startswith(KIND):
            self.cut.take(line)
        else:
            self._of_papers(line)
        if "paper" in line.subject:
            self._paper(line)

    def _of_papers(self, line: RecordLine) -> None:
        """What follows the signature: number and day of the decision, pages sent, proposals and decisions printed."""
        if line.kind == "decision.numbered":
            self.steps.change(line, ("decided",), **{name: line.says(name) for name in ("number", "paper_day")})
        elif line.kind in SCAN:
            self._scan(line)
        elif line.kind == "awards.printed":
            said = {name: line.subject[name] for name in SHEET_COLUMNS}
            kind, by = line.subject["sheet_kind"], line.says("by")
            self.sheets.put(line, (line.subject["sheet"],), **said, kind=kind, printed_by=by, said=line.says("said"))

    def _step(self, line: RecordLine) -> None:
        self.state = line.kind.removeprefix(STEP)
        if self.state == "published":
            self.taken_back_at = None
        self.steps.put(
            line,
            (self.state,),
            by_user=line.says("by"),
            with_user=line.says("with"),
            number=line.says("number"),
            note=line.says("note"),
            papers_reason=line.says_or("papers_reason", ""),
            paper_day=line.says_or("paper_day", None),
            ledger_size=line.subject.get("judging_size", UNKNOWN),
            ledger_hash=line.subject.get("judging_head", UNKNOWN),
        )
        if self.state in STANDING if line.payload is None else "standings" in line.payload:
            self._stood(line)
        if self.state == "signed":
            self._signed(line)

    def _unlocked(self, line: RecordLine) -> None:
        """The lock and its standings are gone; what was decided and given meanwhile stays for the next one."""
        self.state, self.hash, self.standings = OPEN, None, RecordedRows("standing")
        self.steps.drop(("locked",))
        self.unlockings.put(
            line,
            (len(self.unlockings.rows) + 1,),
            code=line.says("code"),
            reason=line.says("reason"),
            at=line.says("at"),
            by_user=line.says("by"),
            with_user=line.says("with"),
            locked_at=line.says("locked_at"),
            locked_by=line.says("locked_by"),
            locked_with=line.says("locked_with"),
            locked_note=line.says("locked_note"),
        )

    def _taken_back(self, line: RecordLine) -> None:
        """The publication is gone, of what is wrong the release too; nothing else."""
        self.state = line.subject["down_to"]
        self.steps.drop(("published",))
        if self.state != "released":
            self.steps.drop(("released",))
        if line.subject["public"]:
            self.taken_back_at = line.says("at")
        self.taken_back.put(
            line, (len(self.taken_back.rows) + 1,), **{name: line.says(name) for name in TAKEN_BACK_COLUMNS}
        )

    def _stood(self, line: RecordLine) -> None:
        """The standings were stored anew. A release that wrote only their hash leaves that to compare."""
        self.hash = line.says("standings_hash")
        self.standings_erased = line.payload is None
        lines, details = line.says("standings"), line.says_or("details", {})
        self.standings = None
        if lines is UNKNOWN:
            return
        self.standings = RecordedRows("standing")
        for each in lines:
            self.standings.put(
                line,
                (each["entry"],),
                state=each["state"],
                place=each["place"],
                shared=each["shared"],
                score_milli=each["value"],
                reasons=_reasons(each["reasons"]),
                detail=details.get(each["entry"], UNKNOWN),
            )

    def _signed(self, line: RecordLine) -> None:
        """The awards as they were stored; of an older release the prizes of the standings, by the entry's code."""
        if (awards := line.says("awards")) is not UNKNOWN:
            for each in awards:
                self.awards.put(
                    line, (each["entry_id"], each["prize"]), position=each["position"], special=False, **_names(each)
                )
            self._renamed(line.says_or("specials", ()))
            return
        lines = line.says("standings")
        self.awards_unsure |= lines is UNKNOWN
        for each in [] if lines is UNKNOWN else lines:
            if each["prize"] is not None:
                self.awards.put(line, (each["entry"], each["prize"]), position=UNKNOWN, special=False)

    def _decision(self, line: RecordLine) -> None:
        self.decisions.put(
            line,
            (line.subject["decision"],),
            kind=DECISION[line.kind],
            content=line.says("content"),
            reason=line.says("reason"),
            names=line.says("names"),
            noted_by=line.says("noted_by"),
        )
        if "festival" not in line.subject:
            self._stood(line)

    def _special(self, line: RecordLine) -> None:
        prize = line.says("prize")
        if prize is UNKNOWN:
            self.specials_unsure = True
            return
        for key, held in list(self.awards.rows.items()):
            if key[1] == prize and held["special"]:
                self.awards.drop(key)
        if line.kind == "jury.special":
            self.awards.put(line, (line.subject["entry"], prize), position=line.says("position"), special=True)

    def _signed_whole(self, line: RecordLine) -> None:
        self.minutes.put(
            line,
            (),
            number=line.says("number"),
            by_user=line.says("by"),
            standings=line.says("standings"),
            contests=line.says("contests"),
            papers_reason=line.says_or("papers_reason", ""),
            petitions_reason=line.says_or("petitions_reason", ""),
        )
        lines, awards = line.says("standings"), line.says("awards")
        if awards is not UNKNOWN:
            for each in awards:
                self.awards.put(
                    line,
                    (each["delegation_id"], each["prize"]),
                    position=each["position"],
                    special=False,
                    **_names(each),
                )
        else:
            self.awards_unsure |= lines is UNKNOWN
            for each in [] if lines is UNKNOWN else lines:
                if each["prize"]:
                    self.awards.put(line, (each["delegation"], each["prize"]), position=UNKNOWN, special=False)

    def _amended(self, line: RecordLine) -> None:
        """An amendment beside the signed standings; its line says all awards that are in force from then on."""
        self.amendments.put(
            line,
            (line.subject["amendment"],),
            takes_back=line.subject["takes_back"],
            paper_id=line.subject["paper"],
            by_user=line.says("by"),
            with_user=line.says("with"),
            **{name: line.says(name) for name in ("number", "reason", "corrections", "before", "standings")},
            **{name: line.says_or(name, {}) for name in SPECIALS},
        )
        self.amended_hash = line.says("standings_hash")
        awards = line.says("awards")
        self.awards_unsure = self.specials_unsure = awards is UNKNOWN
        self.awards, self.names = RecordedRows("award"), {}
        for each in () if awards is UNKNOWN else awards:
            whose = each["entry_id"] if each["entry_id"] is not None else each["delegation_id"]
            self.awards.put(
                line, (whose, each["prize"]), position=each["position"], special=each["special"], **_names(each)
            )

    def _scan(self, line: RecordLine) -> None:
        """Pages of a signed paper came, are shown again, or were taken back; of one kind one sending is in use."""
        kind, key, gone = line.subject["scan_kind"], (line.subject["use"],), line.kind == "scan.taken_back"
        points = line.subject.get(OF_POINTS)
        if not gone:
            for row in self.scans.rows.values():
                if (row["kind"], row["points_id"]) == (kind, points):
                    row["shown"] = False
        reason = line.says("reason") if gone else ""
        if line.kind == "scan.sent":
            of = {name: line.subject[said] for name, said in SCAN_COLUMNS.items()} | {"points_id": points}
            self.scans.put(line, key, **of, shown=True, reason=reason, put_by=line.says("by"), changed_by=None)
        else:
            self.scans.change(line, key, shown=not gone, reason=reason, changed_by=line.says("by"))

    def _points(self, line: RecordLine) -> None:
        """Points of a delegation were given, or taken back."""
        key = (line.subject["points"],)
        if line.kind == "points.taken_back":
            said = {"taken_back_by": line.says("by"), "taken_back_reason": line.says("reason"), "taken_back": True}
            self.points.change(line, key, **said)
            return
        names = ("delegation_id", "points_milli", "reason", "document", "day", "given_by")
        standing = {"taken_back_by": None, "taken_back_reason": "", "taken_back": False}
        self.points.put(line, key, **{name: line.says(name) for name in names}, **standing)

    def _paper(self, line: RecordLine) -> None:
        """A line that names a paper: the signature, a paper kept later, an amendment."""
        self.papers.put(
            line,
            (line.subject["paper"],),
            sha256=line.subject["sha256"],
            number=line.says("number"),
            editable=line.subject.get("editable", ""),
        )
        if line.kind in ("paper.amended", "standings.amended") and line.says_or("ground", None) is not None:
            petition = line.says("petition")
            self.grounds.put(line, (line.subject["paper"],), ground=line.says("ground"), petition=petition)
        if line.kind == "paper.amended" and (names := line.says("names")) is not UNKNOWN:
            self._renamed(names)

    def _renamed(self, awards: Iterable[Mapping[str, Any]]) -> None:
        """Awards that bear these names from now on, whoever recorded the awards themselves."""
        for each in awards:
            whose = each["entry_id"] if "entry_id" in each else each["delegation_id"]
            self.names[whose, each["prize"]] = _names(each)

    def by_row(self, ids: Mapping[str, int]) -> RecordedRows:
        """The awards with row ids also where an older release wrote codes; of each kind only when all are known."""
        rows = RecordedRows("award", erased=self.awards.erased)
        for (whose, prize), columns in self.awards.rows.items():
            if not (self.specials_unsure if columns["special"] else self.awards_unsure):
                key = ids.get(whose, whose) if isinstance(whose, str) else whose, prize
                rows.rows[key] = {**columns, **self.names.get(key, {})}
        return rows


def _names(award: Mapping[str, Any]) -> dict[str, Any]:
    """The names on an award; older releases kept none there."""
    return {name: award.get(name, UNKNOWN) for name in ("name", "delegation")}


def _reasons(kept: Any) -> Any:
    """The first releases worded them in the language of whoever locked; such words say nothing of the row."""
    return UNKNOWN if any(isinstance(each, str) for each in kept) else kept
