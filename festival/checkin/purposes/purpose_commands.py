"""`flask checkin purposes | purpose | hours | put-away | take-up`: what passes are shown for, for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from flask.cli import AppGroup, with_appcontext

from festival.checkin.purposes import naming
from festival.checkin.purposes.known import gates_of
from festival.checkin.purposes.models import PurposeEvery, PurposeKind
from festival.checkin.purposes.naming import HoursTyped, PurposeTyped
from festival.checkin.purposes.windows import Purpose, Window
from festival.core.clock import from_local, local, now
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Refusal
from festival.editions.commands import FESTIVAL, festival_named
from festival.roster.models import BadgeClass

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M"])


def add_commands(group: AppGroup) -> None:
    """The commands of purposes, beside those of the room."""
    for command in (purposes, purpose, hours, put_away, take_up):
        group.add_command(command)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Refusal as refused:
        raise click.ClickException(str(refused.message)) from refused


def _purpose(festival_id: int, code: str) -> Purpose:
    found = gates_of(festival_id).purpose(code)
    if found is None:
        raise click.ClickException(f"Không có mục đích «{code}». Xem: flask checkin purposes")
    return found


def _window(purpose: Purpose, code: str) -> Window:
    found = next((each for each in purpose.windows if each.code == code), None)
    if found is None:
        raise click.ClickException(f"Không có khung giờ «{code}». Xem: flask checkin purposes")
    return found


def _written(at_ms: int) -> str:
    return local(datetime.fromtimestamp(at_ms / 1000, tz=now().tzinfo)).strftime("%Y-%m-%dT%H:%M")


@click.command("purposes")
@FESTIVAL
@with_appcontext
def purposes(festival: str | None) -> None:
    """In các mục đích quét thẻ và khung giờ, cách nhau bằng Tab."""
    with reading():
        for each in gates_of(festival_named(festival).id).purposes:
            away = "" if each.removed_ms is None else "\tđã cất"
            click.echo(f"{each.code}\t{each.name}\t{each.kind}\t{each.every}{away}")
            for window in each.windows:
                away = "" if window.removed_ms is None else "\tđã cất"
                hours_of = f"{_written(window.opens_ms)}\t{_written(window.closes_ms)}"
                click.echo(f"  {window.code}\t{window.name}\t{hours_of}{away}")


@click.command("purpose")
@click.argument("name")
@click.option("--kind", type=click.Choice([each.value for each in PurposeKind]), default="meal", help="Loại.")
@click.option("--every", type=click.Choice([each.value for each in PurposeEvery]), default="hours", help="Mấy lần.")
@click.option("--again", is_flag=True, help="Ra rồi vào lại được.")
@click.option(
    "--class",
    "classes",
    multiple=True,
    type=click.Choice([each.value for each in BadgeClass]),
    help="Lớp thẻ được vào.",
)
@click.option("--code", help="Mã của mục đích đã có: đổi tên, lớp thẻ, vào lại.")
@FESTIVAL
@with_appcontext
def purpose(
    name: str, kind: str, every: str, again: bool, classes: tuple[str, ...], code: str | None, festival: str | None
) -> None:
    """Đặt một mục đích quét thẻ, hoặc đổi một mục đích đã có."""
    with _refusals(), transaction():
        edition, typed = festival_named(festival), PurposeTyped(name, again, classes)
        if code is None:
            code = naming.name_purpose(edition, typed, PurposeKind(kind), PurposeEvery(every), None)
        else:
            naming.change_purpose(edition, code, _purpose(edition.id, code).version, typed, None)
    click.echo(code)


@click.command("hours")
@click.argument("code")
@click.argument("name")
@click.argument("opens", type=MOMENT)
@click.argument("closes", type=MOMENT)
@click.option("--window", help="Mã của khung giờ đã có: đổi giờ, đổi tên.")
@FESTIVAL
@with_appcontext
def hours(code: str, name: str, opens: datetime, closes: datetime, window: str | None, festival: str | None) -> None:
    """Thêm một khung giờ (2024-06-15T10:30, giờ Việt Nam) cho mục đích, hoặc đổi một khung giờ."""
    typed = HoursTyped(name, *(int(from_local(each).timestamp() * 1000) for each in (opens, closes)))
    with _refusals(), transaction():
        edition = festival_named(festival)
        if window is None:
            window = naming.add_hours(edition, code, typed, None)
        else:
            version = _window(_purpose(edition.id, code), window).version
            naming.change_hours(edition, code, window, version, typed, None)
    click.echo(window)


@click.command("put-away")
@click.argument("code")
@click.option("--window", help="Chỉ cất khung giờ này.")
@FESTIVAL
@with_appcontext
def put_away(code: str, window: str | None, festival: str | None) -> None:
    """Cất một mục đích, hoặc một khung giờ: cổng không quét cho nó nữa, lượt đã ghi vẫn còn."""
    with _refusals(), transaction():
        edition = festival_named(festival)
        found = _purpose(edition.id, code)
        if window is None:
            naming.put_away(edition, code, found.version, None)
        else:
            naming.close_hours(edition, code, window, _window(found, window).version, None)


@click.command("take-up")
@click.argument("code")
@click.option("--window", help="Chỉ lấy lại khung giờ này.")
@FESTIVAL
@with_appcontext
def take_up(code: str, window: str | None, festival: str | None) -> None:
    """Lấy lại một mục đích, hoặc một khung giờ đã cất."""
    with _refusals(), transaction():
        edition = festival_named(festival)
        found = _purpose(edition.id, code)
        if window is None:
            naming.take_up(edition, code, found.version, None)
        else:
            naming.reopen_hours(edition, code, window, _window(found, window).version, None)
