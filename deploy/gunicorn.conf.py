"""How is the festival served? Two processes of eight threads; the numbers and the address come from FESTIVAL_*.

More processes do not help SQLite, where writers queue anyway; with PostgreSQL raise FESTIVAL_WORKERS with the cores.
"""

from __future__ import annotations

import gc
import os
import re
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers import gthread

# The release's own folder, not the link that led to it: that leads to another one tomorrow.
chdir = str(Path(__file__).resolve().parent.parent)
sys.path.insert(0, chdir)

from config import Config, ConfigError
from festival.operations.serve import begin

try:
    _config = Config.from_environment()
except ConfigError as error:
    raise SystemExit(f"Lỗi: {error}") from error
_SECRET_PATH = re.compile(r"/(g|enrol|sign-in|register|setup)/[^/?\s]+")
FIRST_GIVEN = 3  # by systemd; after the three streams
# A search is a name or a phone.
_ASKED = re.compile(r"\?\S*")


class MaskingLogger(Logger):  # type: ignore[misc]
    """Access lines without secrets: a family's link and a one-time link are keys, the log gets only the door."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """The fields of a line."""
        fields: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        fields["r"] = _ASKED.sub("?***", _SECRET_PATH.sub(r"/\1/***", str(fields["r"])))
        fields["f"] = "-"
        return fields

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Gunicorn repeats what it could not read, and that may be a name or a phone."""
        unread = str(msg).startswith("Invalid request")
        super().warning("Invalid request" if unread else msg, *([] if unread else args), **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """The kind and place of a surprise, never the address asked for nor the exception's own words."""
        _kind, error, place = sys.exc_info()
        name = type(error).__name__
        super().error("a request ended in %s", name, exc_info=(RuntimeError, RuntimeError(name), place))


# The application is loaded once and forked: a new worker answers at once, and they share memory. It opens no connection
# before it serves (tests/house/test_serving.py), so nothing is shared that must not be.
preload_app = True
umask = 0o077
bind = f"{_config.host}:{_config.port}"
workers = _config.workers
worker_class = "gthread"
threads = _config.threads
keepalive = 75  # phones keep their connection; longer than the proxy in front, so that the proxy closes first
timeout = 60
graceful_timeout = 20
# A worker that stops answers on kept connections for this long (gunicorn's own 2 s); who opens a new one waits meanwhile.
gthread.STOP_KEEPALIVE_LINGER = 0.5
backlog = 1024
# Heartbeats on a real disk block a worker when the disk is busy.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()
forwarded_allow_ips = "127.0.0.1"
proc_name = "festival"
logger_class = MaskingLogger
loglevel = "warning"
errorlog = "-"
accesslog = "-" if os.environ.get("ACCESS_LOG") == "yes" else None
access_log_format = '%(t)s "%(r)s" %(s)s %(B)s bytes %(M)s ms'


def post_fork(server: Any, worker: Any) -> None:
    """What was loaded before the fork lives as long as the process: the collector of cycles looks at what requests leave behind only.

    Without this its great rounds walk the whole program while all the threads of a worker wait.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def on_starting(server: Any) -> None:
    """Before anything listens, and before a service manager is told that all is well (festival/operations/serve.py)."""
    application = server.app.wsgi()
    if hasattr(application, "app_context"):
        _refuse_another_address()
        with application.app_context():
            begin(_config)


def _refuse_another_address() -> None:
    """A socket that systemd holds (deploy/festival-web.socket) has an address of its own; the settings must name the same."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return
    with socket.socket(fileno=os.dup(FIRST_GIVEN)) as given:
        host, port = given.getsockname()[:2]
    if (host, port) != (_config.host, _config.port):
        raise SystemExit(
            f"Lỗi: festival-web.socket mở {host}:{port}, còn FESTIVAL_HOST và FESTIVAL_PORT là {_config.host}:{_config.port}. "
            "Sửa cho giống nhau (systemctl edit festival-web.socket)."
        )
