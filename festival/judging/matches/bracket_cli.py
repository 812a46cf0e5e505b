"""`flask judging bracket …`: drawing, showing, and typing a bracket from a terminal."""

from __future__ import annotations

import json
from typing import Any

import click

from festival.contests.commands import contest_named
from festival.contests.models import Contest
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import say
from festival.editions.commands import FESTIVAL
from festival.judging.commands import YES, judging_cli
from festival.judging.matches.drawing import draw_bracket, drop_bracket
from festival.judging.matches.match_rule import HowEnded, MatchResult, typed_sets, winner_by_sets
from festival.judging.matches.match_words import outcome
from festival.judging.matches.playing import MatchRefused, MatchTaken, note_match, take_back_match
from festival.judging.matches.reading import DrawnBracket, bracket_of
from festival.judging.matches.shown import ShownSide, show
from festival.judging.matches.tree import BracketMatch, match_inside, match_name, places


@judging_cli.group("bracket")
def bracket() -> None:
    """Bảng đấu của phần thi đấu loại: bốc thăm, xem, ghi kết quả trận."""


ROUND = click.argument("round_", metavar="ROUND", type=click.IntRange(1, 6))
NUMBER = click.argument("number", type=click.IntRange(1, 32))


@bracket.command("draw")
@click.argument("contest")
@click.argument("seed")
@FESTIVAL
@click.option("--reason", default="", help="Vì sao bốc thăm lại (khi đã bốc một lần).")
def draw(contest: str, seed: str, festival: str | None, reason: str) -> None:
    """Bốc thăm theo SEED, dãy số vừa gieo hoặc rút trong hội trường; bốc lại cần --reason."""
    with transaction():
        row = contest_named(festival, contest)
        standing = bracket_of(row)
        drawn = draw_bracket(row.id, seed, standing.draw.drawing if standing else 0, reason, None)
    click.echo(f"Đã bốc thăm bảng đấu, lần {drawn.drawing}.")
    _echo(festival, contest)


@bracket.command("show")
@click.argument("contest")
@FESTIVAL
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def show_bracket(contest: str, festival: str | None, as_json: bool) -> None:
    """In bảng đấu theo vòng."""
    _echo(festival, contest, as_json=as_json)


@bracket.command("result")
@click.argument("contest")
@ROUND
@NUMBER
@click.argument("sets", nargs=-1)
@FESTIVAL
@click.option("--winner", help="Mã đội thắng; bỏ trống thì theo điểm các hiệp.")
@click.option("--retired", is_flag=True, help="Bên kia bỏ giữa trận.")
def result(
    contest: str,
    round_: int,
    number: int,
    sets: tuple[str, ...],
    festival: str | None,
    winner: str | None,
    retired: bool,
) -> None:
    """Ghi hoặc sửa kết quả trận NUMBER của vòng ROUND; SETS như 21:15 18:21 21:19."""
    read = typed_sets(sets)
    if isinstance(read, Sentence):
        raise click.ClickException(say(read))
    with transaction():
        row, drawn, found = _found(festival, contest, round_, number)
        won = winner or winner_by_sets(found.a or "", found.b or "", read, drawn.rule) or ""
        said = MatchResult(HowEnded.RETIRED if retired else HowEnded.PLAYED, won, read)
        taken = note_match(row.id, found.key, said, drawn.version(found.key), None)
    _tell(drawn, found, said, taken)


@bracket.command("walkover")
@click.argument("contest")
@ROUND
@NUMBER
@click.argument("winner", required=False)
@FESTIVAL
@click.option("--disqualified", is_flag=True, help="Bên kia bị loại khỏi phần thi, không phải không đến.")
@YES
def walkover(
    contest: str,
    round_: int,
    number: int,
    winner: str | None,
    festival: str | None,
    disqualified: bool,
    yes: bool,
) -> None:
    """Ghi đội WINNER thắng vì bên kia không đến; không có WINNER: không bên nào đến. Đọc lại và hỏi trước khi ghi."""
    how = HowEnded.DISQUALIFIED if disqualified else HowEnded.WALKOVER if winner else HowEnded.NOBODY
    said = MatchResult(how, winner or "")
    with reading():
        _row, drawn, found = _found(festival, contest, round_, number)
        line = _line(drawn, found, said)
        base = drawn.version(found.key)
    click.echo(line)
    if not yes:
        click.confirm("Đúng như vậy. Ghi?", abort=True)
    with transaction():
        row = contest_named(festival, contest)
        taken = note_match(row.id, found.key, said, base, None, drawn.draw.drawing)
    _tell(drawn, found, said, taken)


