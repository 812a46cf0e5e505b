"""Which waiting lists, offers and places in the line must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine


class QueuedRecord:
    """The lines about places that are given in turn, replayed; offers by family and number."""

    def __init__(self) -> None:
        self.lists = RecordedRows("waiting_list")
        self.offers = RecordedRows("place_offer")
        self.spots = RecordedRows("line_spot")
        self.by_itself = RecordedRows("delegation")  # whether families register themselves, where a line ever said it

    def take(self, line: RecordLine) -> None:
        """The next line."""
        said = line.subject
        match line.kind:
            case "waiting.list":
                told = {name: said[name] for name in ("open", "hours", "people", "self")}
                self.lists.put(line, (said["delegation"],), **told)
                self.by_itself.put(line, (said["delegation"],), self=said["self"])
            case "self_registration.set":
                for code in said["delegations"]:
                    self.by_itself.put(line, (code,), self=said["self"])
                    if (code,) in self.lists.rows:
                        self.lists.change(line, (code,), self=said["self"])
            case "waiting.offered":
                facts = {"people": said["people"], "until": said["until"], "state": "offered"}
                self.offers.put(line, (said["family"], int(said["number"])), **facts)
            case "waiting.ended":
                self.offers.change(line, (said["family"], int(said["number"])), state=said["how"])
            case "waiting.stands":
                self.spots.put(line, (said["family"],), at=said["at"], out=said["out"])
            case _:
                pass
