"""Answers question by question from the command line: all of an entry, or one of them put right."""

from __future__ import annotations

import click
from sqlalchemy import select

from festival.contests.commands import contest_named
from festival.contests.marks import Blank
from festival.contests.measures import BadTyped
from festival.contests.questions.answers import Answered, Question, counted, read_answers, value_of, written_answers
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.judging.contest_rules import questions_of
from festival.judging.measuring import MeasureRefused, note_measure
from festival.judging.models import Measure, MeasureState
from festival.roster.models import Entry


@judging_cli.command("answer")
@click.argument("contest")
@click.argument("entry")
@click.argument("answers")
@click.option("--question", help="Chỉ sửa câu này (mã hoặc số của câu); ANSWERS là một chữ.")
@FESTIVAL
def answer(contest: str, entry: str, answers: str, question: str | None, festival: str | None) -> None:
    """Ghi câu trả lời của một đội, mỗi câu một chữ: Đ đúng, S sai, B bỏ qua.

    ANSWERS theo thứ tự câu hỏi, như ĐĐSB ĐĐ; điểm tính theo từng câu. Phần thi không có danh sách câu hỏi: flask judging measure.
    """
    with transaction():
        row = contest_named(festival, contest)
        asked = questions_of(row)
        if not asked:
            raise click.ClickException("Thể lệ phần thi không có danh sách câu hỏi; dùng flask judging measure.")
        entry_id = db.session.scalar(select(Entry.id).where(Entry.code == entry, Entry.contest_id == row.id))
        if entry_id is None:
            raise click.ClickException(f"Phần thi không có tiết mục «{entry}».")
        of_entry = select(Measure).where(Measure.entry_id == entry_id, Measure.round == 1)
        stood = db.session.scalars(of_entry).one_or_none()
        read = _whole(answers, asked) if question is None else _one(answers, question, asked, stood)
        version = stood.version if stood is not None else 0
        outcome = note_measure(row.id, entry_id, 1, MeasureState.VALID, read.value, version, None, None, read.answers)
    if isinstance(outcome, MeasureRefused):
        raise click.ClickException(outcome.said)
    click.echo(f"{entry}: {read.value} điểm. {counted(read.answers)} {written_answers(read.answers)}")


def _whole(typed: str, asked: tuple[Question, ...]) -> Answered:
    match read_answers(typed, asked):
        case Answered() as read:
            return read
        case BadTyped(said):
            raise click.ClickException(str(said))
        case Blank():
            raise click.ClickException("Chưa gõ câu trả lời.")


def _one(typed: str, code: str, asked: tuple[Question, ...], stood: Measure | None) -> Answered:
    """What stands, with one answer put right."""
    at = next((at for at, each in enumerate(asked) if each.code == code), None)
    if at is None:
        raise click.ClickException(f"Phần thi không có câu hỏi «{code}».")
    if stood is None or stood.answers is None:
        raise click.ClickException("Đội này chưa có câu trả lời; ghi đủ các câu trước.")
    letter = _whole(typed, (asked[at],)).answers
    answers = stood.answers[:at] + letter + stood.answers[at + 1 :]
    return Answered(value_of(answers, asked) or 0, answers)
