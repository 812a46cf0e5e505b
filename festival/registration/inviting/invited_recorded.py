"""Which invitations and requests for accounts must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine


class InvitedRecord:
    """The lines `invitation.set`, `account.asked`, `account.decided`, replayed."""

    def __init__(self) -> None:
        self.invitations = RecordedRows("invitation")  # by delegation
        self.requests = RecordedRows("account_request")

    def take(self, line: RecordLine) -> None:
        """The next line; each says the whole of what it set."""
        said = line.subject
        if line.kind == "invitation.set":
            until = line.says("until")
            self.invitations.put(line, (said["delegation"],), issue=said["issue"], revoked=said["revoked"], until=until)
        elif line.kind in ("account.asked", "account.decided"):
            by = line.says("by") if line.kind == "account.decided" else None
            state, version = said["state"], said["version"]
            self.requests.put(line, (said["request"],), state=state, version=version, decided_by=by)
        elif line.kind == "retention.erased" and said.get("what") == "data":
            self.requests.rows.clear()
