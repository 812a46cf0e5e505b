"""`flask schedule …`: stages, sessions and the draft as a whole, changed and taken out after what follows is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import click
from sqlalchemy import select

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.editions.commands import festival_named
from festival.schedule import sessions
from festival.schedule.by_command import rounds_cli, versions_cli, wish_cli
from festival.schedule.by_command.cli import BY, schedule_cli
from festival.schedule.editing import draft, steps
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.models import Session, Stage

__all__ = ["rounds_cli", "versions_cli", "wish_cli"]  # their commands are there when they are imported

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M"])
YES = click.option("--yes", is_flag=True, help="Ghi luôn; không có thì chỉ nêu điều sẽ theo sau khi có ai bị dời.")

Result = TypeVar("Result")


def carried(
    festival_id: int,
    step: Callable[[], Result],
    yes: bool,
    told: Callable[[Result], Sequence[Sentence]] = lambda _result: (),
) -> Result:
    done = carry_out(festival_id, step, None if yes else "", told)
    match done:
        case PlanFollows():
            _say(done)
            raise click.ClickException("Chưa ghi. Đồng ý với các điều trên thì thêm --yes.")
        case Carried(result, follows):
            _say(follows)
            return result


def _say(follows: PlanFollows) -> None:
    for heading, told in (
        ("cần xem lại", follows.told),
        ("mất chỗ", follows.lost),
        ("đổi", follows.moved),
        ("vướng", follows.conflicts),
    ):
        for sentence in told:
            click.echo(f"- {heading}: {sentence}")
    if follows.version and follows.asks:
        click.echo(f"Phiên bản {follows.version} đã công bố không đổi cho đến lần công bố sau.")


def festival_and_account(code: str, by: str | None) -> tuple[int, int | None]:
    with reading():
        return festival_named(code).id, acting_account(by)


def stage_named(festival_id: int, code: str) -> int:
    found = db.session.scalar(select(Stage.id).where(Stage.festival_id == festival_id, Stage.code == code))
    if found is None:
        raise click.ClickException(f"Không có sân khấu mã {code}.")
    return found


def session_named(festival_id: int, contest_id: int, stage_code: str, starts_at: datetime) -> int:
    found = db.session.scalars(
        select(Session.id)
        .join(Stage)
        .where(
            Stage.festival_id == festival_id,
            Session.contest_id == contest_id,
            Stage.code == stage_code,
            Session.starts_at == from_local(starts_at),
        )
    ).first()
    if found is None:
        raise click.ClickException("Không có buổi thi như vậy. Xem: flask schedule show")
    return found


@schedule_cli.command("stage")
@click.argument("festival_code")
@click.argument("code")
@click.argument("name")
@BY
def stage(festival_code: str, code: str, name: str, by: str | None) -> None:
    """Thêm sân khấu hoặc sân thi."""
    with transaction():
        added = sessions.add_stage(festival_named(festival_code).id, code, name, acting_account(by)).name
    click.echo(f"Đã thêm {added} ({code}).")


@schedule_cli.command("rename-stage")
@click.argument("festival_code")
@click.argument("code")
@click.argument("name")
@BY
def rename_stage(festival_code: str, code: str, name: str, by: str | None) -> None:
    """Đổi tên sân khấu; mã giữ nguyên, bản đã công bố giữ tên cũ cho đến lần công bố sau."""
    with transaction():
        called = steps.rename_stage(festival_named(festival_code).id, code, name, acting_account(by)).name
    click.echo(f"Sân khấu {code} nay gọi là {called}.")


@schedule_cli.command("remove-stage")
@click.argument("festival_code")
@click.argument("code")
@YES
@BY
def remove_stage(festival_code: str, code: str, yes: bool, by: str | None) -> None:
    """Bỏ sân khấu cùng các buổi thi trên đó, khi chưa có tiết mục nào lên sân khấu ấy."""
    festival_id, acting = festival_and_account(festival_code, by)
    done = carried(
        festival_id, lambda: steps.remove_stage(festival_id, code, acting), yes, lambda removed: removed.told
    )
    click.echo(f"Đã bỏ sân khấu {done.name}. Lấy lại: flask schedule undo")


@schedule_cli.command("session")
@click.argument("festival_code")
@click.argument("contest_code")
@click.argument("stage_code")
@click.argument("starts_at", type=MOMENT)
@click.argument("ends_at", type=MOMENT)
@click.option("--label", default="", help="Tên buổi, ví dụ buổi sáng.")
@YES
@BY
def session(
    festival_code: str,
    contest_code: str,
    stage_code: str,
    starts_at: datetime,
    ends_at: datetime,
    label: str,
    yes: bool,
    by: str | None,
) -> None:
    """Thêm buổi thi của một phần thi tại sân khấu (giờ Việt Nam, ví dụ 2024-06-14T07:30)."""
    festival_id, acting = festival_and_account(festival_code, by)
    with reading():
        contest_id, where = contest_named(festival_code, contest_code).id, stage_named(festival_id, stage_code)
    times = from_local(starts_at), from_local(ends_at)
    carried(festival_id, lambda: sessions.add_session(where, contest_id, *times, label, acting), yes, steps.told_about)
    click.echo(f"Đã thêm buổi thi {contest_code} tại {stage_code}.")


@schedule_cli.command("change-session")
@click.argument("festival_code")
@click.argument("contest_code")
@click.argument("stage_code")
@click.argument("starts_at", type=MOMENT)
@click.option("--contest", help="Mã phần thi mới.")
@click.option("--stage", "to_stage", help="Mã sân khấu mới.")
@click.option("--from", "begins", type=MOMENT, help="Giờ bắt đầu mới.")
@click.option("--until", "ends", type=MOMENT, help="Giờ kết thúc mới.")
@click.option("--label", help="Tên buổi mới.")
@YES
@BY
def change_session(
    festival_code: str,
    contest_code: str,
    stage_code: str,
    starts_at: datetime,
    contest: str | None,
    to_stage: str | None,
    begins: datetime | None,
    ends: datetime | None,
    label: str | None,
    yes: bool,
    by: str | None,
) -> None:
    """Sửa hoặc dời một buổi thi (giờ bắt đầu như khi thêm); tiết mục đi theo buổi."""
    festival_id, acting = festival_and_account(festival_code, by)
    with reading():
        session_id = session_named(festival_id, contest_named(festival_code, contest_code).id, stage_code, starts_at)
        seen = steps.values_of(db.session.get_one(Session, session_id))
        to = steps.SessionValues(
            contest_named(festival_code, contest).id if contest else seen.contest_id,
            stage_named(festival_id, to_stage) if to_stage else seen.stage_id,
            from_local(begins) if begins else seen.starts_at,
            from_local(ends) if ends else seen.ends_at,
            seen.label if label is None else label,
        )
    carried(
        festival_id,
        lambda: steps.change_session(festival_id, session_id, to, acting, seen=seen),
        yes,
        lambda changed: changed.told,
    )
    click.echo("Đã sửa buổi thi.")


@schedule_cli.command("remove-session")
@click.argument("festival_code")
@click.argument("contest_code")
@click.argument("stage_code")
@click.argument("starts_at", type=MOMENT)
@YES
@BY
def remove_session(
    festival_code: str, contest_code: str, stage_code: str, starts_at: datetime, yes: bool, by: str | None
) -> None:
    """Bỏ một buổi thi chưa có tiết mục nào lên sân khấu (giờ bắt đầu như khi thêm)."""
    festival_id, acting = festival_and_account(festival_code, by)
    with reading():
        session_id = session_named(festival_id, contest_named(festival_code, contest_code).id, stage_code, starts_at)
    carried(festival_id, lambda: steps.remove_session(festival_id, session_id, acting), yes)
    click.echo(f"Đã bỏ buổi thi {contest_code} tại {stage_code} lúc {starts_at:%H:%M %d/%m/%Y}.")


@schedule_cli.command("discard-draft")
@click.argument("festival_code")
@YES
@BY
def discard_draft(festival_code: str, yes: bool, by: str | None) -> None:
    """Bỏ cả lịch đang xếp; sân khấu, buổi thi và bản đã công bố còn nguyên."""
    festival_id, acting = festival_and_account(festival_code, by)
    count = carried(festival_id, lambda: draft.discard(festival_id, acting), yes)
    click.echo(f"Đã bỏ lịch đang xếp ({count} tiết mục). Lấy lại: flask schedule restore-draft")


@schedule_cli.command("restore-draft")
@click.argument("festival_code")
@click.option("--published", is_flag=True, help="Về đúng bản đã công bố, cả các buổi thi.")
@click.option("--version", type=click.IntRange(min=1), help="Về đúng phiên bản đã công bố này, cũ hơn cũng được.")
@YES
@BY
def restore_draft(festival_code: str, published: bool, version: int | None, yes: bool, by: str | None) -> None:
    """Lấy lại lịch trước lần xếp hoặc lần bỏ gần nhất."""
    festival_id, acting = festival_and_account(festival_code, by)

    def back() -> int:
        if published or version:
            return draft.back_to_published(festival_id, acting, version)
        return draft.bring_back(festival_id, acting)

    count = carried(festival_id, back, yes)
    click.echo(f"Đã lấy lại {count} tiết mục.")
