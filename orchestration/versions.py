"""Which code and which policy a run uses: digests of the project's files, and the git commit.

A digest decides whether a run may add to what the last one built (same code) or must build anew,
and is written into the manifest of each release.
"""

import hashlib
import subprocess
from pathlib import Path

from orchestration.settings import PROJECT_DIR

# What decides the result of a build, apart from the data.
CODE = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "orchestration", "uv.lock")
POLICY = ("seeds/policy",)
SUFFIXES = {".sql", ".yml", ".csv", ".py", ".lock"}


def digest(names: tuple[str, ...], project: Path = PROJECT_DIR) -> str:
    """sha256 over path and content of the files below `names`, in the order of their paths."""
    total = hashlib.sha256()
    for name in names:
        root = project / name
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES:
                total.update(f"{path.relative_to(project)}\0".encode())
                total.update(path.read_bytes())
    return total.hexdigest()


def code_digest(project: Path = PROJECT_DIR) -> str:
    return digest(CODE, project)


def policy_digest(project: Path = PROJECT_DIR) -> str:
    """The framework hash: every policy table, byte by byte."""
    return digest(POLICY, project)


def commit(project: Path = PROJECT_DIR) -> str:
    """The git commit of the project, `+changes` when files differ from it, or "no git"."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=project, capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return git("rev-parse", "HEAD") + (
            "+changes" if git("status", "--porcelain", "--untracked-files=no") else ""
        )
    except (OSError, subprocess.CalledProcessError):
        return "no git"
