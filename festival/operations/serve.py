"""What does `make run` start, and how does it stop?

First the database is brought up to date (with a backup before any change); the demo's own (FESTIVAL_DEMO=yes) is filled
when it is empty, another never is. Then one gunicorn and one `flask worker` run until Ctrl-C, SIGTERM, or until one of
them ends. Both are children of this process and are stopped by their ids.
"""

from __future__ import annotations

import contextvars
import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from ipaddress import ip_address
from multiprocessing.process import BaseProcess
from types import FrameType

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext
from gunicorn.app import wsgiapp
from sqlalchemy import text

from config import ROOT, Config
from festival.core import erasure
from festival.core.clock import today
from festival.core.database import db
from festival.core.pass_key import guard
from festival.core.pulse.signs import Level
from festival.core.pulse.watching import signs_of_machines
from festival.core.transaction import reading
from festival.core.web.errors import Refusal
from festival.operations.migrations import up_to_date

log = logging.getLogger(__name__)

GRACE_S = 25
POLL_S = 0.2


@click.command("serve")
@click.option(
    "--no-demo", is_flag=True, help="Không dựng ngày hội mẫu, cả trong chỗ của dữ liệu mẫu (FESTIVAL_DEMO=yes)."
)
@with_appcontext
def serve_command(no_demo: bool) -> None:
    """Chạy máy chủ và việc định kỳ cho đến khi nhấn Ctrl-C."""
    config: Config = current_app.config["FESTIVAL"]
    _refuse_taken_port(config)
    prepare(demo=config.demo and not no_demo)
    guard.settle()
    refuse_open_demo(config)
    welcome = _welcome(config)
    db.session.remove()
    db.engine.dispose()
    raise SystemExit(_run_both(config, welcome))


def prepare(*, demo: bool) -> None:
    """Bring the database up to date; fill an empty one with the demo festival if wanted, renew one whose days are over."""
    bring_up()
    erasure.replay()  # the database may be an older copy that somebody put there by hand
    with db.engine.connect() as connection:
        # Somebody who has made an account or a festival by hand did not ask for a demo.
        empty = not connection.execute(
            text("SELECT 1 FROM festival UNION ALL SELECT 1 FROM user_account LIMIT 1")
        ).first()
    if empty and demo:
        click.echo("Cơ sở dữ liệu mới: đang dựng ngày hội mẫu …")
        _flask("demo", "--quiet")
    elif demo:
        _offer_today()


def bring_up() -> None:
    """The tables become those of this release, after a copy of them; a database of a later release is refused in words."""
    if not up_to_date():
        db.engine.dispose()
        _flask("db", "upgrade")


def _offer_today() -> None:
    """A demo shows a festival that is on; when its days are over it can be built again for today."""
    with db.engine.connect() as connection:
        held = connection.execute(
            text("SELECT max(ends_on), min(CASE WHEN demo THEN 1 ELSE 0 END) FROM festival")
        ).one()
    db.engine.dispose()
    ended, only_demo = str(held[0] or ""), held[1] == 1
    if not only_demo or not ended or ended >= today().isoformat():
        return
    click.echo(f"Ngày hội mẫu này đã qua ({ended}).")
    if sys.stdin.isatty() and click.confirm(
        "Dựng lại cho hôm nay? Những gì đã thử trong dữ liệu mẫu sẽ mất", default=True
    ):
        _flask("demo", "--anew", "--quiet")
    else:
        click.echo("Dựng lại cho hôm nay: make demo")


def _flask(*arguments: str) -> None:
    """One of our own commands in its own process, whose database connections end with it."""
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "app", *arguments], cwd=ROOT, check=False)  # noqa: S603
    if done.returncode:
        raise click.ClickException(f"flask {' '.join(arguments)} không chạy được.")


def _refuse_taken_port(config: Config) -> None:
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise click.ClickException(
                f"Cổng {config.port} của {config.host} đang có chương trình khác dùng. Chọn cổng khác: make run PORT=5001"
            ) from error


def begin(config: Config) -> None:
    """Asked by gunicorn before it listens, however it was started: nothing is answered that should not be.

    The database is of this release, a demo is not open to the network, the pass key is its own, and what was erased is not
    in it again. SystemExit with one sentence.
    """
    try:
        bring_up()
        refuse_open_demo(config)
        guard.settle()
    except click.ClickException as refused:
        raise SystemExit(f"Lỗi: {refused.message}") from refused
    except Refusal as refused:
        raise SystemExit(f"Lỗi: {refused.message}") from refused
    erase_again()
    warn_of_few_connections()
    db.engine.dispose()


