"""G1: the last four releases of a programme are made again from their manifests, through late data,
a newly approved version, an upgrade of code and a look back; what was tampered with is named."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.sample import generate
from orchestration.settings import PROJECT_DIR
from tests.python.pipeline.running import Programme

pytestmark = pytest.mark.slow


@dataclass
class Upgraded(Programme):
    """A programme that is run by a copy of the project, under git."""

    @property
    def project(self) -> Path:
        return self.folder / "project"

    def take(self) -> None:
        words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(words, cwd=PROJECT_DIR, check=True, capture_output=True, text=True)
        for name in listed.stdout.splitlines():
            if (PROJECT_DIR / name).is_file():
                (self.project / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT_DIR / name, self.project / name)
        self.git("init", "--quiet")
        self.commit("as it is")

    def git(self, *words: str) -> None:
        name = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
        subprocess.run(["git", *name, *words], cwd=self.project, check=True, capture_output=True)

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.project / path).read_text(encoding="utf-8")
        changed, count = re.subn(old, new, text, count=1, flags=re.MULTILINE)
        assert count == 1, path
        (self.project / path).write_text(changed, encoding="utf-8")

    def do(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """A command by the copy's code."""
        return self.command(*words, code=code, PYTHONPATH=str(self.project))

    def served(self) -> str:
        return os.readlink(self.warehouse / "releases" / "current")


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    """Four releases: the first, with late data, by newer policy and code, and a look back."""
    programme = Upgraded(tmp_path_factory.mktemp("reproduce"))
    programme.take()
    generate(programme.landing, partners=20, weeks=30)
    late = sorted((programme.landing / "crm" / "activities").iterdir())[3]
    kept = programme.folder / late.name
    shutil.move(late, kept)
    programme.do("run")
    first = programme.rows("select max(loaded_at) from landing.batches")[0][0]

    shutil.move(kept, late)
    programme.do("run")

    policy = "seeds/policy/"
    teams = "sales; marketing; operations; partner success"
    programme.edit(
        policy + "framework_versions.csv",
        r"^3,proposed,(.*),\d{4}-\d\d-\d\d,8,,,",
        rf"3,approved,\1,2026-04-06,8,{teams},2026-03-30,",
    )
    with (programme.project / policy / "decision_log.csv").open("a") as log:
        log.write(
            "Adopt framework version 3,2026-03-30,framework,3,all,partner-operations,For a test\n"
        )
    programme.do("run", code=3)  # approved, and not sealed
    programme.do("seal", "3")
    programme.edit("macros/scoring/stability.sql", r"pow\(0\.5, 1 /", "pow(0.4, 1 /")
    programme.commit("version 3 is approved, and an upgrade")
    programme.do("run")

    programme.do("run", "--known-at", first.isoformat())
    return programme


def test_four_releases_are_made_again(upgraded: Upgraded):
    served, working = upgraded.served(), state(upgraded.settings().working_database)
    hashes = {
        json.loads((folder / "manifest.json").read_text())["score_hash"]
        for folder in (upgraded.warehouse / "releases").iterdir()
        if folder.name != "current" and folder.is_dir()
    }
    assert len(hashes) == 4  # four times the same would prove little
    done = upgraded.do("reproduce", "--last", "4")
    told = re.findall(r"score hash \w{12} (\w+); (\d+) of (\d+) marts equal", done.stdout)
    assert len(told) == 4
    for scores, equal, total in told:
        assert scores == "equal" and equal == total and int(total) > 25
    assert done.stdout.count("commit ") == 2 and done.stdout.count("present code") == 2
    assert upgraded.served() == served
    assert state(upgraded.settings().working_database) == working
    trees = subprocess.run(["git", "worktree", "list"], cwd=upgraded.project, capture_output=True)
    assert len(trees.stdout.splitlines()) == 1
    assert not list(upgraded.settings().temp.glob("reproduce-*"))


def test_a_release_by_other_policy_than_it_says_differs(upgraded: Upgraded, tmp_path: Path):
    """The third release claims the commit before the approval."""
    copy = Upgraded(tmp_path / "copy")
    shutil.copytree(upgraded.folder, copy.folder, symlinks=True)
    folders = sorted(p for p in (copy.warehouse / "releases").iterdir() if re.match(r"\d", p.name))
    first, third = (folders[at] / "manifest.json" for at in (0, 2))
    run = json.loads(first.read_text())["run"]
    claimed = json.loads(third.read_text())
    claimed["run"] |= {key: run[key] for key in ("code_version", "code_digest")}
    rewrite(third, json.dumps(claimed))
    done = copy.do("reproduce", folders[2].name, code=3)
    assert "DIFFERENT" in done.stdout
    assert re.search(
        r"marts.partner_scorecards: 20 rows then, 20 now; \d+ differ, in ", done.stdout
    )


def test_a_tampered_archive_is_named(upgraded: Upgraded, tmp_path: Path):
    copy = Upgraded(tmp_path / "copy")
    shutil.copytree(upgraded.folder, copy.folder, symlinks=True)
    inputs = json.loads((copy.warehouse / "releases/current/manifest.json").read_text())["inputs"]
    chosen = next(each for each in inputs if each["entity"] == "finance.bookings")
    archived = copy.settings().archive / chosen["sha256"][:2] / chosen["sha256"]
    archived.chmod(0o600)
    archived.write_bytes(archived.read_bytes() + b"\n")
    done = copy.do("reproduce", code=1)
    assert chosen["path"] in done.stderr and "have been changed" in done.stderr


def state(path: Path) -> tuple[int, ...]:
    """What changes when somebody writes to a file, its mode and its owner included."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def rewrite(path: Path, text: str) -> None:
    """Change a file of a release, digests included."""
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.chmod(0o600)
    path.write_text(text)
    sums = path.parent / "SHA256SUMS"
    sums.chmod(0o600)
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    sums.write_text(sums.read_text().replace(before, after))
