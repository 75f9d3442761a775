"""What holds for the repository as a whole: style that no linter knows, notebooks, links, the version, the map."""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "profile_widgets"
GENERATED = {"__pycache__", "node_modules", "dist", "build", "htmlcov"}
MODULE_LINES, FUNCTION_LINES = 400, 40


@cache
def files() -> tuple[Path, ...]:
    """Return the files of the repository, as git sees them; in a copy without git, all but what is made by tools."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        found = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if _is_ours(path.relative_to(ROOT).parts)]
    return tuple(path for path in found if path.is_file())


def _is_ours(parts: tuple[str, ...]) -> bool:
    return not any(part in GENERATED or (part.startswith(".") and part not in (".ci", ".gitignore")) for part in parts)


@cache
def text_of(path: Path) -> str:
    """Return a text file's content, nothing for a picture."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def modules() -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.is_relative_to(PACKAGE)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# -- code --------------------------------------------------------------------------------------------------------


def test_every_module_stays_under_400_lines() -> None:
    long = {name_of(path): len(text_of(path).splitlines()) for path in modules()}
    assert not {name: lines for name, lines in long.items() if lines >= MODULE_LINES}


def test_every_function_stays_under_40_lines() -> None:
    long = {}
    for path in modules():
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines >= FUNCTION_LINES:
                    long[f"{name_of(path)}:{node.name}"] = lines
    assert not long


def test_every_module_says_what_it_is_for_in_its_first_line() -> None:
    mute = [name_of(path) for path in modules() if not ast.get_docstring(ast.parse(text_of(path)))]
    assert not mute


def test_no_module_is_named_for_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
    assert not [name_of(path) for path in modules() if path.stem in vague or path.parent.name in vague]


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|# type: " + "ignore$", re.MULTILINE)
    kinds = {".py", ".js", ".mjs", ".css", ".j2", ".html", ".md", ".toml", ""}
    left = [name_of(path) for path in files() if path.suffix in kinds and marks.search(text_of(path))]
    assert not left


def test_no_file_of_the_package_names_a_content_delivery_network() -> None:
    hosts = re.compile(r"cdn\.|cdnjs|jsdelivr|unpkg|googleapis|esm\.sh|skypack", re.IGNORECASE)
    assert not [name_of(path) for path in files() if path.is_relative_to(PACKAGE) and hosts.search(text_of(path))]


# -- what must not be in a file ------------------------------------------------------------------------------------


def test_no_file_names_a_path_of_one_machine() -> None:
    places = re.compile(r"(?<![\w.])/(work|farm|root|Users|home/[a-z]\w*)/[\w.]")
    assert not [f"{name_of(path)}: {found[0]}" for path in files() if (found := places.search(text_of(path)))]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    hosts = ("py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js", "deb.debian" + ".org")
    assert not [name_of(path) for path in files() if any(host in text_of(path) for host in hosts)]


def test_no_file_holds_an_access_key() -> None:
    key = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b")
    allowed = ("EXAMPLE",)  # AWS's own documentation marks its made-up keys so
    for path in files():
        for found in key.finditer(text_of(path)):
            assert any(mark in found[0] for mark in allowed), name_of(path)


# -- notebooks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(notebook: Path) -> None:
    read = nbformat.read(notebook, as_version=4)
    nbformat.validate(read)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in read.cells)
    assert "widgets" not in read.metadata


# -- version, scripts, words ---------------------------------------------------------------------------------------


def test_the_version_is_written_in_one_place() -> None:
    version = re.search(r'^version = "([^"]+)"', text_of(ROOT / "pyproject.toml"), re.MULTILINE)
    assert version
    elsewhere = re.compile(rf"(?<![\d.=<>~]){re.escape(version[1])}(?![\d.])")
    tellers = [path for path in modules() if "version" in text_of(path) and elsewhere.search(text_of(path))]
    assert not [name_of(path) for path in tellers]
    import profile_widgets

    assert profile_widgets.__version__ == version[1]


@pytest.mark.parametrize("script", [*sorted((ROOT / "scripts").iterdir()), ROOT / ".ci" / "run"], ids=name_of)
def test_a_script_can_be_run_and_says_what_it_does(script: Path) -> None:
    first, second = text_of(script).splitlines()[:2]
    assert first.startswith("#!")
    assert second.startswith(("# ", '"""'))
    assert script.stat().st_mode & stat.S_IXUSR


def test_ci_runs_the_command_of_the_readme_unchanged() -> None:
    assert "./scripts/test" in text_of(ROOT / "README.md")
    assert "./scripts/test" in text_of(ROOT / ".ci" / "run")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"])
def test_what_a_page_links_to_is_there(page: str) -> None:
    text = text_of(ROOT / page)
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) + re.findall(r'src="([^"]+)"', text)
    missing = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_what_a_page_of_the_documentation_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text_of(page))
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_what_the_security_page_names_is_there() -> None:
    named = re.findall(r"`(?:\./)?((?:tests|scripts)/[\w./]+)`", text_of(ROOT / "SECURITY.md"))
    assert len(named) > 5
    assert not [path for path in named if not (ROOT / path).exists()]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_scripts_that_a_page_names_exist(page: str) -> None:
    named = set(re.findall(r"\./(scripts/[a-z]+)", text_of(ROOT / page)))
    assert named
    assert not [name for name in named if not os.access(ROOT / name, os.X_OK)]


def test_the_commands_that_the_readme_names_exist() -> None:
    from profile_widgets.cli import build_parser

    known = build_parser().format_help()
    pages = [text_of(page) for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    named = set(re.findall(r"^(?:\$ |\S*/)?profile-widgets ([a-z]+)", "\n".join(pages), re.MULTILINE))
    assert named
    assert not [command for command in named if f"  {command} " not in known]


def test_the_map_of_the_code_names_every_room_and_no_other() -> None:
    """CONTRIBUTING's table "Where does my change go?" stays true to the tree."""
    text = text_of(ROOT / "CONTRIBUTING.md")
    named = set(re.findall(r"`profile_widgets/([a-z_]+)(?:/|\.py)", text))
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    rooms |= {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")}
    assert rooms == named
    for path in re.findall(r"`(profile_widgets/[\w/.]+)`", text):
        assert (ROOT / path).exists(), path


def test_importing_the_package_is_cheap_and_starts_nothing() -> None:
    heavy = ("anywidget", "boto3", "botocore", "ipywidgets", "moto", "regex", "voila", "yaml")
    program = (
        "import sys, threading, profile_widgets\n"
        f"print(sorted({set(heavy)!r} & set(sys.modules)), threading.active_count())"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == "[] 1\n"