def erase_again() -> None:
    """What was erased is not served, whatever copy lies there."""
    erasure.replay()
    db.session.remove()
    db.engine.dispose()


def warn_of_few_connections() -> None:
    """Asked by gunicorn before its first worker: whether PostgreSQL gives what all machines together may need."""
    with reading():
        signs = signs_of_machines()
    for sign in signs:
        if sign.level is not Level.GOOD:
            log.warning("%s", " ".join(str(said) for said in (sign.words, sign.todo) if said))


def refuse_open_demo(config: Config) -> None:
    """Everybody knows the passwords of the demo accounts, so they are served on this machine only, unless told so."""
    if ip_address(config.host).is_loopback or config.demo_on_any_address:
        return
    with db.engine.connect() as connection:
        demo = connection.execute(text("SELECT count(*) FROM festival WHERE demo")).scalar_one()
    db.engine.dispose()
    if demo:
        raise click.ClickException(
            "Đây là cơ sở dữ liệu mẫu, mật khẩu ai cũng biết: chỉ mở trên máy này (127.0.0.1). "
            "Nếu vẫn muốn mở ra mạng, đặt FESTIVAL_DEMO_ON_ANY_ADDRESS=yes."
        )


def _welcome(config: Config) -> str:
    """Where to look, and who can sign in; the demo room adds its accounts."""
    lines = [f"Ngày hội đang chạy tại http://{config.host}:{config.port}", *_first_steps(config)]
    add_lines = current_app.extensions.get("welcome_lines")
    if add_lines is not None:
        lines += add_lines(f"http://{config.host}:{config.port}")
    return "\n".join([*lines, "", "Dừng: Ctrl-C"])


def _first_steps(config: Config) -> list[str]:
    """What a database of a real festival wants before anybody can work: nothing is made up in it."""
    if config.demo:
        return []
    with db.engine.connect() as connection:
        festivals, demos = connection.execute(
            text("SELECT count(*), coalesce(sum(CASE WHEN demo THEN 1 ELSE 0 END), 0) FROM festival")
        ).one()
    lines = []
    with reading():
        link = current_app.extensions["first_link"]()
    if link:
        lines.append("Chưa có Ban Tổ chức. Mở liên kết này một lần để tạo tài khoản đầu tiên, rồi lập ngày hội:")
        lines.append(f"  {link}")
    elif not festivals:
        lines.append("Chưa có ngày hội: Ban Tổ chức đăng nhập rồi lập ở trang Tổng quan.")
    if festivals and festivals == demos:
        lines.append("Đây là dữ liệu mẫu của bản trước. Dời nó sang chỗ của dữ liệu mẫu: flask demo set-aside")
    return lines


def _run_both(config: Config, welcome: str) -> int:
    environment = {**os.environ, "FESTIVAL_HOST": config.host, "FESTIVAL_PORT": str(config.port)}
    stopping = False

    def _stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    # Forked, so that what this process has imported is there at once; sessions of their own, so that Ctrl-C reaches only
    # this process, which then stops each of them once and in order.
    children = [_forked(_web, environment), _forked(_worker, environment)]
    try:
        if _answers(config, children[0]):
            click.echo(welcome)
        while not stopping and all(child.is_alive() for child in children):
            time.sleep(POLL_S)
    finally:
        _stop_children(children)
    if stopping:
        click.echo("Đã dừng.")
        return 0
    return 1


def _forked(work: Callable[[], None], environment: dict[str, str]) -> BaseProcess:
    def run() -> None:
        os.setsid()
        os.environ.update(environment)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        # Without the command's own application context: requests and chores open theirs.
        contextvars.Context().run(work)

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    return child


def _web() -> None:
    sys.argv = ["gunicorn", "-c", str(ROOT / "deploy" / "gunicorn.conf.py"), "app:app"]
    wsgiapp.run()


def _worker() -> None:
    sys.argv = ["flask", "worker"]
    FlaskGroup().main(args=["--app", "app", "worker"], prog_name="flask")


def _answers(config: Config, web: BaseProcess) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and web.is_alive():
        try:
            with socket.create_connection((config.host, config.port), timeout=1):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def _stop_children(children: list[BaseProcess]) -> None:
    for child in children:
        if child.is_alive():
            child.terminate()
    deadline = time.monotonic() + GRACE_S
    for child in children:
        child.join(max(0.1, deadline - time.monotonic()))
        if child.is_alive():
            child.kill()
            child.join()
