"""What the peers need: a virtual environment and a folder of Node packages, made once in a cache outside the tree."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = Path(__file__).parent / "peers" / "package.json"
SHARED = ("python-telegram-bot", "aiosqlite")  # of the product's own requirements


class NotThere(Exception):
    """A peer cannot be run here; the sentence says why."""


def cache_folder(chosen: str | None) -> Path:
    """The folder named by an option or by ATTACHE_BENCH_CACHE, else one in the system's folder for temporary files."""
    named = chosen or os.environ.get("ATTACHE_BENCH_CACHE")
    folder = Path(named) if named else Path(tempfile.gettempdir()) / f"attache-bench-{os.getuid()}"
    folder = folder.resolve()
    if folder.is_relative_to(ROOT):
        raise SystemExit(f"{folder} lies inside the project; name a folder outside of it with --cache.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True, slots=True)
class Tools:
    """How each kind of case is started; None with a reason in `missing` where it cannot be."""

    attache: str  # this interpreter
    peers: str | None
    node: str | None
    node_path: str
    missing: dict[str, str]


def prepare(cache: Path) -> Tools:
    """Install what is not there yet; what fails becomes a reason."""
    missing: dict[str, str] = {}
    found: dict[str, str | None] = {}
    for name, make in (("peers", _environment), ("node", _node)):
        try:
            found[name] = make(cache)
        except NotThere as why:
            found[name], missing[name] = None, str(why)
    return Tools(sys.executable, found["peers"], found["node"], str(cache / "node" / "node_modules"), missing)


def _wanted() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = [each for each in project["dependencies"] if each.startswith(SHARED)]
    return [*ours, *project["optional-dependencies"]["bench"]]


def _stale(folder: Path, wanted: bytes) -> tuple[bool, Path]:
    mark = folder / f"made-{hashlib.sha256(wanted).hexdigest()[:16]}"
    if mark.exists():
        return False, mark
    shutil.rmtree(folder, ignore_errors=True)
    return True, mark


def _environment(cache: Path) -> str:
    """Python with the peers' packages."""
    folder, wanted = cache / "python", _wanted()
    stale, mark = _stale(folder, repr((sys.version, wanted)).encode())
    python = folder / "bin" / "python"
    if stale:
        _run([sys.executable, "-m", "venv", str(folder)], "Python's venv is missing")
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
        _run(install, "the peers' packages could not be installed")
        mark.touch()
    return str(python)


def _node(cache: Path) -> str:
    """Node, with grammY beside it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotThere("Node or npm is not installed")
    folder = cache / "node"
    stale, mark = _stale(folder, PACKAGES.read_bytes() + _run([node, "--version"], "Node does not start"))
    if stale:
        folder.mkdir()
        shutil.copy(PACKAGES, folder)
        _run([npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder)], "npm could not install grammY")
        mark.touch()
    return node


def _run(command: list[str], sentence: str) -> bytes:
    try:
        return subprocess.run(command, check=True, capture_output=True, timeout=900).stdout
    except (OSError, subprocess.SubprocessError) as cause:
        told = (getattr(cause, "stderr", None) or b"").decode(errors="replace").strip().splitlines()
        raise NotThere(f"{sentence} ({told[-1] if told else type(cause).__name__})") from None
