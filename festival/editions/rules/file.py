"""Is the file that states the rules of an edition sound, and which rules does it state?

Nothing is guessed: an unknown key is refused (a misspelt `secrecy` must not become a public result), and totals are
computed, so a typed total that differs from the sum is an error naming both (a sheet printed in 2016 said 40 over
criteria of 30). The whole file is read before it is judged, so that it is mended in one go.
"""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.sentence import N_
from festival.editions.rules.checks.round_before import check_rounds
from festival.editions.rules.checks.summed import check_sums, not_counted
from festival.editions.rules.contest import read_contest
from festival.editions.rules.document import BrokenRuleset, FileFault, Node
from festival.editions.rules.edition import (
    read_delegation,
    read_festival,
    read_quotas,
    read_source,
    read_special_prize,
)
from festival.editions.rules.plates import check_plates
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.shapes import SCHEMA
from festival.editions.rules.use import check_use
from festival.editions.rules.whole import WholeOrder, read_whole_delegation


def read(document: object, *, kept: bool = False) -> Ruleset:
    """The rule set that a parsed document states.

    Raises BrokenRuleset naming every problem; nothing is half read. `kept`: an edition that was imported before, by a
    release that let keys pass which have no effect.
    """
    problems: list[FileFault] = []
    root = Node(document, "$", problems)
    stated = document.get("schema") if isinstance(document, Mapping) else None
    if stated != SCHEMA:
        # another version may give a key another meaning: do not read on
        root.at("schema").wrong(N_("phải là «%(schema)s», không phải «%(stated)s»", schema=SCHEMA, stated=str(stated)))
        raise BrokenRuleset(problems)
    complete = root.shaped("ruleset")
    if not complete or not root.at("festival").shaped("festival"):
        raise BrokenRuleset(problems)
    ruleset = Ruleset(
        about=root.at("about").maybe_text(),
        invented=tuple(node.text() for node in root.at("invented").items()),
        sources=root.at("sources").many("source", read_source),
        festival=read_festival(root.at("festival")),
        quotas=read_quotas(root.at("quotas")),
        delegations=root.at("delegations").many("delegation", read_delegation),
        contests=root.at("contests").many("contest", read_contest),
        whole_delegation=read_whole_delegation(root.at("whole_delegation")) if root.has("whole_delegation") else None,
        special_prizes=root.at("special_prizes").many("special_prize", read_special_prize),
    )
    if not problems:
        _check_whole(root, ruleset)
        check_sums(root, ruleset)
    if not problems and not kept:
        check_use(root, ruleset)
    if problems:
        raise BrokenRuleset(problems)
    return ruleset


def _check_whole(root: Node, ruleset: Ruleset) -> None:
    """What only the whole file shows: codes given twice, references to what is not there."""
    codes = [contest.code for contest in ruleset.contests]
    for kind, list_of_codes in (("contests", codes), ("delegations", [each.code for each in ruleset.delegations])):
        for at, code in enumerate(list_of_codes):
            if code in list_of_codes[:at]:
                root._replace(path=f"$.{kind}[{at}].code").wrong(N_("mã «%(code)s» có hai lần", code=code))
    parts: dict[str, str] = {}
    for at, contest in enumerate(ruleset.contests):
        if contest.part and parts.setdefault(contest.part.code, contest.part.name) != contest.part.name:
            root._replace(path=f"$.contests[{at}].part.name").wrong(
                N_("phần «%(code)s» đã mang tên khác ở trên", code=contest.part.code)
            )
    check_rounds(root, ruleset.contests)
    check_plates(root, ruleset.contests)
    whole = ruleset.whole_delegation
    for path, contest_code in [
        *(
            (f"$.whole_delegation.ties[{at}].contest", tie.contest)
            for at, tie in enumerate(whole.ties if whole else ())
        ),
        *((f"$.special_prizes[{at}].contest", prize.contest) for at, prize in enumerate(ruleset.special_prizes)),
    ]:
        if contest_code is not None and contest_code not in codes:
            root._replace(path=path).wrong(N_("không có phần thi «%(code)s»", code=contest_code))
    if whole and whole.sum is WholeOrder.PLACE_POINTS:
        for at, contest in enumerate(ruleset.contests):
            if not contest.place_points_milli and contest.code not in not_counted(ruleset.contests):
                root._replace(path=f"$.contests[{at}].place_points").wrong(
                    N_("toàn đoàn cộng điểm theo hạng, nên phần thi phải có bảng điểm theo hạng")
                )
