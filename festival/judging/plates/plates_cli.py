"""Plates of a contest that is judged blind, without a browser."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from festival.contests.commands import contest_named
from festival.contests.models import Contest
from festival.core.sentence import Sentence
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import say
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.judging.paper.borders import FEWEST_DICE, read_dice
from festival.judging.plates.plate_draw import doubled, drawn_plates, read_plate
from festival.judging.plates.putting import PlateLine, plate_lines, put_plates, seen_of, swap_plates


@judging_cli.command("plates")
@click.argument("contest")
@click.argument("plates", nargs=-1)
@click.option("--dice", default="", help="Bốc mã: các mặt xúc xắc theo thứ tự gieo, ít nhất 10 lần.")
@FESTIVAL
def plates(contest: str, plates: tuple[str, ...], dice: str, festival: str | None) -> None:
    """Ghi mã mâm của phần thi chấm kín, rồi in mâm của từng gia đình. PLATES là MÃ_TIẾT_MỤC=SỐ, ví dụ E004=17."""
    with transaction():
        row = contest_named(festival, contest)
        if not row.plates_of:
            raise NotFound()
        lines = plate_lines(row)
        wanted, seed = _drawn(row, lines, dice) if dice else (_typed(plates), "")
        unknown = wanted.keys() - {each.code for each in lines}
        if unknown:
            raise click.ClickException(f"Phần thi gốc không có tiết mục «{min(unknown)}».")
        by_code = {each.code: each.base_id for each in lines}
        put_plates(row.id, {by_code[code]: plate for code, plate in wanted.items()}, seen_of(lines), seed, None)
        for each in plate_lines(row):
            click.echo(f"{each.code}: {each.plate or '–'} {each.name}")


def _drawn(contest: Contest, lines: list[PlateLine], dice: str) -> tuple[dict[str, int], str]:
    seed = read_dice(dice)
    if seed is None:
        raise BadInput(_("Gõ ít nhất %(n)s lần gieo, các số từ 1 đến 6.", n=FEWEST_DICE))
    fixed = contest.rules_fixed_at is not None
    keep = {each.plate for each in lines if fixed and each.plate is not None}
    return drawn_plates(
        seed, contest.code, [each.code for each in lines if not fixed or each.plate is None], keep
    ), seed


def _typed(plates: tuple[str, ...]) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for each in plates:
        code, _equals, typed = each.partition("=")
        number = read_plate(typed)
        if not isinstance(number, int):
            raise BadInput(say(number) if isinstance(number, Sentence) else _("Mã mâm là số nguyên từ 1 đến 9999."))
        wanted[code] = number
    for fault in doubled(wanted).values():
        raise BadInput(say(fault))
    return wanted


@judging_cli.command("plates-swap")
@click.argument("contest")
@click.argument("one", type=int)
@click.argument("other", type=int)
@click.option("--reason", required=True, help="Lý do, ghi vào sổ.")
@FESTIVAL
def plates_swap(contest: str, one: int, other: int, reason: str, festival: str | None) -> None:
    """Đổi hai mâm bị lẫn cho nhau: gia đình đổi chỗ, phiếu ở lại với mâm ONE và OTHER."""
    with transaction():
        swap_plates(contest_named(festival, contest).id, one, other, reason, None)
    click.echo(f"{one}, {other}: đã đổi cho nhau")
