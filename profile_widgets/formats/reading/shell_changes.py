"""Whether a script may change a file that it has written, before it comes to the command."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from profile_widgets.formats.reading.shell_words import Variables

MANY = 200
"""How many patterns of names (``*.json``) are looked at."""

_HARMLESS = re.compile(
    r"^[^\S\n]*#[^\n]*"
    r"|(?:^|(?<=[;&]))[^\S\n]*(?:[$%>][^\S\n]+)?(?:cat|less|more|head|tail|ls|wc|stat|echo|jq)[^\S\n][^\n|;&<>]*(?=$|;|&&)"
    r"|^[^\S\n]*[A-Z][a-z]+,?[^\S\n][^\n|;&<>$]*[.:][^\S\n]*$"
    r"|\$\([^\S\n]*(?:cat[^\S\n]|<)[^()\n]{0,200}\)|file://[^\s'\"]*",
    re.MULTILINE,
)
"""What only reads a file, or speaks of it."""

_FOLDER = re.compile(
    r"(?:^|[;&|({]|\b(?:then|do|else))[^\S\n]*(?:[$%>][^\S\n]+)?(?:cd|pushd|popd|chdir|Set-Location)\b",
    re.MULTILINE | re.IGNORECASE,
)
_PATTERN = re.compile(r"(?<![\w'\"./*?-])[\w./-]{0,100}[*?][\w./*?-]*")


def mentions(name: str, text: str, at: int = 0) -> bool:
    """Tell whether a text names a file behind a position."""
    return re.compile(rf"(?<![\w.-]){re.escape(_last(name))}(?![\w-])").search(text, at) is not None


def _last(name: str) -> str:
    return re.split(r"[/\\]", name)[-1] or name


class Changes:
    r"""Tell which files a script may change, in any line that does more than read them.

    Example::

        >>> Changes("sed -i s/a/b/ s.json\n", Variables()).may_change("s.json", 0)
        True
    """

    def __init__(self, script: str, variables: Variables) -> None:
        self.script = _HARMLESS.sub(lambda found: " " * len(found[0]), script)
        self.values = {name: value for name, value in variables.values.items() if value}
        self.folders = [each.start() for each in _FOLDER.finditer(self.script)]
        found = zip(range(MANY), _PATTERN.finditer(self.script), strict=False)
        self.patterns = [(each.start(), _last(each[0])) for _, each in found if not self._is_bullet(each)]

    def _is_bullet(self, found: re.Match[str]) -> bool:
        """Tell whether a star begins a line, as on a page."""
        begin = self.script.rfind("\n", 0, found.start()) + 1
        return found[0] == "*" and not self.script[begin : found.start()].strip()

    def may_change(self, name: str, begin: int) -> bool:
        """Tell whether the script may change a file, or go to another folder, behind a position."""
        if mentions(name, self.script, begin):
            return True
        if not re.match(r"[/~\\]|[A-Za-z]:", name) and any(at >= begin for at in self.folders):
            return True
        if any(at >= begin and fnmatchcase(_last(name), pattern) for at, pattern in self.patterns):
            return True
        same = [each for each, value in self.values.items() if _last(value) == _last(name)]
        return any(re.compile(rf"\$\{{?{each}\b").search(self.script, begin) for each in same)
