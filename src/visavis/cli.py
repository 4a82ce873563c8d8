"""`visavis`: the command line. Each command's module is imported when it is run: help is there at once."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

from visavis import __version__

if TYPE_CHECKING:
    from visavis.engines.pool import Wanted
    from visavis.settings import Settings
    from visavis.weights.store import WeightStore

COMMANDS: Final = {
    "avatar": ("visavis.face.commands:avatar", "Make avatars from portraits, list and remove them."),
    "doctor": ("visavis.server.commands:doctor", "Say what works here, and what a default start lacks."),
    "keys": ("visavis.server.access.commands:keys", "Make, list and remove API keys."),
    "knowledge": (
        "visavis.server.knowledge_commands:knowledge",
        "Add documents that personas answer from; search and remove them.",
    ),
    "models": ("visavis.weights.commands:models", "List, fetch and check the model weights."),
    "render": ("visavis.studio.commands:render", "Make a video of a portrait that speaks."),
    "serve": ("visavis.server.commands:serve", "Serve the pages and the protocols."),
    "verify": ("visavis.studio.commands:verify", "Read back who made a video, and whether it was changed."),
}
"""Where each command lives, and what it is for in a line."""


class LazyGroup(click.Group):
    """A group whose commands are known by name and purpose, and imported when one is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Imports that command; None when there is none."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup)
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """Face-to-face AI that you host yourself."""
    context.obj = engines_of


async def engines_of(
    settings: Settings, store: WeightStore
) -> tuple[list[Wanted], Callable[[list[Wanted]], tuple[str, ...]]]:
    """The engines that these settings ask for, and what tells the models that some of them need."""
    from visavis.engines.registry import Registry
    from visavis.server.plan import needed_models, plan

    return await plan(settings), lambda wanted: needed_models(wanted, Registry(), store.catalogue)
