"""Which requests and days off must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, Key, RecordedRows, RecordLine

TO = {
    "privacy.answered": "answered",
    "privacy.erasing": "erasing",
    "privacy.done": "done",
    "privacy.refused": "refused",
    "privacy.taken_back": "taken_back",
    "privacy.reopened": "answered",
}
CLOSING = ("privacy.done", "privacy.refused", "privacy.taken_back")


class PrivacyRecord:
    """The lines about requests, replayed."""

    def __init__(self) -> None:
        self.requests = RecordedRows("privacy_request")
        self.days = RecordedRows("day_off")
        self.groups = RecordedRows("ethnic_group")  # by person: whether one is written down, never which

    def take(self, line: RecordLine) -> None:
        """The next line; every step names its request."""
        kind, subject = line.kind, line.subject
        if kind == "privacy.day_off":
            if subject["off"]:
                self.days.put(line, (subject["day"],), name=line.says("name"))
            else:
                self.days.drop((subject["day"],))
        elif kind == "privacy.asked":
            self.requests.put(
                line,
                (subject["request"],),
                family=subject["family"],
                number=subject["number"],
                kind=subject["kind"],
                person_code=subject["person"],
                state="open",
                said=line.says("said"),
                how=line.says("how"),
                answer="",
                outcome="",
            )
        elif kind in ("ethnic.given", "ethnic.withdrawn"):
            self.groups.put(line, (subject["person"],), standing=kind == "ethnic.given")
        elif kind in TO:
            self._step(line, (subject["request"],))
        elif kind == "privacy.erased":
            self._emptied(subject["family"])
        elif kind == "retention.erased" and subject.get("what") == "data":
            self._emptied()

    def _step(self, line: RecordLine, key: Key) -> None:
        changes: dict[str, object] = {"state": TO[line.kind]}
        if line.kind == "privacy.answered":
            changes["answer"] = line.says("answer")
        elif line.kind in CLOSING:
            changes["outcome"] = line.says("outcome")
        elif line.kind == "privacy.reopened":
            changes["outcome"] = ""
        self.requests.change(line, key, **changes)

    def _emptied(self, family: str = "") -> None:
        """What was written beside requests went with the data, of one family or of all."""
        for columns in self.requests.rows.values():
            if family in ("", columns.get("family", family)):
                columns |= {"said": UNKNOWN, "answer": UNKNOWN, "outcome": UNKNOWN}
