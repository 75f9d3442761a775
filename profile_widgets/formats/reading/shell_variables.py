"""Which variables a text sets before a command, and to what, as far as it settles that."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.shell import Splitter
from profile_widgets.formats.reading.shell_expansion import heredocs
from profile_widgets.formats.reading.shell_words import SEVERAL_WAYS, UNTOLD, WORKED_OUT, Unknown, Variables, Word

MANY = 200
"""How many assignments are read; a variable that is set in further ones is not known."""

TAKEN = "which the text takes from elsewhere"
"""Why a variable is not known that is read in, or goes through a list."""

_BEGIN = r"(?:^[^\S\n]*(?:(?:[$%]|[A-Z]:[^\n>]*>|>)[^\S\n]*)?|[;{(&|][^\S\n]*|\b(?:then|else|do)[^\S\n]+)"
_KEYWORD = r"(?:(?:export|set|local|declare|readonly|typeset|env)(?:[^\S\n]+-\w+)*[^\S\n]+)?"
_SHELL = re.compile(rf"{_BEGIN}(?P<keyword>{_KEYWORD})(?P<name>[A-Za-z_]\w*)(?P<does>\+?=)", re.MULTILINE)
_ROOT = re.compile(rf"^[^\S\n]*#[^\S\n]*(?P<keyword>{_KEYWORD})(?P<name>[A-Za-z_]\w*)(?P<does>\+?=)", re.MULTILINE)
_POWER = re.compile(
    rf"{_BEGIN}(?:\[\w+\])?\$(?:(?:env|global|script|local):)?(?P<name>[A-Za-z_]\w*)[^\S\n]*(?P<does>[-+]?=)(?!=)[^\S\n]*",
    re.MULTILINE | re.IGNORECASE,
)
_WINDOWS = re.compile(
    rf"{_BEGIN}@?set[^\S\n]+(?P<does>/[ap][^\S\n]+)?(?P<quote>\"?)(?P<name>[A-Za-z_]\w*)=(?P<value>[^\n]*)",
    re.MULTILINE | re.IGNORECASE,
)
_CHANGED = re.compile(
    rf"{_BEGIN}(?:while[^\S\n]+|until[^\S\n]+)?(?:IFS=\S*[^\S\n]+)?"
    r"(?:(?:for|select)[^\S\n]+(?P<each>[A-Za-z_]\w*)(?=\s+in\b|\s*[;\n])"
    r"|foreach[^\S\n]*\([^\S\n]*\$(?P<power>[A-Za-z_]\w*)"
    r"|(?:read|mapfile|readarray|unset|getopts|let)\b(?P<several>[^\n;|&<]*)"
    r"|printf[^\S\n]+-v[^\S\n]+(?P<printed>[A-Za-z_]\w*))",
    re.MULTILINE,
)
_NEXT = re.compile(r"[^\S\n]+(?P<name>[A-Za-z_]\w*)(?P<does>\+?=)")
_BEFORE = re.compile(r"(?:^|(?<=[\s`(]))(?P<name>[A-Za-z_]\w*)(?P<does>=)")
_ENDS = re.compile(r"[^\S\n]*(?:[\r\n;&|)}`]|#|\Z)")
_OPENS = re.compile(r"(?:^|[;&|])[^\S\n]*(?:(if|case|for|while|until)|(fi|done|esac))\b", re.MULTILINE)
_REPEATS = re.compile(r"^[^\S\n]*(?:for|while|until|function)\b|^[^\S\n]*[\w-]+[^\S\n]*\(\)", re.MULTILINE)
_LITERAL = re.compile(r"['\"\u201c\u2018]|@['\"]|-?\d+(?:\.\d+)?[^\S\n]*(?:[\r\n;]|\Z)")
_WORD = re.compile(r"[A-Za-z_]\w*")


def variables_before(text: str, start: int) -> Variables:
    """Return the variables that a text sets before the command that begins at ``start``.

    One that is set in several ways, changed, read in, or set to what the text does not tell is unknown.
    """
    return _Scan(text, start).variables()


class _Scan:
    def __init__(self, text: str, start: int) -> None:
        self.text, self.start, self.before = text, start, text[:start]
        self.found = Variables()
        self.splitter = Splitter(self.before, self.found)
        self.behind = 0
        self.read = 0
        self.spans = [(each.begin, each.behind) for each in heredocs(text) if each.behind <= start]
        self.marks = [(each.start(), 1 if each[1] else -1) for each in _OPENS.finditer(self.before)]
        last = self.before.rfind("\n") + 1
        self.last = last
        self.hash_prompt = re.match(r"[^\S\n]*#", text[last:start]) is not None

    def variables(self) -> Variables:
        places = [*_SHELL.finditer(self.before), *_POWER.finditer(self.before), *_WINDOWS.finditer(self.before)]
        places += _CHANGED.finditer(self.before)
        places += _BEFORE.finditer(self.before, self.last)
        if self.hash_prompt:
            places += _ROOT.finditer(self.before)
        for found in sorted(places, key=lambda each: each.end()):
            if found.end() > self.behind and not self._idle(found):
                self._take(found)
        if _REPEATS.search(self.before):
            for found in (*_SHELL.finditer(self.text, self.start), *_POWER.finditer(self.text, self.start)):
                self.found.forget(found["name"], SEVERAL_WAYS)
        return self.found

    def _idle(self, found: re.Match[str]) -> bool:
        """Tell whether a place is a comment or stands in a text behind ``<<EOF``."""
        at = found.end()
        line = self.before[self.before.rfind("\n", 0, at - 1) + 1 : at]
        comment = re.search(r"(?:^|\s)#(?=\s)" if "{" in line else r"(?:^|\s)#", line)
        if comment is not None and not (self.hash_prompt and not line[: comment.end() - 1].strip()):
            return True
        return any(begin <= at <= end for begin, end in self.spans)

    def _take(self, found: re.Match[str]) -> None:
        self.read += 1
        if found.re is _CHANGED:
            names = [found["each"], found["power"], found["printed"], *_WORD.findall(found["several"] or "")]
            self._forget([each for each in names if each], TAKEN)
        elif self.read > MANY or found["does"] not in ("=", None):
            self._forget([found["name"]], SEVERAL_WAYS if (found["does"] or "/a")[0] != "/" else TAKEN)
        elif found.re is _WINDOWS and not self._like_posix(found):
            self._windows(found)
        elif found.re is _POWER:
            self._power(found)
        elif found.re is not _WINDOWS:
            self._chain(found)

    def _like_posix(self, found: re.Match[str]) -> bool:
        """Tell whether a ``set`` holds several assignments, which no Windows shell takes."""
        return bool(_NEXT.search(found["value"])) and not found["quote"]

    def _forget(self, names: Iterable[str], why: str) -> None:
        for name in names:
            self.found.forget(name, why)

    def _windows(self, found: re.Match[str]) -> None:
        value = found["value"].rstrip()
        value = value.rpartition('"')[0] if found["quote"] else re.split(r"[^\S\n]*&", value)[0]
        value = re.sub(r"\A(['\"])(.*)\1\Z", r"\2", value)
        self.behind = found.end()
        if re.search(r"[%$`<]|\{\{", value):
            self._forget([found["name"]], f"which the text sets to {value[:40]}")
        else:
            self._set(found, value)

    def _power(self, found: re.Match[str]) -> None:
        if not _LITERAL.match(self.before, found.end()):
            self._forget([found["name"]], WORKED_OUT)
            return
        word = self._word(found.end())
        if word is None or not _ENDS.match(self.before, self.behind):
            self._forget([found["name"]], WORKED_OUT)
        else:
            self.found.whole.add(found["name"])
            self._bind(found, word)

    def _chain(self, found: re.Match[str]) -> None:
        """Take ``A=1``, and ``B=2`` behind it; in front of another command they are that command's own."""
        taken: list[tuple[re.Match[str], Word | list[Word] | None]] = []
        at: re.Match[str] | None = found
        while at is not None and len(taken) < MANY:
            value = self._listed(at.end()) if self.before.startswith("(", at.end()) else self._word(at.end())
            taken.append((at, value))
            at = _NEXT.match(self.before, self.behind)
        bound = found.groupdict().get("keyword") or _ENDS.match(self.before, self.behind) or self.behind >= self.last
        for each, value in taken if bound else ():
            if each["does"] != "=":
                self._forget([each["name"]], SEVERAL_WAYS)
            else:
                self._bind(each, value)

    def _word(self, at: int) -> Word | None:
        """Return the word that begins at a position; ``None`` when there is no telling where it ends."""
        splitter = self.splitter
        splitter.at, splitter.substitutions, self.behind = at, 0, at
        if at >= len(self.before) or self.before[at] in " \t\r\n;&|)":
            return Word(offset=at)
        several = len(splitter.line.words)
        try:
            word = splitter.word()
        except FormatError:
            return None
        self.behind = splitter.at
        if len(splitter.line.words) > several:  # the shell splits no value of a variable
            pieces = [*(each.text for each in splitter.line.words[several:]), word.text if word else ""]
            del splitter.line.words[several:]
            return Word(" ".join(pieces), at, True, word.unknown if word else [])
        return word or Word(offset=at)

    def _listed(self, at: int) -> list[Word] | None:
        """Return the words of ``(a b c)``."""
        words: list[Word] = []
        self.behind = at + 1
        while len(words) < MANY:
            blank = re.compile(r"(?:\s|\\\r?\n|#[^\n]*\n)*").match(self.before, self.behind)
            self.behind = blank.end() if blank is not None else self.behind
            if self.before.startswith(")", self.behind):
                self.behind += 1
                return words
            begin = self.behind
            word = self._word(begin) if begin < len(self.before) else None
            if word is None or self.behind == begin:
                return None
            words.append(word)
        return None

    def _bind(self, found: re.Match[str], value: Word | list[Word] | None) -> None:
        words = value if isinstance(value, list) else [value] if value is not None else []
        unknown = [each for word in words for each in word.unknown]
        if value is None:
            self._forget([found["name"]], UNTOLD)
        elif unknown:
            self._forget([found["name"]], _because(unknown[0]))
        elif isinstance(value, list):
            self._set(found, [each.text for each in value])
        else:
            self._set(found, value.text if value.quoted else value.text.strip("\r\n"))

    def _set(self, found: re.Match[str], value: str | list[str]) -> None:
        name = found["name"]
        self.found.set(name, value)
        at = bisect_left(self.marks, (found.end(), 0))
        opened = sum(each for _, each in self.marks[:at]) > 0
        if opened or found[0].lstrip()[:1] in ("&", "|"):
            self.found.said[name] = f"{name} is read as the text sets it, though that stands under a condition."
        elif self.splitter.line.said:
            self.found.said[name] = self.splitter.line.said[-1]
        self.splitter.line.said.clear()


def _because(unknown: Unknown) -> str:
    return f"that is {unknown}"
