"""The code that made a release: the present one, or a checkout of its commit with its environment.

Nothing of the project or of git's state is changed but a work tree in a folder that the caller
names, which is taken away again. What the code is used for is not known here.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT_DIR
from orchestration.versions import code_digest

LOCK = "uv.lock"


class CodeGone(RuntimeError):
    """The code of a release cannot be had; the message says why and what would help."""


@dataclass(frozen=True)
class Code:
    """A project folder, the Python that runs it, and words for people."""

    project: Path
    python: Path
    words: str


@contextmanager
def code_of(run: Mapping[str, Any], folder: Path, project: Path = PROJECT_DIR) -> Iterator[Code]:
    """The code that the part `run` of a manifest names. Raises CodeGone."""
    if run["code_digest"] == code_digest(project):
        yield Code(project, Path(sys.executable), "the present code, which is that of then")
        return
    commit = run["code_version"]
    if commit == "no git" or commit.endswith("+changes"):
        raise CodeGone(
            f"It was made by code that no commit holds ({commit}), and the present code is another "
            "one. Releases that are to be reproduced are made from a clean checkout; this one "
            "can be again once the project's files are what they were."
        )
    tree = folder / "code"
    try:
        below = _git(project, "rev-parse", "--show-prefix")
        _git(project, "worktree", "add", "--detach", "--quiet", str(tree), commit)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise CodeGone(
            f"Its commit {commit} cannot be checked out: {said.strip()}. Fetch it into this clone."
        ) from error
    try:
        then = tree / below if below else tree
        same = (then / LOCK).read_bytes() == (project / LOCK).read_bytes()
        python = Path(sys.executable) if same else _environment(then, project)
        packages = "the present packages" if same else "packages of its own lock file"
        yield Code(then, python, f"commit {commit[:12]} with {packages}")
    finally:
        _git(project, "worktree", "remove", "--force", str(tree))


def _environment(then: Path, project: Path) -> Path:
    """An environment of its own from its own lock file; gives its Python."""
    installed = project / ".uv" / "bin" / "uv"
    uv = str(installed) if installed.exists() else shutil.which("uv")
    if uv is None:
        raise CodeGone(
            "It was made with other packages (uv.lock differs), and there is no uv to install "
            "them. `make environment` installs uv."
        )
    done = subprocess.run(
        [uv, "sync", "--frozen", "--quiet", "--no-dev", "--python", sys.executable],
        cwd=then,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CodeGone(f"Its packages cannot be installed: {done.stderr.strip()}")
    return then / ".venv" / "bin" / "python"


def _git(project: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=project, capture_output=True, text=True, check=True)
    return done.stdout.strip()
