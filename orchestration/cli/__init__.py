"""The command line `partner-scoring`: what people and schedulers start. No work is done here.

Exit codes: 0 done; 1 a step failed; 2 wrong use; 3 checks forbid a release, the evidence a
proposal, or two things that should be equal are not; 4 another run holds the warehouse. Whatever
the code, readers are served a whole release or, before the first, none.
"""

import inspect

# The order of the modules is the order of the commands in --help.
from orchestration.cli import running as running  # isort: skip
from orchestration.cli import reading as reading  # isort: skip
from orchestration.cli import copies as copies  # isort: skip
from orchestration.cli import dashboard as dashboard  # isort: skip
from orchestration.cli import judging as judging  # isort: skip
from orchestration.cli import what_if as what_if  # isort: skip
from orchestration.cli import governance as governance  # isort: skip
from orchestration.cli import experiments as experiments  # isort: skip
from orchestration.cli.shared import app

for command in app.registered_commands:
    # Help is as wide as the terminal: its paragraphs are not broken where the code's lines are.
    paragraphs = inspect.cleandoc(getattr(command.callback, "__doc__", None) or "").split("\n\n")
    command.help = "\n\n".join(" ".join(each.split()) for each in paragraphs)

__all__ = ["app"]
