"""Which lines must be published after these lines of a festival's ledger `proof:`? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

PUBLISHED = "proof.published"
SAID = ("what", "contest", "evening", "late", "reason", "content", "opens", "by_user")


class ProofRecord:
    """The lines `proof.published`, replayed; each says all that its row holds."""

    def __init__(self) -> None:
        self.lines = RecordedRows("proof_line")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind == PUBLISHED:
            self.lines.put(line, (line.subject["n"],), **{name: line.says(name) for name in SAID})
