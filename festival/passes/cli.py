"""`flask passes …`: the key and its fingerprint, one pass or all anew, another key."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from config import Config
from festival.core.database import db
from festival.core.pass_key.kept import fingerprint, in_force, shown
from festival.core.transaction import reading, transaction
from festival.core.web.errors import NotFound
from festival.editions.commands import FESTIVAL, festival_named
from festival.passes import queries, renewing, rotation, taking_back, tokens
from festival.passes.models import Pass
from festival.roster import delegations, families

passes_cli = AppGroup("passes", help="Thẻ và khóa thẻ.")
PRINT = "In lại: trang /office/passes/all (hoặc từng đoàn ở /office/passes)."
YES = click.option("--yes", is_flag=True, help="Không hỏi lại.")


@passes_cli.command("key")
def show_key() -> None:
    """In dấu khóa của cơ sở dữ liệu và của khóa ở máy này; mã thoát 1 khi khác nhau."""
    config: Config = current_app.config["FESTIVAL"]
    with db.engine.connect() as connection:
        current, coming = in_force(connection)
    held = config.pass_key_file or "FESTIVAL_PASS_KEY"
    click.echo(f"cơ sở dữ liệu\t{shown(current) if current else '-'}")
    click.echo(f"máy này\t{shown(fingerprint(config.pass_key))}\t{held}")
    if coming is not None:
        click.echo(f"đang đổi sang\t{shown(coming)}\tchạy tiếp: flask passes rotate-key")
    if current not in (None, fingerprint(config.pass_key)) or coming is not None:
        raise SystemExit(1)


@passes_cli.command("reissue")
@click.argument("code")
@click.option("--reason", default="mất thẻ", help="Lý do, ghi vào sổ.")
def reissue(code: str, reason: str) -> None:
    """Cấp lại thẻ của một gia đình hay một đoàn (theo mã); thẻ cũ hết hiệu lực. In mã gõ tay của thẻ mới."""
    with transaction():
        old = _pass_of(code)
        made = renewing.renew(queries.festival_of(old), [old], reason, None, new_link=False)[0]
        typed = tokens.typed_of(made)
    click.echo(f"{code}\tthẻ lần {made.issue}\t{typed}")


@passes_cli.command("take-back")
@click.argument("code")
@click.option("--reason", default="cấp lại nhầm", help="Lý do, ghi vào sổ.")
def take_back(code: str, reason: str) -> None:
    """Cấp lại nhầm: dùng lại thẻ đã thay của một gia đình hay một đoàn (theo mã); thẻ đang dùng hết hiệu lực."""
    with transaction():
        issued = _pass_of(code)
        back = taking_back.take_back(queries.festival_of(issued), issued, reason, None)
        if back is None:
            raise click.ClickException("Không có thẻ đã thay nào dùng lại được. Chưa đổi gì.")
        typed = tokens.typed_of(back)
    click.echo(f"{code}\tthẻ lần {back.issue}\t{typed}")


def _pass_of(code: str) -> Pass:
    """The valid pass of a family or a delegation."""
    try:
        found = queries.family_pass(families.family_by_code(code).id)
    except NotFound:
        try:
            found = queries.delegation_pass(delegations.delegation_by_code(code).id)
        except NotFound as missing:
            raise click.ClickException(
                f"Không có gia đình hay đoàn nào mang mã «{code}». Xem: flask registration list"
            ) from missing
    if found is None:
        raise click.ClickException("Chưa được duyệt nên chưa có thẻ để cấp lại.")
    return found


@passes_cli.command("reissue-all")
@FESTIVAL
@click.option("--reason", required=True, help="Lý do, ghi vào sổ và không gửi cho gia đình.")
@YES
def reissue_all(festival: str | None, reason: str, yes: bool) -> None:
    """Phát hành lại mọi thẻ của ngày hội bằng khóa đang dùng; thẻ cũ hết hiệu lực, gia đình có thư được báo."""
    with reading():
        found = festival_named(festival)
        until = renewing.latest(found.id)
        count = renewing.left(found.id, until)
    if not yes:
        click.confirm(
            f"{count} thẻ đã phát hành của {found.name} sẽ hết hiệu lực và phải in lại. Tiếp tục?", abort=True
        )
    done = renewing.renew_all(found, until, reason, None)
    click.echo(f"Đã phát hành lại {done} thẻ. {PRINT}")


@passes_cli.command("rotate-key")
@click.option("--lost", is_flag=True, help="Khóa cũ đã mất hẳn: làm mới tất cả mà không cần khóa cũ.")
@click.option("--back", is_flag=True, help="Quay lại khóa trước lần đổi gần nhất (giữ 30 ngày): thẻ cũ dùng lại được.")
@YES
def rotate_key(lost: bool, back: bool, yes: bool) -> None:
    """Đổi khóa thẻ: phát hành lại mọi thẻ và liên kết (dừng máy chủ trước). Bị ngắt giữa chừng thì chạy lại để làm tiếp."""
    with reading():
        passes, links = rotation.size()
    if rotation.begun():
        click.echo("Làm tiếp lần đổi khóa chưa xong.")
    elif not yes:
        what = "Quay lại khóa trước: thẻ in sau lần đổi khóa" if back else "Mọi thẻ đã in"
        click.confirm(
            f"{what} ({passes}) và liên kết ({links}) hết hiệu lực, phải in lại và gửi lại. Tiếp tục?", abort=True
        )
    done = rotation.rotate(lost=lost, back=back)
    click.echo(
        f"Đã làm mới {done.passes} thẻ và {done.links} liên kết. Khóa đang dùng: {done.key_file} (dấu khóa {done.fingerprint})."
    )
    if done.by_environment:
        click.echo(
            f"Bỏ biến FESTIVAL_PASS_KEY khỏi môi trường, hoặc đặt nó bằng nội dung tệp {done.key_file}; ở mọi máy."
        )
    if done.old_key is not None:
        click.echo(f"Khóa trước: {done.old_key}, giữ 30 ngày; quay lại: flask passes rotate-key --back")
    if done.second_factors:
        click.echo(
            f"Mã điện thoại (bước hai) và mã dự phòng không còn đúng: {', '.join(done.second_factors)}. Bỏ bước này cho từng "
            "người rồi để họ bật lại: flask admin no-second-factor TÊN"
        )
    click.echo(
        f"Thẻ trắng chưa ai nhận và thẻ niêm phong của giám khảo chưa dùng thì in lại. Sao lưu ngay cùng khóa mới: flask backup --sealed. {PRINT}"
    )
