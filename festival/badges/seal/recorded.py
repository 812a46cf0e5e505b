"""Who must stand on which list after these lines of a festival's ledger, and which lists and own classes are there? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

TOLD = ("name", "badge", "kind", "honorific", "title", "rank", "seat", "phone", "birth", "list")
OF_KIND = ("base", "word", "symbol", "colour")


class BadgesRecord:
    """The lines about people outside families, replayed. An erased line leaves what it said unknown."""

    def __init__(self) -> None:
        self.people = RecordedRows("badge_holder")
        self.lists = RecordedRows("badge_list")
        self.kinds = RecordedRows("badge_kind")

    def take(self, line: RecordLine) -> None:
        """The next line; a kind of another room is passed over."""
        for name, take in (("badge", self._person), ("badge_list", self._list), ("badge_kind", self._kind)):
            code = line.subject.get(name)
            if isinstance(code, str):
                take(line, code)

    def _person(self, line: RecordLine, code: str) -> None:
        match line.kind:
            case "badge.added":
                self.people.put(line, (code,), out=False, **{name: line.says(name) for name in TOLD})
            case "badge.changed":
                self.people.change(line, (code,), **{name: line.says(name) for name in TOLD})
            case "badge.removed":
                self.people.change(line, (code,), out=True)
            case "badge.restored":
                self.people.change(line, (code,), out=False)
            case _:
                pass

    def _list(self, line: RecordLine, code: str) -> None:
        match line.kind:
            case "badge_list.made":
                self.lists.put(line, (code,), name=line.says("name"), closed=False)
            case "badge_list.renamed":
                self.lists.change(line, (code,), name=line.says("name"))
            case "badge_list.closed" | "badge_list.opened":
                self.lists.change(line, (code,), closed=line.kind == "badge_list.closed")
            case _:
                pass

    def _kind(self, line: RecordLine, code: str) -> None:
        match line.kind:
            case "badge_kind.made" | "badge_kind.changed":
                self.kinds.put(line, (code,), **{name: line.says(name) for name in OF_KIND})
            case "badge_kind.removed":
                self.kinds.drop((code,))
            case _:
                pass
