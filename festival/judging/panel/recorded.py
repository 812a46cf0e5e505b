"""Which relations and scopes of judges must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

KINDS = ("relation.known", "relation.declared", "relation.withdrawn", "relation.dismissed", "relation.asked_again")
SCOPE = "scope.said"
SCOPE_COLUMNS = ("says", "before", "version", "said_by")
RELATION = ("user_id", "unit_id", "family_id", "words")
DISMISSAL = ("reason", "dismissed_by")


class RelationsRecord:
    """The lines `relation.*` and `scope.said`, replayed. `begun`: a release that writes them has written one; before it nothing is known."""

    def __init__(self) -> None:
        self._anew()

    def _anew(self) -> None:
        self.begun = False
        self.unsure = False  # what stood there before the first line was erased
        self.relations = RecordedRows("declared_relation")
        self.dismissed = RecordedRows("relation_dismissed")
        self.scopes = RecordedRows("judge_scope")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind == "edition_removed":  # nothing of it is left; the code may be used again
            self._anew()
        elif line.kind == "judge_unseated":
            self._drop_dismissals(judge=line.subject["judge"])
        elif line.kind == SCOPE:
            self.scopes.put(line, (line.subject["user"],), **{name: line.says(name) for name in SCOPE_COLUMNS})
        elif line.kind in KINDS:
            self.begun = True
            self._said(line)

    def _said(self, line: RecordLine) -> None:
        if line.kind == "relation.known":
            self._known(line)
            return
        relation = line.subject["relation"]
        if line.kind == "relation.declared":
            self.relations.put(line, (relation,), **{name: line.says(name) for name in RELATION})
        elif line.kind == "relation.withdrawn":
            self.relations.drop((relation,))
            self._drop_dismissals(relation=relation)
        elif line.kind == "relation.dismissed":
            key = line.subject["judge"], relation
            self.dismissed.put(line, key, **{name: line.says(name) for name in DISMISSAL})
        else:
            self.dismissed.drop((line.subject["judge"], relation))

    def _known(self, line: RecordLine) -> None:
        relations, dismissed = line.says("relations"), line.says("dismissed")
        if relations is UNKNOWN or dismissed is UNKNOWN:
            self.unsure = True
            return
        for number, said in relations:
            self.relations.put(line, (number,), **said)
        for judge, number, said in dismissed:
            self.dismissed.put(line, (judge, number), **said)

    def _drop_dismissals(self, judge: int | None = None, relation: int | None = None) -> None:
        """They go with the seat, or with the relation."""
        for key in [key for key in self.dismissed.rows if judge == key[0] or relation == key[1]]:
            self.dismissed.drop(key)
