"""`flask backup` and `flask restore`: what is said and asked at the terminal."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect

from config import Config
from festival.core import erasure
from festival.core.clock import now
from festival.core.database import db
from festival.core.files.copied import folder_beside
from festival.core.pass_key.kept import fingerprint, in_force, shown
from festival.core.pulse.pulses import Pulse, PulseKind, beat
from festival.core.seal import checks as seals
from festival.core.security_log import SecurityKind, SecurityNote, note
from festival.core.transaction import transaction
from festival.operations.backup import back_up, default_target
from festival.operations.copies import BackupError
from festival.operations.drill import drill_now, drill_of
from festival.operations.migrations import up_to_date
from festival.operations.restore import Restored, Waived, restore
from festival.operations.sealed.passphrase import known_passphrase, new_passphrase, passphrase_option
from festival.operations.sealed.sealing import is_sealed
from festival.operations.sealed.whole_copy import back_up_whole


@click.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--sealed", is_flag=True, help="Một tệp gồm cả cơ sở dữ liệu và khóa, mã hóa bằng cụm mật khẩu.")
@passphrase_option
@with_appcontext
def backup_command(target: Path | None, sealed: bool, passphrase_file: Path | None) -> None:
    """Sao lưu cơ sở dữ liệu ra một tệp đã kiểm tra, kể cả khi máy chủ đang chạy."""
    config: Config = current_app.config["FESTIVAL"]
    chosen = target or default_target(config, now(), sealed=sealed)
    try:
        if sealed:
            done = back_up_whole(config, chosen, new_passphrase(passphrase_file))
        elif passphrase_file is not None:
            raise click.UsageError("--passphrase-file chỉ dùng cùng --sealed.")
        else:
            done = back_up(config, chosen)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    # An early release has no such tables yet; the copy before its upgrade is made all the same.
    tables = inspect(db.engine).get_table_names()
    if SecurityNote.__tablename__ in tables:
        with transaction():
            note(SecurityKind.BACKUP, {"what": done.path.name, "sealed": sealed})
            if Pulse.__tablename__ in tables:
                beat(PulseKind.BACKUP, {"bytes": done.size_bytes})
    click.echo(f"Đã sao lưu {done.path} ({done.size_bytes} byte; đã kiểm tra {done.streams} sổ, {done.lines} dòng).")
    if done.files and not sealed:
        click.echo(f"Nhạc nền và ảnh ({done.files} tệp) ở thư mục {folder_beside(chosen)}; cất cùng bản sao.")
    click.echo("\n".join(_keep_with_it(config, sealed=sealed)))


def _keep_with_it(config: Config, *, sealed: bool) -> list[str]:
    """What the one who carries the copy away must know."""
    mark = shown(fingerprint(config.pass_key))
    if sealed:
        return [
            f"Trong tệp có cả khóa thẻ (dấu khóa {mark}); chỉ mở được bằng cụm mật khẩu.",
            "Cất tệp ngoài máy này, cụm mật khẩu cất nơi khác. Mất cụm mật khẩu thì không ai mở được tệp.",
        ]
    with db.engine.connect() as connection:
        current, _coming = in_force(connection)
    held = f"tệp {config.pass_key_file}" if config.pass_key_file else "giá trị của biến FESTIVAL_PASS_KEY"
    lines = [
        f"Cần cất kèm, ở một nơi khác: {held} (dấu khóa {mark}). Thiếu khóa này thì mọi thẻ và liên kết đã in vô dụng.",
        "Hoặc làm một tệp có cả hai, mã hóa bằng cụm mật khẩu: flask backup --sealed",
    ]
    if current is not None and current != fingerprint(config.pass_key):
        lines[0] = (
            f"CHÚ Ý: khóa ở đây ({held}, dấu khóa {mark}) không phải khóa của dữ liệu này, nên bản sao không có dấu kiểm; "
            f"khi khôi phục cần --without-digest. Cần cất kèm khóa có dấu {shown(current)}."
        )
    return lines


@click.command("drill")
@click.argument("source", required=False, type=click.Path(path_type=Path, dir_okay=False))
@passphrase_option
@with_appcontext
def drill_command(source: Path | None, passphrase_file: Path | None) -> None:
    """Thử khôi phục bản sao mới nhất (hoặc bản được nêu) vào một chỗ tạm rồi bỏ; dữ liệu đang dùng không bị động đến."""
    try:
        if source is None and passphrase_file is not None:
            raise click.UsageError("--passphrase-file chỉ dùng cùng tên một bản sao mã hóa.")
        if source is None:
            done = drill_now()
        else:
            sealed = source.is_file() and is_sealed(source)
            done = drill_of(source, known_passphrase(passphrase_file) if sealed else None)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Khôi phục được {done.name}: {done.streams} sổ, {done.lines} dòng, khớp với sổ đang dùng.")
    if done.sealed:
        click.echo(f"Mở và khôi phục được cả bản sao mã hóa {done.sealed}.")


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Máy chủ đã dừng, không hỏi lại.")
@click.option(
    "--without-digest", is_flag=True, help="Bản sao của phiên bản cũ, chưa có dấu kiểm: không đối chiếu dấu kiểm."
)
@click.option("--without-files", is_flag=True, help="Tệp nhạc và ảnh của bản sao đã mất: khôi phục không có chúng.")
@passphrase_option
@with_appcontext
def restore_command(
    source: Path, yes: bool, without_digest: bool, without_files: bool, passphrase_file: Path | None
) -> None:
    """Khôi phục từ bản sao (dừng máy chủ trước); cơ sở dữ liệu hiện có được giữ lại bên cạnh."""
    config: Config = current_app.config["FESTIVAL"]
    if not yes:
        click.confirm("Máy chủ đã dừng và cơ sở dữ liệu hiện tại sẽ được thay bằng bản sao?", abort=True)
    try:
        passphrase = known_passphrase(passphrase_file) if source.is_file() and is_sealed(source) else None
        done: Restored = restore(config, source, passphrase, Waived(without_digest, without_files))
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    db.session.remove()
    # A copy of an older release is brought up first (`flask db upgrade`, the start of the server), then erased and compared.
    ready = up_to_date()
    # What was erased since this copy was made may not come back with it, not for one request.
    again = erasure.replay() if ready else 0
    if again:
        click.echo(f"Đã xóa lại dữ liệu của {again} ngày hội (đã xóa trước đây, bản sao này còn giữ).")
    if inspect(db.engine).has_table(SecurityNote.__tablename__):  # a copy of an early release has no such log yet
        with transaction():
            said = {"without_digest": without_digest, "without_files": without_files}
            note(SecurityKind.RESTORE, {"what": source.name} | {word: True for word, given in said.items() if given})
    click.echo(f"Đã khôi phục từ {source}." + (f" Cơ sở dữ liệu trước đó: {done.kept}" if done.kept else ""))
    if done.key_placed is not None:
        click.echo(f"Khóa thẻ (dấu khóa {done.fingerprint}) đã đặt vào {done.key_placed}.")
    if done.key_kept is not None:
        click.echo(f"Khóa thẻ trước đó: {done.key_kept} (giữ 30 ngày).")
    if ready:
        _hold_against_the_ledger()
    else:
        click.echo(
            "Bản sao của phiên bản cũ: máy chủ nâng cấp khi khởi động. Trước đó, để đối chiếu bảng với sổ, chạy "
            "flask db upgrade, rồi flask ledger verify."
        )


def _hold_against_the_ledger() -> None:
    """Before anybody is served from it: a copy may have been taken after somebody changed the tables.

    The chain of the copy was verified already.
    """
    db.session.remove()
    report = seals.check_now(seals.CheckCause.RESTORE)
    if report.clean:
        click.echo(f"Đã đối chiếu {report.counts.rows} dòng của các bảng với sổ: khớp.")
        return
    for said in seals.worded_of(report):
        click.echo(f"  {said}")
    raise click.ClickException(
        "Bản sao này có chỗ trong bảng khác với sổ. CHƯA mở máy chủ: khôi phục một bản sao cũ hơn còn khớp, "
        "hoặc xem docs/judging.md, mục «Khi sổ và bảng khác nhau»."
    )