@bracket.command("undo")
@click.argument("contest")
@click.argument("round_", metavar="[ROUND", required=False, type=click.IntRange(1, 6))
@click.argument("number", metavar="NUMBER]", required=False, type=click.IntRange(1, 32))
@FESTIVAL
@click.option("--branch", is_flag=True, help="Bỏ luôn các trận sau đó đã ghi kết quả.")
@click.option("--reason", default="", help="Không có ROUND NUMBER: vì sao bỏ cả bảng đấu.")
@YES
def undo(
    contest: str,
    round_: int | None,
    number: int | None,
    festival: str | None,
    branch: bool,
    reason: str,
    yes: bool,
) -> None:
    """Bỏ kết quả một trận; không có ROUND NUMBER thì bỏ lần bốc thăm. Với --branch đọc lại và hỏi trước khi bỏ."""
    if round_ is None or number is None:
        with transaction():
            row = contest_named(festival, contest)
            standing = bracket_of(row)
            drop_bracket(row.id, standing.draw.drawing if standing else 0, reason, None)
        click.echo("Đã bỏ bảng đấu.")
        return
    with reading():
        row, drawn, found = _found(festival, contest, round_, number)
        after = [each.key for each in drawn.tree.played_after(found.key)] if branch else []
    for key in after:
        click.echo(say(match_name(drawn.tree, key)))
    if after and not yes:
        click.confirm("Bỏ luôn các trận này?", abort=True)
    with transaction():
        taken = take_back_match(row.id, found.key, drawn.version(found.key), None, after, drawn.draw.drawing)
    if isinstance(taken, MatchRefused):
        raise click.ClickException(say(taken.said))
    click.echo(f"Đã bỏ kết quả {say(match_inside(drawn.tree, found.key))}.")


def _found(festival: str | None, contest: str, round_: int, number: int) -> tuple[Contest, DrawnBracket, BracketMatch]:
    row = contest_named(festival, contest)
    drawn = bracket_of(row)
    if drawn is None:
        raise click.ClickException("Phần thi này chưa có bảng đấu.")
    found = drawn.tree.match((round_, number))
    if found is None:
        raise click.ClickException(f"Bảng đấu không có vòng {round_} trận {number}.")
    return row, drawn, found


def _line(drawn: DrawnBracket, found: BracketMatch, said: MatchResult) -> str:
    sides = drawn.name(found.a), drawn.name(found.b)
    return say(outcome(said.how, sides, said.sets, drawn.rule, first_won=said.winner == found.a))


def _tell(drawn: DrawnBracket, found: BracketMatch, said: MatchResult, taken: MatchTaken | MatchRefused) -> None:
    if isinstance(taken, MatchRefused):
        raise click.ClickException(say(taken.said))
    click.echo(_line(drawn, found, said))
    if taken.order:
        click.echo("Mọi trận đã xong: thứ hạng chung cuộc đã có từ bảng đấu.")


def _echo(festival: str | None, contest: str, *, as_json: bool = False) -> None:
    with reading():
        drawn = bracket_of(contest_named(festival, contest))
    if drawn is None:
        raise click.ClickException("Phần thi này chưa có bảng đấu.")
    if as_json:
        click.echo(json.dumps(_as_json(drawn), ensure_ascii=False))
        return
    shown = show(drawn)
    for at in shown.rounds:
        click.echo(say(at.name))
        for each in (*at.matches, *([shown.third] if shown.third and at is shown.rounds[-1] else [])):
            sides = " gặp ".join(_who(side) for side in (each.a, each.b))
            click.echo(f"  {each.round}.{each.number} {say(each.said) if each.said else sides}")


def _who(side: ShownSide) -> str:
    return side.name or (say(side.awaited) if side.awaited else "")


def _as_json(drawn: DrawnBracket) -> dict[str, Any]:
    return {
        "drawing": drawn.draw.drawing,
        "seed": drawn.draw.seed,
        "matches": [
            {
                "round": each.round,
                "number": each.number,
                "a": each.a,
                "b": each.b,
                "how": each.result.how.value if each.result else None,
                "winner": each.winner,
                "sets": [f"{a}:{b}" for a, b in each.result.sets] if each.result else [],
                "version": drawn.version(each.key),
            }
            for each in drawn.tree
        ],
        "places": places(drawn.tree),
    }
