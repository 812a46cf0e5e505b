"""Which registrations, departures, agreements and held ones must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from festival.core.seal.compare import UNKNOWN, Key, RecordedRows, RecordLine
from festival.registration.seal.agreed import AgreedRecord
from festival.registration.seal.queued import QueuedRecord
from festival.registration.seal.signed import SigningRecord
from festival.registration.seal.teams_recorded import TeamRecord

FIRST = {"registration.entered": "draft", "registration.submitted": "submitted"}
DECIDED = {"registration.returned": "returned", "registration.rejected": "rejected"}
UNDONE = {
    "registration.approval_undone": "submitted",
    "registration.rejection_undone": "submitted",
}
# They tell something of a family and leave its state as it is.
BESIDE = ("registration.changed", "registration.held_decided", "registration.renamed")
# A name that was corrected, of an entry: which column it stands in.
OF_ENTRY = {"entry.renamed": "name", "entry.retitled": "title"}


class RegistrationRecord:
    """The lines about families, replayed: state, version, reason, who decided, the name.

    `departures` by person and place among the person's own; `agreements`: by person and purpose whether one stands, where
    a line tells of it (what a registration itself says is told by no line); `held` by family and place.
    """

    def __init__(self) -> None:
        self.families = RecordedRows("family")
        self.departures = RecordedRows("departure")
        self.agreements = RecordedRows("consent")
        self.held = RecordedRows("held_registration")
        self.receivers = RecordedRows("prize_receiver")
        self.entries = RecordedRows("entry")  # that were ever corrected
        self.agreed = AgreedRecord()
        self.signing = SigningRecord()
        self.teams = TeamRecord()
        self.queued = QueuedRecord()
        self.changes = RecordedRows("family_change")  # by family and number
        self._left: dict[str, int] = defaultdict(int)
        self._people: dict[str, set[Key]] = defaultdict(set)
        self._waiting: dict[str, list[Key]] = defaultdict(list)

    def take(self, line: RecordLine) -> None:
        """The next line; every line about a family tells its version, whatever else it tells."""
        self.agreed.take(line)
        self.signing.take(line)
        self.teams.take(line)
        self.queued.take(line)
        if line.kind == "retention.erased" and line.subject.get("what") == "data":
            self._erased()
        if (column := OF_ENTRY.get(line.kind)) is not None:
            self.entries.change(line, (line.subject["entry"],), **{column: line.says(column)})
        if line.kind.startswith("team.") and (line.subject["team"],) in self.entries.rows:
            self.entries.change(line, (line.subject["team"],), name=line.says("name"))  # once corrected, now typed anew
        code = line.subject.get("family")
        if not isinstance(code, str):
            return
        self._aside(code, line)
        if "version" in line.subject:
            self._family(code, line)

    def _family(self, code: str, line: RecordLine) -> None:
        key = (code,)
        before = self.families.rows.get(key, {})
        # A line of something that went with a change may come after that of the change.
        version = {"version": max(before.get("version", 0), line.subject["version"])}
        if line.kind in FIRST and key not in self.families.rows:
            self.families.put(
                line,
                key,
                state=FIRST[line.kind],
                return_reason="",
                decided_by=None,
                reserve="",
                delegation=line.subject.get("delegation", UNKNOWN),
                name=line.says("family"),
                withdrawn_from=None,
                withdrawn_road=None,
                **version,
            )
            return
        changes = self._changes(line) | version
        if line.kind == "registration.restored" and before.get("reserve") == "accepted":
            changes["reserve"] = "proposed"  # it is looked at anew
        name = line.says("family")
        if name is not UNKNOWN or line.payload is None or line.kind.startswith("registration."):
            changes["name"] = name
        self.families.change(line, key, **changes)

    def _changes(self, line: RecordLine) -> dict[str, Any]:
        kind = line.kind
        if kind == "registration.submitted":
            return {"state": "submitted", "return_reason": ""}
        if kind == "registration.approved":
            return {"state": "approved", "return_reason": "", "decided_by": line.says("by")}
        if kind in DECIDED:
            return {"state": DECIDED[kind], "return_reason": line.says("reason"), "decided_by": line.says("by")}
        if kind in UNDONE:
            return {"state": UNDONE[kind], "return_reason": line.says("reason"), "decided_by": None}
        if kind == "registration.withdrawn":
            was, road = line.subject.get("was"), line.subject.get("road")
            return {"state": "withdrawn", "withdrawn_from": was, "withdrawn_road": road}
        if kind == "registration.restored":
            return self._restored(line)
        if kind == "registration.reserve":
            return {"reserve": line.says("reserve")}
        if kind in BESIDE or not kind.startswith("registration."):
            return {}
        # A step of a later release: what it did to the state is not known here.
        return {"state": UNKNOWN, "return_reason": UNKNOWN, "decided_by": UNKNOWN, "reserve": UNKNOWN}

    def _restored(self, line: RecordLine) -> dict[str, Any]:
        """As it was before it was withdrawn; a draft is told why, and is decided anew."""
        to = line.subject.get("to", "draft")  # an earlier release made a draft of each
        back = {"state": to, "withdrawn_from": None, "withdrawn_road": None}
        if to == "draft":
            return {**back, "return_reason": line.says("reason"), "decided_by": None}
        return back

    def _aside(self, code: str, line: RecordLine) -> None:
        """What stands beside the family's own row."""
        match line.kind:
            case "consent.given" | "consent.withdrawn" if "person" in line.subject:
                key: Key = (line.subject["person"], line.subject["purpose"])
                self.agreements.put(line, key, standing=line.kind == "consent.given")
                self._people[code].add(key)
            case "change.asked" | "change.decided":
                self._change(code, line)
            case "registration.changed":
                # It may have ended agreements and given others, and told of none.
                for told in self._people.pop(code, ()):
                    self.agreements.drop(told)
            case "person.left" if "person" in line.subject:
                self._left[line.subject["person"]] += 1
                self.departures.put(line, self._departure(line), entries=line.says("entries"), back=False)
            case "person.back" if "person" in line.subject:
                self.departures.change(line, self._departure(line), back=True)
            case "prize.receiver" if "person" in line.subject:
                self.receivers.put(line, (code,), person=line.subject["person"])
            case "registration.held":
                self._waiting[code].append((code, 1 + sum(key[0] == code for key in self.held.rows)))
                self.held.put(
                    line,
                    self._waiting[code][-1],
                    why=line.says("why"),
                    beside=line.says("beside"),
                    decision=None,
                    decided_by=None,
                )
            case "registration.held_decided":
                for waiting in self._waiting.pop(code, ()):
                    self.held.change(line, waiting, decision=line.says("decision"), decided_by=line.says("by"))
            case _:
                pass

    def _change(self, code: str, line: RecordLine) -> None:
        """A change of an approved family: asked, and what came of it."""
        key: Key = (code, int(line.subject["number"]))
        if line.kind == "change.asked":
            asked = {"road": line.subject["road"], "asked_by": line.says("by"), "decided_by": None}
            self.changes.put(line, key, state="waiting", **asked)
            return
        self.changes.change(line, key, state=line.subject["state"], decided_by=line.says("by"))
        # Carried out, it may have ended agreements and given others, and told of none.
        for told in self._people.pop(code, ()):
            self.agreements.drop(told)

    def _departure(self, line: RecordLine) -> Key:
        person = line.subject["person"]
        return (person, self._left[person])

    def _erased(self) -> None:
        """Names became numbers, what was written beside them went; the ledger says of every family that it was touched."""
        for columns in self.families.rows.values():
            columns |= {"name": UNKNOWN, "return_reason": "", "version": columns["version"] + 1}
        for columns in self.departures.rows.values():
            columns["entries"] = []
        self.entries.rows.clear()
