"""What is said of matches and brackets? Pure; sentences are worded where somebody reads them."""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.sentence import N_, Sentence
from festival.editions.rules.bracket import BracketRule
from festival.judging.matches.match_rule import HowEnded, SetScore, sets_won, written_sets

NOT_KNOWN_YET = N_("Chưa biết hai bên của trận này: ghi các trận trước đó đã.")
WINNER_GONE = N_("%(name)s đã rút hoặc không được dự thi nữa: ghi bên kia thắng, hoặc không bên nào.")
FINAL_NEEDS_ONE = N_("Chung kết phải có bên thắng.")
PLAYED_AFTER = N_("Trận sau đã có kết quả: bỏ kết quả «%(match)s» trước, hoặc bỏ cả nhánh sau trận này.")

HOW_WORDS: Mapping[HowEnded, Sentence] = {
    HowEnded.PLAYED: N_("Đấu xong"),
    HowEnded.WALKOVER: N_("Bên kia không đến"),
    HowEnded.RETIRED: N_("Bên kia bỏ giữa trận"),
    HowEnded.DISQUALIFIED: N_("Bên kia bị loại"),
    HowEnded.NOBODY: N_("Không bên nào đến"),
}
WON = N_("%(winner)s thắng %(loser)s.")
WON_SETS = N_("%(winner)s thắng %(loser)s %(won)s:%(lost)s (%(sets)s).")
WON_OTHERWISE: Mapping[HowEnded, Sentence] = {
    HowEnded.WALKOVER: N_("%(winner)s thắng: %(loser)s không đến."),
    HowEnded.RETIRED: N_("%(winner)s thắng: %(loser)s bỏ giữa trận."),
    HowEnded.DISQUALIFIED: N_("%(winner)s thắng: %(loser)s bị loại khỏi phần thi."),
    HowEnded.NOBODY: N_("%(winner)s và %(loser)s không đến; không ai vào tiếp."),
}
BEST_OF = N_("Thắng %(needed)s trong %(best_of)s hiệp.")
ONE_SET = N_("Đánh một hiệp.")
ONLY_WINNER = N_("Chỉ ghi bên thắng, không ghi điểm hiệp.")
SET_TO = N_("Thắng hiệp khi đủ %(points)s điểm và hơn %(lead)s điểm.")
SET_CAP = N_("Đến %(cap)s điểm thì hơn một điểm là thắng.")
THIRD_PLAYED = N_("Hai đội thua bán kết đấu tranh hạng ba.")
THIRD_SHARED = N_("Hai đội thua bán kết cùng hạng ba.")


def rule_sentences(rule: BracketRule) -> list[Sentence]:
    """How matches of a contest are counted."""
    said = [ONLY_WINNER if not rule.best_of else ONE_SET if rule.best_of == 1 else BEST_OF]
    if rule.points is not None:
        said.append(SET_TO)
    if rule.cap is not None:
        said.append(SET_CAP)
    said.append(THIRD_PLAYED if rule.third_played else THIRD_SHARED)
    known = {"needed": rule.needed, "best_of": rule.best_of, "lead": rule.lead}
    return [each.filled(**known, points=rule.points or 0, cap=rule.cap or 0) for each in said]


def outcome(
    how: HowEnded, sides: tuple[str, str], sets: tuple[SetScore, ...], rule: BracketRule, *, first_won: bool
) -> Sentence:
    """One sentence: who won over whom, and how; names of the two in the order of the match."""
    winner, loser = sides if first_won else sides[::-1]
    known = {"winner": winner, "loser": loser}
    if how is not HowEnded.PLAYED:
        return WON_OTHERWISE[how].filled(**known)
    if not sets:
        return WON.filled(**known)
    ordered = sets if first_won else tuple((b, a) for a, b in sets)
    won, lost = sets_won(ordered, rule)
    return WON_SETS.filled(**known, won=won, lost=lost, sets=written_sets(ordered))
