"""Which questions does a contest ask, what are answers to them worth, and how are they typed and said? Pure.

The answers of one appearance are a text with a letter for each question, in the order of the rules (which are fixed with the
first answer): `r` right, `w` wrong, `p` passed or not reached. Right ones bring their points, wrong ones take off what the
question says; the sum never goes below nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, cast

from festival.contests.marks import Blank
from festival.contests.measures import BadTyped
from festival.core.canonical import canonical_json
from festival.core.sentence import N_, Sentence


class AnswerState(StrEnum):
    """What became of a question."""

    RIGHT = "r"
    WRONG = "w"
    PASSED = "p"


@dataclass(frozen=True, slots=True)
class Question:
    """As the rules state it; `package` 0: answered alone, within `seconds` when there are any."""

    code: str
    points: int
    minus: int
    name: str
    seconds: int | None
    package: int
    package_s: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers to all questions, and what they come to."""

    value: int
    answers: str


# How answers are typed by the letter, with and without the marks of Vietnamese.
LETTERS: Mapping[str, AnswerState] = {
    "Đ": AnswerState.RIGHT,
    "D": AnswerState.RIGHT,
    "S": AnswerState.WRONG,
    "B": AnswerState.PASSED,
}
WRITTEN: Mapping[str, str] = {AnswerState.RIGHT: "Đ", AnswerState.WRONG: "S", AnswerState.PASSED: "B"}
BAD_ANSWERS = N_("Mỗi câu một chữ: Đ đúng, S sai, B bỏ qua; ví dụ ĐĐSB. «%(letter)s» không phải chữ nào trong đó.")
TOO_FEW = N_("Mới có %(n)s câu trả lời, phần thi có %(all)s câu. Câu chưa kịp hỏi ghi B.")
TOO_MANY = N_("Có %(n)s câu trả lời, nhưng phần thi chỉ có %(all)s câu.")
COUNTED = N_("Đúng %(right)s, sai %(wrong)s, bỏ qua %(passed)s trên %(all)s câu.")
RIGHT_ONES = N_("Câu đúng: %(codes)s.")
WRONG_ONES = N_("Câu sai: %(codes)s.")
PASSED_ONES = N_("Câu bỏ qua: %(codes)s.")
LISTED = {AnswerState.RIGHT: RIGHT_ONES, AnswerState.WRONG: WRONG_ONES, AnswerState.PASSED: PASSED_ONES}


def read_stored(stored: Sequence[Mapping[str, Any]] | None) -> tuple[Question, ...]:
    """The questions as the column of a contest holds them; none where right answers are only counted."""
    return tuple(
        Question(
            each["code"],
            each["points"],
            each.get("minus", 0),
            each.get("name", ""),
            each.get("seconds"),
            each.get("package", 0),
            each.get("package_s"),
        )
        for each in stored or ()
    )


def digest_of(stored: Sequence[Mapping[str, Any]]) -> str:
    """By which a device says which list of questions it shows."""
    return sha256(canonical_json(cast("list[object]", list(stored)))).hexdigest()[:16]


def value_of(answers: str, questions: Sequence[Question]) -> int | None:
    """The points; None when these are not answers to these questions."""
    if len(answers) != len(questions) or not set(answers) <= set(AnswerState):
        return None
    worth = {
        AnswerState.RIGHT.value: [each.points for each in questions],
        AnswerState.WRONG.value: [-each.minus for each in questions],
    }
    return max(0, sum(worth[said][at] for at, said in enumerate(answers) if said in worth))


def read_answers(typed: str, questions: Sequence[Question]) -> Answered | Blank | BadTyped:
    """``ĐĐSB ĐĐ…`` → answers; spaces and points between them say nothing."""
    letters = [each for each in typed.upper() if not each.isspace() and each not in ".,;/-"]
    if not letters:
        return Blank()
    for each in letters:
        if each not in LETTERS:
            return BadTyped(BAD_ANSWERS.filled(letter=each))
    if len(letters) != len(questions):
        said = TOO_FEW if len(letters) < len(questions) else TOO_MANY
        return BadTyped(said.filled(n=len(letters), all=len(questions)))
    answers = "".join(LETTERS[each].value for each in letters)
    return Answered(value_of(answers, questions) or 0, answers)


def written_answers(answers: str) -> str:
    """As they are typed, in groups of five."""
    letters = "".join(WRITTEN[each] for each in answers)
    return " ".join(letters[at : at + 5] for at in range(0, len(letters), 5))


def counted(answers: str) -> Sentence:
    """«Đúng 18, sai 1, bỏ qua 1 trên 20 câu.»."""
    return COUNTED.filled(
        right=answers.count(AnswerState.RIGHT),
        wrong=answers.count(AnswerState.WRONG),
        passed=answers.count(AnswerState.PASSED),
        all=len(answers),
    )


def listed(answers: str, codes: Sequence[str]) -> list[Sentence]:
    """Which ones were right, wrong, passed; a row of numbers is said from the first to the last."""
    return [
        words.filled(codes=_runs([at for at, said in enumerate(answers) if said == each], codes))
        for each, words in LISTED.items()
        if each in answers
    ]


def _runs(places: Sequence[int], codes: Sequence[str]) -> str:
    runs: list[list[int]] = []
    for at in places:
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return ", ".join(
        f"{codes[run[0]]}–{codes[run[-1]]}" if len(run) > 2 else ", ".join(codes[at] for at in run) for run in runs
    )
