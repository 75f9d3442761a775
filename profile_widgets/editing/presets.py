"""Presets: request files in a folder, to start from.

A preset is a request as ``profile-widgets check`` and the AWS CLI's ``--cli-input-yaml`` take it, in YAML or JSON. The
first line of its comment is its title, and what follows of the comment explains it. A file without a comment, as every
one in JSON, is called by its name.

Example (``team/big-notebook.yaml``)::

    # Big notebook
    # JupyterLab with 32 GiB of memory.
    UserSettings:
      JupyterLabAppSettings:
        DefaultResourceSpec:
          InstanceType: ml.m5.2xlarge
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading import Reading, read
from profile_widgets.model import documents
from profile_widgets.model.documents import Document
from profile_widgets.model.halves import escaped
from profile_widgets.model.labels import path_label
from profile_widgets.model.problems import ERROR, WARNING, Problem
from profile_widgets.model.shapes import CREATE

if TYPE_CHECKING:
    from importlib.abc import Traversable

FOLDERS = "PROFILE_WIDGETS_PRESETS"
"""The environment variable that names folders with presets, joined as those of ``PATH`` are."""
SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
LONGEST = 1 << 20
"""How many bytes a preset may have."""
MANY = 200
"""How many files of one folder are read."""
TITLE, ABOUT = 80, 300
"""How many characters of a title and of an explanation are shown."""
SETTINGS, TAGS = "UserSettings", "Tags"

_COMMENT = re.compile(r"[ \t]*#+[ \t]?(.*)")
_NUMBERED = re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True)
class Preset:
    """Hold a preset: a ``name`` (that of its file), a title, an explanation, and what it sets.

    ``request`` holds UserSettings, and Tags where it has any. ``said`` is what was left out of it, and why.
    """

    name: str
    title: str
    about: str
    request: Document
    said: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """Hold the presets that were found, in the order of their folders, and why others could not be read."""

    presets: tuple[Preset, ...] = ()
    broken: tuple[str, ...] = ()


def folders(given: Iterable[str | os.PathLike[str]] = ()) -> tuple[Path, ...]:
    """Return the folders that ``PROFILE_WIDGETS_PRESETS`` names, then those that were given."""
    named = os.environ.get(FOLDERS, "").split(os.pathsep)
    return tuple(Path(each) for each in (*filter(None, named), *given))


def shelf(places: Iterable[Path] = ()) -> Shelf:
    """Read the presets that come with the kit and those in other folders; blocks as long as the disk does.

    Of presets with one name the last one counts, so that a folder can put its own in the place of the kit's. A file
    that is no preset is told by name with the reason, and the others are read all the same. Never raises for a file.

    Example::

        >>> [preset.title for preset in shelf().presets]
        ['GPU development', 'JupyterLab with idle shutdown', 'Lean Studio for analysts']
    """
    found: dict[str, Preset] = {}
    broken: list[str] = []
    for place in (resources.files("profile_widgets").joinpath("presets"), *places):
        try:
            for file in _files(place):
                _put(file, found, broken)
        except (OSError, ValueError, RuntimeError) as error:
            broken.append(f"The folder {place} cannot be read: {_reason(error)}.")
    return Shelf(tuple(found.values()), tuple(broken))


def _files(place: Traversable) -> list[Traversable]:
    folder = place.expanduser() if isinstance(place, Path) else place
    listed = sorted(folder.iterdir(), key=lambda each: each.name.casefold())
    return [each for each in listed if _suffix(each.name) in SUFFIXES and not each.name.startswith(".")][:MANY]


def _put(file: Traversable, found: dict[str, Preset], broken: list[str]) -> None:
    try:
        preset = read_preset(file.name, _text(file))
    except FormatError as error:
        broken.append(f"{escaped(file.name)}: {error}")
    else:
        found[preset.name] = preset


def read_preset(file: str, text: str) -> Preset:
    r"""Return the preset in a file's text; raises :class:`~profile_widgets.errors.FormatError` when there is none.

    Members that the installed botocore does not know are left out, and said.

    Example::

        >>> preset = read_preset("quiet.yaml", "# Quiet\n# Nothing is shared.\nUserSettings: {SecurityGroups: []}")
        >>> preset.title, preset.about, preset.request
        ('Quiet', 'Nothing is shared.', {'UserSettings': {'SecurityGroups': []}})
    """
    name = file[: len(file) - len(_suffix(file))]
    format_ = SUFFIXES.get(_suffix(file), "yaml")
    request, said = _known(read(text, format_, operation=CREATE))
    if not request:
        raise FormatError(f"It sets nothing: a preset has {SETTINGS}.")
    title, about = _header(text) if format_ == "yaml" else ("", "")
    return Preset(name, _cut(title or _called(name), TITLE), _cut(about, ABOUT), request, said)


def _known(reading: Reading) -> tuple[Document, tuple[Problem, ...]]:
    """Return the settings and tags of a reading without the members that are not known, and what is said of them."""
    request: Document = {name: reading.request[name] for name in (SETTINGS, TAGS) if reading.request.get(name)}
    said: list[Problem] = []
    for problem in reading.problems:
        if not _is_within(problem.path, request):
            continue
        if problem.severity == ERROR and problem.rule != "unknown":
            raise FormatError(f"{path_label(problem.path) if problem.path else 'It'}: {problem.message}")
        if problem.severity == ERROR:
            said.append(Problem("", WARNING, f"Left out: {problem.message}", "preset"))
            request = _without(request, problem.path)
        elif problem.severity == WARNING:
            said.append(problem)
    return request, tuple(said)


def _is_within(path: str, request: Mapping[str, Any]) -> bool:
    """Tell whether a finding is about what a preset takes from a request: its names are those of somebody."""
    return not path or documents.top(path) in request


def _without(request: Document, path: str) -> Document:
    """Return a request without the member at a path; one in an item of a list takes its list along."""
    numbered = _NUMBERED.search(path)
    return documents.put(request, path[: numbered.start()] if numbered else path, None)


def _header(text: str) -> tuple[str, str]:
    """Return the title and the explanation in the comment that a text begins with."""
    lines = [found[1].strip() for found in _comments(text)]
    while lines and not lines[0]:
        del lines[0]
    return (lines[0], " ".join(filter(None, lines[1:]))) if lines else ("", "")


def _comments(text: str) -> Iterator[re.Match[str]]:
    for line in text.removeprefix("\ufeff").splitlines():
        found = _COMMENT.fullmatch(line)
        if found is not None:
            yield found
        elif line.strip() not in ("", "---"):
            return


def _called(name: str) -> str:
    words = re.sub(r"[-_\s]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def _cut(text: str, longest: int) -> str:
    clean = escaped("".join(each for each in text if each.isprintable()).strip())
    return clean if len(clean) <= longest else f"{clean[:longest]}…"


def _suffix(name: str) -> str:
    return next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), "")


def _text(file: Traversable) -> str:
    """Return a file's text; raises :class:`FormatError`. Only a plain file is opened: a pipe might never end."""
    try:
        if not file.is_file():
            raise FormatError("It is no file.")
        with file.open("rb") as opened:
            raw = opened.read(LONGEST + 1)
        if len(raw) > LONGEST:
            raise FormatError("It is longer than 1 MiB, which no request is.")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("It is not a text in UTF-8.") from error
    except OSError as error:
        raise FormatError(f"It cannot be read: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error)
