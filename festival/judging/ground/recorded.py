"""Which rows of the ground must there be after these lines of a contest's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine


class RecordedGround:
    """The lines `ground.*`, `measure.offered`, `.counted`, `.settled`, `.seen` and `.unseen`, replayed."""

    def __init__(self) -> None:
        self.given = RecordedRows("ground_contest")
        self.readings = RecordedRows("ground_reading")
        self.seen = RecordedRows("measure_seen")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        subject = line.subject
        match line.kind:
            case "ground.given":
                self.given.put(line, (subject["device"], subject["contest_id"]), given_by=line.says("by"))
            case "ground.withdrawn":
                self.given.drop((subject["device"], subject["contest_id"]))
            case "measure.offered" | "measure.counted":
                self.readings.put(
                    line,
                    (subject["mid"],),
                    entry_id=subject["entry"],
                    round=subject["round"],
                    became=line.kind.removeprefix("measure."),
                    device_id=line.says("device"),
                    answers=line.says_or("answers", None),
                    **{name: line.says(name) for name in ("state", "value", "met_version")},
                )
            case "measure.settled":
                for mid in subject["mids"]:
                    self.readings.change(line, (mid,), became="settled")
            case "measure.seen":
                self.seen.put(
                    line,
                    (subject["entry"], subject["round"], subject["version"]),
                    **{name: line.says(name) for name in ("how", "agrees", "note", "device_id", "noted_by")},
                )
            case "measure.unseen":
                self.seen.drop((subject["entry"], subject["round"], subject["version"]))
            case _:
                pass
