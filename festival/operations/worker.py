"""What happens outside of requests? One `flask worker` sends letters and does the rooms' periodic work; others stand by."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from types import FrameType

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from festival.core.chores import Chore
from festival.core.database import db
from festival.core.pass_key import guard
from festival.core.post import outbox
from festival.core.post.faults import fault_words
from festival.core.pulse.pulses import PulseKind, beat
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import say
from festival.operations import certificate, drill
from festival.operations.electing import STANDBY_S, WorkerPlace

log = logging.getLogger(__name__)

# How `flask outbox run` ends when not everything has left.
WAITING = 3
REFUSED = 4
# `core/pulse/signs` calls it silent after four and a half of these.
PULSE_S = 20.0


def run(stop: threading.Event) -> None:
    """Work until told to stop."""
    chores: list[Chore] = [
        Chore("pulse", PULSE_S, pulse),
        Chore("certificate", certificate.ASKED_EVERY_S, certificate.look),
        Chore("drill", drill.LOOKED_EVERY_S, drill.drill_tonight, later=True),
        *current_app.extensions.get("chores", []),
    ]
    begun = time.monotonic()
    due = {chore.name: begun + chore.period_s if chore.later else 0.0 for chore in chores}
    place, was_mine = WorkerPlace(current_app.config["FESTIVAL"]), True
    try:
        while not stop.is_set():
            mine = place.held()
            if was_mine and not mine:
                log.warning("another worker is at work, or the database is away: standing by")
            was_mine = mine
            if not mine:
                stop.wait(STANDBY_S)
                continue
            for chore in chores:
                if time.monotonic() < due[chore.name]:
                    continue
                _do(chore)
                due[chore.name] = time.monotonic() + chore.period_s
                if not place.held():
                    break
            stop.wait(0.5)
    finally:
        place.leave()


def _do(chore: Chore) -> None:
    try:
        chore.work()
    except Exception as error:  # one broken chore must not silence the others
        log.error("chore %s failed: %s", chore.name, type(error).__name__)
    finally:
        db.session.remove()


def pulse() -> None:
    """Let everybody see that the worker lives."""
    with transaction():
        beat(PulseKind.WORKER)


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Gửi thư và làm việc định kỳ cho đến khi dừng; chờ sẵn khi một tiến trình nền khác đang làm."""
    stop = threading.Event()

    def _stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    guard.settle()
    run(stop)


outbox_cli = AppGroup("outbox", help="Hộp thư đi.")


@outbox_cli.command("list")
def list_letters() -> None:
    """In các thư chưa gửi được: số, trạng thái, số lần thử, lỗi, người nhận, tiêu đề; cách nhau bằng Tab."""
    with reading():
        for mail in outbox.unsent():
            why = say(fault_words(mail.error)) if mail.error else "-"
            cells = (mail.id, mail.state, mail.tries, why, mail.recipient, mail.subject)
            click.echo("\t".join(map(str, cells)))


@outbox_cli.command("again")
def try_again() -> None:
    """Cho gửi lại các thư đã thôi gửi."""
    with transaction():
        letters = outbox.try_again()
    click.echo(f"{letters} thư chờ gửi lại.")


@outbox_cli.command("run")
def run_outbox() -> None:
    """Gửi hết thư đến hạn rồi dừng; mã thoát 0: không còn thư nào, 3: còn thư chờ, 4: có thư không đến được người nhận."""
    sent = 0
    while batch := outbox.drain():
        sent += batch
    with reading():
        left, stuck = outbox.left(), outbox.trouble()
    click.echo(f"Đã gửi {sent} thư.")
    if left.waiting:
        click.echo(f"Còn {left.waiting} thư chờ gửi.")
        if stuck and stuck.error:
            click.echo(say(stuck.why))
    if left.failed:
        click.echo(f"{left.failed} thư không đến được người nhận; xem flask outbox list, sửa địa chỉ rồi gửi lại.")
    if left.failed or left.waiting:
        sys.exit(REFUSED if left.failed else WAITING)
