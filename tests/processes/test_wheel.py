"""The wheel, installed in an empty environment away from the checkout, plays a day."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.first
@pytest.mark.timeout(420)
def test_the_installed_wheel_plays_a_day_away_from_the_checkout(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT], check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "elsewhere"
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    install = [str(home / "venv/bin/pip"), "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ATTACHE_", "PYTHON"))}
    command = [str(home / "venv/bin/attache"), "demo", "--headless", "--learners", "2", "--days", "1"]
    played = subprocess.run(command, cwd=home, env=clean, capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "ssons sent" in played.stdout
