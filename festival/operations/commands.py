"""How does `flask …` start quickly and speak Vietnamese?"""

from __future__ import annotations

import gettext
import os
from importlib import import_module
from typing import Any

import click

from config import ROOT
from festival.core.text import clean, unstorable
from festival.operations.telling import told


class RoomCommand(click.Command):
    """A name in `flask --help`; the command itself, `where` as "module:attribute", is imported when called.

    `also` is a module of a higher room, or several, that add commands to the group.
    """

    def __init__(self, name: str, where: str, short_help: str, *, also: str | tuple[str, ...] = ()) -> None:
        super().__init__(name, short_help=short_help)
        self.where, self.also = where, (also,) if isinstance(also, str) else also

    def load(self) -> click.Command:
        """The real command or group."""
        module, _, attribute = self.where.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        for each in self.also:
            import_module(each)
        _read_cleanly(command)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The real command's context, in which everything that goes wrong is told in words."""
        context = self.load().make_context(info_name, args, parent, **extra)
        context.with_resource(told())
        return context


class _TypedText(click.types.StringParamType):
    """What is typed at a terminal, cleaned like what is typed into a form."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(super().convert(value, param, ctx))
        if unstorable(text):  # bytes that are no UTF-8 arrive as halves of surrogate pairs
            self.fail("có ký tự không đọc được; cần mã hóa UTF-8.", param, ctx)
        return clean(text)


_TEXT = _TypedText()


def _read_cleanly(command: click.Command) -> None:
    """Give every plain text of a command to `_TypedText`; a password stays as it was typed, a number is the database's to refuse."""
    for param in command.params:
        if param.type is click.STRING and "password" not in (param.name or ""):
            param.type = _TEXT
    for inner in getattr(command, "commands", {}).values():
        _read_cleanly(inner)


def speak_vietnamese() -> None:
    """Let click say "Usage" and "No such option" in our catalogue's words; LANGUAGE=en in the environment undoes it."""
    os.environ.setdefault("LANGUAGE", "vi")
    gettext.bindtextdomain("messages", str(ROOT / "festival" / "translations"))
