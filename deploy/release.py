#!/usr/bin/env python3
"""How does a new release come to serve, and how does the one before come back?

    /opt/festival/releases/0.12.0-1a2b3c4d/   a release, whole: program, packages, packed static files
    /opt/festival/current                     a link to the one that serves; every unit goes through it
    /opt/festival/repository                  a clone, for `install REF`
    /opt/festival/switches.jsonl              which release took over from which, a line each time

What serves is never changed: a release is set up in a folder of its own, then one link is exchanged and the services are
started again. A release that does not come up gives way to the one before by itself. Python's standard library alone, as it
runs before anything is installed. docs/releases.md tells it all.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from release_place import SINGLE, Place, Stopped, alone, install, say

WEB, WORKER, SOCKET = "festival-web.service", "festival-worker.service", "festival-web.socket"
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]*")
ASKED_EVERY_S = 0.2
ONE_ANSWER_S = 5.0


def switch(place: Place, name: str) -> None:
    """Let an installed release serve; if it does not come up, the one before serves again."""
    known(place, name)
    place.instance()
    step = place.flask(name, "db", "current")
    if step.returncode:
        raise Stopped(f"Bản {name} không nhận cơ sở dữ liệu này, chưa đổi gì:\n{step.stderr.strip()}")
    before = place.current()
    if before == SINGLE and (place.root / ".env").is_file():
        raise Stopped(
            f"Chuyển các dòng của {place.root / '.env'} sang {place.env_file} rồi xóa tệp đó trước. Chưa đổi gì."
        )
    started = datetime.now(UTC).isoformat()
    if before != name:
        place.remember(before, name)
    up, answered = take_over(place, name)
    if up:
        say(f"Bản {name} đang phục vụ." + (f" Quay lại bản {before}: release.py rollback" if before else ""))
        return
    why = f"Bản {name} không phục vụ được sau {place.patience_s:.0f} giây (journalctl -u festival-web cho biết vì sao)."
    if before is None or before == name:
        raise Stopped(f"{why} Không tự quay lại được." + (" Quay lại: release.py rollback" if place.before() else ""))
    _give_way(place, name, before, why, None if answered else started)


def _give_way(place: Place, name: str, before: str, why: str, started: str | None) -> NoReturn:
    """Back by itself. With changed tables only if nobody can have written since: when nothing was answered at all."""
    if place.flask(before, "db", "current").returncode == 0:
        place.remember(name, before, back=True)
        back, _answered = take_over(place, before)
    elif started is not None and (copy := copy_for(place, before, since=started)) is not None:
        place.remember(name, before, back=True)
        back = put_back(place, before, copy)
    else:
        raise Stopped(
            f"{why}\nNó đã đổi bảng của cơ sở dữ liệu và có thể đã ghi thêm, nên không tự quay lại. Sửa rồi "
            f"release.py switch {name}; hoặc bỏ những gì ghi từ lúc đổi bản: release.py rollback --with-the-copy"
        )
    if not back:
        raise Stopped(f"{why}\nBản {before} cũng không lên: xem journalctl -u festival-web. Dữ liệu còn nguyên.")
    raise Stopped(f"{why}\nĐã quay lại bản {before}, đang phục vụ.")


def rollback(place: Place, *, with_the_copy: bool) -> None:
    """Let the release before serve again; tables that it does not know only give way to the copy made before they changed."""
    now, before = place.current(), place.before()
    if now is None or before is None:
        raise Stopped("Không có bản nào trước bản này để quay lại. Các bản đã cài: release.py list")
    known(place, before)
    place.instance()
    step = place.flask(before, "db", "current")
    if step.returncode == 0:
        place.remember(now, before, back=True)
        if not take_over(place, before)[0]:
            place.remember(before, now, back=True)
            again = "đã trở lại" if take_over(place, now)[0] else "bản cũ cũng không lên:"
            raise Stopped(f"Bản {before} không phục vụ được; {again} bản {now} (journalctl -u festival-web).")
        say(f"Bản {before} đang phục vụ. Đi tới lại: release.py switch {now}")
        return
    copy = copy_for(place, before)
    if copy is None:
        raise Stopped(
            f"Bản {before} không nhận cơ sở dữ liệu này và không còn bản sao nào hợp với nó, chưa đổi gì:\n{step.stderr.strip()}"
        )
    if not with_the_copy:
        raise Stopped(
            f"Bản {now} đã đổi bảng của cơ sở dữ liệu, bản {before} không hiểu. Chưa đổi gì.\n"
            f"Bản sao trước khi đổi: {copy['copy']} ({copy['at'][:19]} UTC). Quay lại với nó thì những gì ghi từ lúc đó chỉ "
            "còn trong cơ sở dữ liệu được cất bên cạnh (điện thoại ở cổng và máy chấm tự gửi lại phần của mình):\n"
            "  release.py rollback --with-the-copy"
        )
    place.remember(now, before, back=True)
    if not put_back(place, before, copy):
        place.remember(before, now, back=True)
        up = take_over(place, now)[0]
        raise Stopped(
            f"Không khôi phục được bản sao (lý do ở trên). Bản {now} {'đang phục vụ như trước' if up else 'không lên'}."
        )
    say(f"Bản {before} đang phục vụ, với dữ liệu của {copy['at'][:19]} UTC.")


def known(place: Place, name: str) -> None:
    """Stopped for what is no whole release."""
    if (name != SINGLE and not NAME.fullmatch(name)) or not place.whole(name):
        raise Stopped(f"Chưa cài bản “{name}”. Các bản đã cài: release.py list. Chưa đổi gì.")


def take_over(place: Place, name: str) -> tuple[bool, bool]:
    """Whether it serves now, and whether it answered anything. The socket stays open: who asks meanwhile waits a little."""
    place.services("stop", WORKER)  # it may not work on tables that are changed under it
    place.point(name)
    up, answered = wait_for(place, name) if place.services("restart", WEB) else (False, False)
    if up:
        place.services("start", WORKER)
    return up, answered


def put_back(place: Place, name: str, copy: dict[str, Any]) -> bool:
    """The copy in place of the database, which is kept beside it, and the release that understands it. Nothing answers meanwhile."""
    place.services("stop", SOCKET, WEB, WORKER)
    place.point(name)
    done = place.flask(name, "restore", copy["copy"], "--yes")
    say((done.stdout + done.stderr).strip())
    if done.returncode:
        if place.flask(name, "db", "current").returncode:
            return False  # refused before anything was touched
        say(
            f"CHÚ Ý: bản sao đã ở chỗ cũ, nhưng khác với sổ ghi ngay từ trước khi đổi bản (ở trên). Bản {name} vẫn phục vụ như khi ấy."
        )
    return take_over(place, name)[0]


def copy_for(place: Place, name: str, since: str = "") -> dict[str, Any] | None:
    """The last copy made before a change of tables that this release can read."""
    log = place.instance() / "upgrades.jsonl"
    steps = place.folder(name) / "migrations" / "versions"
    for line in reversed(log.read_text(encoding="utf-8").splitlines() if log.is_file() else []):
        made: dict[str, Any] = json.loads(line)
        if made["at"] >= since and any(steps.glob(f"{made['from']}_*.py")) and Path(made["copy"]).is_file():
            return made
    return None


def wait_for(place: Place, name: str) -> tuple[bool, bool]:
    """Whether `/readyz` says that this very release is fit, and whether anything was answered at all."""
    settings, answered = place.settings(), False
    host = settings.get("FESTIVAL_HOST", "127.0.0.1")
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    deadline = time.monotonic() + place.patience_s
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(asked, int(settings.get("FESTIVAL_PORT", "5000")), timeout=ONE_ANSWER_S)
        try:
            connection.request("GET", "/readyz", headers={"Connection": "close"})
            answer = connection.getresponse()
            answered = True
            told = json.loads(answer.read())
            # Releases that lay in the single folder did not say their name.
            if answer.status == 200 and (told.get("release", "") == ("" if name == SINGLE else name)):
                return True, True
        except (OSError, http.client.HTTPException, ValueError):
            pass
        finally:
            connection.close()
        time.sleep(ASKED_EVERY_S)
    return False, answered


def show(place: Place) -> None:
    """A line a release."""
    now, before = place.current(), place.before()
    names = [*place.installed(), *([SINGLE] if place.whole(SINGLE) else [])]
    for name in names:
        mark = "đang phục vụ" if name == now else "bản trước" if name == before else ""
        say(f"{name if name != SINGLE else f'. ({place.root})'}\t{mark}")
    if not names:
        say("Chưa cài bản nào: release.py install THƯ-MỤC hoặc THẺ")


def prune(place: Place, keep: int) -> None:
    """Throw away old releases; never the one that serves nor the one before it."""
    held = [name for name in (place.current(), place.before()) if name]
    others = [name for name in place.installed() if name not in held]
    kept = max(0, keep - len([name for name in held if name != SINGLE]))
    for name in others[kept:]:
        (place.folder(name) / "RELEASE").unlink()  # from now on it is half of one
        shutil.rmtree(place.folder(name))
        say(f"Đã xóa bản {name}.")
    whole = {place.folder(name) for name in place.installed()}
    for half in set(place.releases.glob("*")) - whole:
        shutil.rmtree(half)
        say(f"Đã xóa thư mục dở {half.name}.")


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="release.py", description="Cài, đổi và quay lại các bản của chương trình.")
    parser.add_argument("--root", type=Path, default=Path("/opt/festival"), help="thư mục của các bản (/opt/festival)")
    parser.add_argument("--env-file", type=Path, default=Path("/etc/festival.env"), help="thiết lập của dịch vụ")
    parser.add_argument("--user", default="festival", help="tài khoản của dịch vụ; rỗng: tài khoản đang dùng")
    parser.add_argument("--systemctl", default="systemctl", help="lệnh dừng và chạy dịch vụ")
    parser.add_argument("--patience", type=float, default=60.0, help="chờ bản mới bao nhiêu giây (60)")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("install", help="dựng một bản, chưa dùng").add_argument(
        "source", help="thư mục, hoặc thẻ/nhánh của kho"
    )
    verbs.add_parser("switch", help="dùng một bản đã cài; không lên thì tự quay lại").add_argument("name")
    back = verbs.add_parser("rollback", help="quay lại bản trước")
    back.add_argument("--with-the-copy", action="store_true", help="khôi phục bản sao trước khi đổi bảng")
    verbs.add_parser("list", help="các bản đã cài")
    verbs.add_parser("prune", help="xóa bản cũ").add_argument("--keep", type=int, default=3, help="giữ lại mấy bản (3)")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """0 when done, 1 when not; nothing half done stays."""
    asked = _asked(arguments)
    place = Place(asked.root.resolve(), asked.env_file, asked.user, asked.systemctl, asked.patience)
    try:
        if asked.verb == "list":
            show(place)
            return 0
        with alone(place.root):
            match asked.verb:
                case "install":
                    install(place, asked.source)
                case "switch":
                    switch(place, asked.name)
                case "rollback":
                    rollback(place, with_the_copy=asked.with_the_copy)
                case "prune":
                    prune(place, asked.keep)
    except (Stopped, OSError) as stopped:
        print(f"Lỗi: {stopped}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.umask(0o022)  # the service's account reads what root installs
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
