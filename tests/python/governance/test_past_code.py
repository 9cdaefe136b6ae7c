"""The code of a release is had from git, or the answer says in words why not."""

import subprocess
from pathlib import Path

import pytest

from orchestration.governance import past_code
from orchestration.governance.past_code import CodeGone, code_of
from orchestration.versions import code_digest, commit


def git(project: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com", *words],
        cwd=project,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project below the top of its repository, with one commit."""
    project = tmp_path / "repository" / "below"
    (project / "models").mkdir(parents=True)
    (project / "models" / "one.sql").write_text("select 1")
    (project / "uv.lock").write_text("version = 1\n")
    git(project.parent, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "first")
    return project


def run_of(project: Path) -> dict[str, str]:
    return {"code_digest": code_digest(project), "code_version": commit(project)}


def test_the_present_code_is_used_where_it_is_that_of_then(project: Path, tmp_path: Path):
    run = {**run_of(project), "code_version": "no git"}
    with code_of(run, tmp_path, project) as code:
        assert code.project == project


def test_an_older_commit_is_checked_out_and_taken_away_again(project: Path, tmp_path: Path):
    run = run_of(project)
    (project / "models" / "one.sql").write_text("select 2")
    git(project, "commit", "--quiet", "-am", "second")
    with code_of(run, tmp_path, project) as code:
        assert (code.project / "models" / "one.sql").read_text() == "select 1"
        assert code_digest(code.project) == run["code_digest"]
        assert "present packages" in code.words
    assert not (tmp_path / "code").exists()
    listed = subprocess.run(["git", "worktree", "list"], cwd=project, capture_output=True)
    assert len(listed.stdout.splitlines()) == 1
    assert (project / "models" / "one.sql").read_text() == "select 2"


def test_other_packages_get_an_environment_of_their_own(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run = run_of(project)
    (project / "uv.lock").write_text("version = 2\n")
    git(project, "commit", "--quiet", "-am", "other packages")
    uv = project / ".uv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.write_text('#!/bin/sh\necho "$@" > asked\npwd >> asked\n')
    uv.chmod(0o755)
    with code_of(run, tmp_path, project) as code:
        assert code.python == code.project / ".venv" / "bin" / "python"
        asked, where = (code.project / "asked").read_text().splitlines()
        assert asked.startswith("sync --frozen") and Path(where) == code.project.resolve()
    uv.unlink()
    monkeypatch.setattr(past_code.shutil, "which", lambda _name: None)
    with pytest.raises(CodeGone, match="make environment"), code_of(run, tmp_path, project):
        pass
    assert not (tmp_path / "code").exists()


@pytest.mark.parametrize("version", ["no git", "0123abc+changes"])
def test_code_that_no_commit_holds_is_refused_in_words(project: Path, tmp_path: Path, version: str):
    run = {"code_digest": "of other files", "code_version": version}
    with pytest.raises(CodeGone, match="no commit holds"), code_of(run, tmp_path, project):
        pass


def test_a_commit_that_is_not_in_this_clone_is_named(project: Path, tmp_path: Path):
    run = {"code_digest": "of other files", "code_version": "0" * 40}
    with pytest.raises(CodeGone, match="cannot be checked out"), code_of(run, tmp_path, project):
        pass
