"""Which registrations must there be, and in which state, after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

FIRST = {"registration.entered": "draft", "registration.submitted": "submitted"}
DECIDED = {"registration.returned": "returned", "registration.rejected": "rejected"}
UNDONE = ("registration.approval_undone", "registration.rejection_undone")


class RegistrationRecord:
    """The lines about families, replayed: state, version, reason, who decided, the name."""

    def __init__(self) -> None:
        self.families = RecordedRows("family")

    def take(self, line: RecordLine) -> None:
        """The next line; every line about a family tells its version, whatever else it tells."""
        code = line.subject.get("family")
        if not isinstance(code, str) or "version" not in line.subject:
            return
        key = (code,)
        version = {"version": line.subject["version"]}
        if line.kind in FIRST and key not in self.families.rows:
            self.families.put(
                line,
                key,
                state=FIRST[line.kind],
                return_reason="",
                decided_by=None,
                delegation=line.subject.get("delegation", UNKNOWN),
                name=line.says("family"),
                **version,
            )
            return
        changes = self._changes(line) | version
        if line.kind.startswith("registration."):
            changes["name"] = line.says("family")
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
            return {"state": "submitted", "return_reason": line.says("reason"), "decided_by": None}
        if kind == "registration.withdrawn":
            return {"state": "withdrawn"}
        if kind == "registration.changed" or not kind.startswith("registration."):
            return {}
        # A step of a later release: what it did to the state is not known here.
        return {"state": UNKNOWN, "return_reason": UNKNOWN, "decided_by": UNKNOWN}
