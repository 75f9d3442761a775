"""The wheel holds everything that the installed commands need, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("kind", ["*.py", "*.js", "*.css", "*.j2", "*.html", "*.svg", "*.json", "*.yaml", "py.typed"])
def test_every_file_of_the_package_is_in_the_wheel(names: set[str], kind: str) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "profile_widgets").rglob(kind)}
    assert files
    assert files <= names


def test_the_pages_notebook_is_in_the_wheel_where_the_installed_package_looks_for_it(names: set[str]) -> None:
    assert "profile_widgets/page/notebooks/user_profile.ipynb" in names


def test_the_license_is_in_the_wheel(names: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_nothing_but_the_package_is_in_the_wheel(names: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names} == {"profile_widgets"}
