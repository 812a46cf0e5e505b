"""The group `flask judging` stands below both rooms' cli: `lock` computes standings, so it is a command of `results`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

judging_cli = AppGroup("judging", help="Chấm điểm: ai chưa chấm, ghi kết quả, khóa điểm.")

YES = click.option("--yes", is_flag=True, help="Không hỏi lại trước khi kết quả hiện ra công khai.")
