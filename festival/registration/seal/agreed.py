"""Which refusals, parents' links, signed sheets and reminders must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import Key, RecordedRows, RecordLine


class AgreedRecord:
    """The lines beside agreements, replayed. `refusals` by person and purpose: whether one stands."""

    def __init__(self) -> None:
        self.refusals = RecordedRows("consent_refusal")
        self.links = RecordedRows("parent_link")
        self.sheets = RecordedRows("agreement_sheet")
        self.reminders = RecordedRows("agreement_reminder")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        said = line.subject
        match line.kind:
            case "consent.refused":
                self.refusals.put(line, (said["person"], said["purpose"]), standing=True)
            case "consent.given" if "person" in said:
                key: Key = (said["person"], said["purpose"])
                if key in self.refusals.rows:
                    self.refusals.put(line, key, standing=False)
            case "parent_link.made":
                self.links.put(line, (said["link"],), issue=said["issue"], ended_how=None)
            case "parent_link.replaced":
                self.links.change(line, (said["link"],), issue=said["issue"], ended_how=None)
            case "parent_link.ended":
                self.links.change(line, (said["link"],), ended_how=said["how"])
            case "agreement_sheet.kept":
                self.sheets.put(line, (said["sheet"],), sha256=said["sha256"], taken_back=False)
            case "agreement_sheet.taken_back":
                self.sheets.change(line, (said["sheet"],), taken_back=True)
            case "agreement.reminded":
                self.reminders.put(line, (said["family"],), times=int(said["times"]))
            case _:
                pass
