"""Which variables a text sets before a command, and to what, as far as it settles that."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading import shell_powershell as powershell
from profile_widgets.formats.reading.shell import Splitter
from profile_widgets.formats.reading.shell_expansion import DELAYED, heredocs
from profile_widgets.formats.reading.shell_scopes import FUNCTION, SUBSHELL, Scopes
from profile_widgets.formats.reading.shell_words import SEVERAL_WAYS, UNTOLD, WORKED_OUT, Unknown, Variables, Word

MANY = 200
"""How many assignments are read; a variable that is set in further ones is not known."""

TAKEN = "which the text takes from elsewhere"
"""Why a variable is not known that is read in, or goes through a list."""

COUNTED = "which the text works out"
"""Why a variable is not known that is counted, or changed by how it is declared."""

_PROMPT = r"(?:[$%>][^\S\n]+|(?:PS[^\S\n]+)?[A-Z]:[^\n>]*>[^\S\n]*)"
_BEGIN = rf"(?:^[^\S\n]*{_PROMPT}?|[;{{()&|][^\S\n]*|\b(?:then|else|do)[^\S\n]+)"
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
    r"|printf[^\S\n]+-v[^\S\n]+(?P<printed>[A-Za-z_]\w*)"
    r"|eval[^\S\n]+(?=(?P<evaluated>[^\n;|&]*))"
    r"|(?:export|declare|typeset|local|readonly)(?:[^\S\n]+-\w+)*[^\S\n]+['\"](?P<quoted>[A-Za-z_]\w*)(?==)"
    r"|(?:declare|typeset|local|readonly)(?:[^\S\n]+-\w+)*?[^\S\n]+-(?=\w*[AFcilnu])\w+(?=(?P<marked>[^\n;|&]*)))",
    re.MULTILINE,
)
_COUNTED = re.compile(r"\(\((?P<counted>[^\n]{0,200}?)\)\)")
_STEP = re.compile(r"([A-Za-z_]\w*)[^\S\n]*(?:\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?!=))|(?:\+\+|--)[^\S\n]*([A-Za-z_]\w*)")
_MARKED = re.compile(r"(?:^|(?<=\s))([A-Za-z_]\w*)(?==|\s|\Z)")
_EVALUATED = re.compile(r"([A-Za-z_]\w*)\+?=")
_BEHIND = re.compile(r"[^\S\n]*&(?!&)")
_EXPORTS = re.compile(r"\bexport\b([^\n;|&]*)")
_ALL_EXPORTED = re.compile(r"\bset[^\S\n]+(?:-\w*a|-o[^\S\n]+allexport)\b")
_SENT_ON = re.compile(r"export|env\b|set\b|(?:declare|typeset)(?:[^\S\n]+-\w+)*?[^\S\n]+-\w*x")
_NEXT = re.compile(r"[^\S\n]+(?P<name>[A-Za-z_]\w*)(?P<does>\+?=)")
_BEFORE = re.compile(r"(?:^|(?<=[\s`(]))(?P<name>[A-Za-z_]\w*)(?P<does>=)")
_ENDS = re.compile(r"[^\S\n]*(?:[\r\n;&|)}`]|#|\Z)")
_IN_FRONT = re.compile(r"(?:[^\S\n]|[\\`^]\r?\n)*\Z")
_OPENS = re.compile(r"(?:^|[;&|])[^\S\n]*(?:(if|case|for|while|until)|(fi|done|esac))\b", re.MULTILINE)
_REPEATS = re.compile(r"^[^\S\n]*(?:for|while|until|function)\b|^[^\S\n]*[\w-]+[^\S\n]*\(\)", re.MULTILINE)
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
        self.begins = [0, *(each.end() for each in re.finditer("\n", self.before))]
        self.comments: dict[int, tuple[int, int, int]] = {}
        self.scopes = Scopes(self.before, self.spans)
        self.parameters = list(powershell.parameters(self.before))
        self.last = self.begins[-1]
        self.hash_prompt = re.match(r"[^\S\n]*#", text[self.last : start]) is not None
        self.delayed = DELAYED.search(text) is not None
        self.sent = False

    def variables(self) -> Variables:
        for found in sorted(self._places(), key=lambda each: each.end()):
            if (found.end() > self.behind or found.re is _COUNTED) and not self._idle(found):
                self._take(found)
        if _REPEATS.search(self.before):
            for found in (*_SHELL.finditer(self.text, self.start), *_POWER.finditer(self.text, self.start)):
                self.found.forget(found["name"], SEVERAL_WAYS)
        return self.found

    def _places(self) -> Iterator[re.Match[str]]:
        """Yield where something may set a variable."""
        for pattern in (_SHELL, _WINDOWS, _CHANGED, _COUNTED):
            yield from pattern.finditer(self.before)
        for found in _POWER.finditer(self.before):
            if not self._is_parameter(found.end()):
                yield found
        for begin, end in self.parameters:
            yield from powershell.PARAMETER.finditer(self.before, begin, end)
        yield from _BEFORE.finditer(self.before, self.last)
        if self.hash_prompt:
            yield from _ROOT.finditer(self.before)

    def _is_parameter(self, at: int) -> bool:
        return any(begin <= at <= end for begin, end in self.parameters)

    def _idle(self, found: re.Match[str]) -> bool:
        """Tell whether a place is a comment, stands in a text behind ``<<EOF``, or in what has ended."""
        at = _place(found)
        begin = self.begins[bisect_right(self.begins, at - 1) - 1]
        if begin not in self.comments:
            self.comments[begin] = self._commented(begin)
        brace, plain, spaced = self.comments[begin]
        comment = spaced if brace < at else plain
        if comment < at and not (self.hash_prompt and not self.before[begin:comment].strip()):
            return True
        return any(begin <= at <= end for begin, end in self.spans) or self._over(found)

    def _commented(self, begin: int) -> tuple[int, int, int]:
        """Return where a line has its first brace, and where a comment begins: without one, and behind one."""
        end = self.before.find("\n", begin)
        end = len(self.before) if end < 0 else end
        brace = self.before.find("{", begin, end)
        # behind a brace, # is also a length: ${#NAME}
        signs = [re.compile(each).search(self.before, begin, end + 1) for each in (r"(?<!\S)#", r"(?<!\S)#(?=\s)")]
        plain, spaced = (each.start() if each is not None else len(self.text) for each in signs)
        return brace if brace >= 0 else len(self.text), plain, spaced

    def _over(self, found: re.Match[str]) -> bool:
        """Tell whether what is set has ended: that of ``( ... )``, and what a function has for itself."""
        around = self.scopes.around(_place(found))
        if around == FUNCTION:
            named = found.groupdict()
            own = bool(named.get("keyword") and re.match(r"local|declare|typeset", named["keyword"]))
            own |= found.re in (_POWER, powershell.PARAMETER) and not re.search(r"\$(?:env|global|script):", found[0])
            if own and self.scopes.in_function:  # which may be called from that one
                self._forget([found["name"]], SEVERAL_WAYS)
            return own
        return around == SUBSHELL

    def _take(self, found: re.Match[str]) -> None:
        self.read += 1
        if found.re is _CHANGED:
            names = [found["each"], found["power"], found["printed"], *_WORD.findall(found["several"] or "")]
            self._forget([each for each in names if each], TAKEN)
            names = [found["quoted"], *_MARKED.findall(found["marked"] or "")]
            names += _EVALUATED.findall(found["evaluated"] or "")
            self._forget([each for each in names if each], COUNTED)
        elif found.re is _COUNTED:
            self._forget([each[1] or each[2] for each in _STEP.finditer(found["counted"])], COUNTED)
        elif self.read > MANY or found["does"] not in ("=", None):
            self._forget([found["name"]], SEVERAL_WAYS if (found["does"] or "/a")[0] != "/" else TAKEN)
        elif found.re is _WINDOWS and not self._like_posix(found):
            self._windows(found)
        elif found.re in (_POWER, powershell.PARAMETER):
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
        if re.search(r"[%$`<]|\{\{", value) or (self.delayed and "!" in value):
            self._forget([found["name"]], f"which the text sets to {value[:40]}")
        else:
            self._set(found, value)

    def _power(self, found: re.Match[str]) -> None:
        literal = powershell.LITERAL.match(self.before, found.end())
        parameter = found.re is powershell.PARAMETER
        ends = powershell.PARAMETER_ENDS if parameter else powershell.ENDS
        if literal is None or not ends.match(self.before, literal.end()):
            self._forget([found["name"]], WORKED_OUT)
            return
        if literal["plain"] is not None:
            word: Word | None = Word(literal["plain"].replace("''", "'"), found.end(), True)
            self.behind = literal.end()
        else:
            word = self._word(found.end(), literal.end())
        if word is None or self.behind != literal.end() or powershell.is_worked_out(literal, word.text):
            self._forget([found["name"]], WORKED_OUT)
            return
        self.found.whole.add(found["name"])
        self._bind(found, word)
        if parameter and found["name"] in self.found.values:
            self.found.said[found["name"]] = f"${found['name']} is read as its default, “{word.text[:60]}”."

    def _chain(self, found: re.Match[str]) -> None:
        """Take ``A=1``, and ``B=2`` behind it; in front of another command they are that command's own."""
        taken: list[re.Match[str]] = []
        at: re.Match[str] | None = found
        while at is not None and len(taken) < MANY:
            self._assigned(at)
            taken.append(at)
            at = _NEXT.match(self.before, self.behind)
        self.splitter.line.said.clear()
        ended = _ENDS.match(self.before, self.behind)
        keyword = found.groupdict().get("keyword") or ""
        prefix = _IN_FRONT.match(self.before, self.behind)
        bound = keyword or ended or prefix or self.behind >= self.last
        self.sent = bool(prefix or not ended) or _SENT_ON.match(keyword) is not None
        for each in taken if bound else ():
            if each["does"] != "=" or (keyword[:3] != "set" and _BEHIND.match(self.before, self.behind)):
                self._forget([each["name"]], SEVERAL_WAYS)
            else:
                self._bind(each, self._assigned(each))  # again, for it may hold the one before
        self.sent = False

    def _assigned(self, found: re.Match[str]) -> Word | list[Word] | None:
        at = found.end()
        return self._listed(at) if self.before.startswith("(", at) else self._word(at)

    @cached_property
    def _exported(self) -> frozenset[str]:
        """Return the names that the text exports on their own, without a value."""
        ours = (each for each in _EXPORTS.finditer(self.before) if self.scopes.around(each.start()) != SUBSHELL)
        return frozenset(name for found in ours for name in _WORD.findall(found[1]))

    def _is_sent(self, found: re.Match[str]) -> bool:
        """Tell whether a variable is known to the programs that a shell runs."""
        if found.re is _WINDOWS or self.sent or found["name"] in self._exported:
            return True
        return "env:" in found[0].lower() or _ALL_EXPORTED.search(self.before) is not None

    def _word(self, at: int, end: int = 0) -> Word | None:
        """Return the word that begins at a position; ``None`` when there is no telling where it ends.

        ``end`` is where it ends for certain.
        """
        splitter = self.splitter
        splitter.text = self.before[:end] if end else self.before
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
        if name.startswith("AWS_") and not self._is_sent(found):
            self.found.unexported.add(name)
        at = bisect_left(self.marks, (found.end(), 0))
        opened = sum(each for _, each in self.marks[:at]) > 0
        if opened or found[0].lstrip()[:1] in ("&", "|"):
            self.found.said[name] = f"{name} is read as the text sets it, though that stands under a condition."
        elif self.scopes.around(found.end()) == FUNCTION:
            self.found.said[name] = f"{name} is read as the text sets it, though that stands within a function."
        elif self.splitter.line.said:
            self.found.said[name] = self.splitter.line.said[-1]
        self.splitter.line.said.clear()


def _place(found: re.Match[str]) -> int:
    """Return where in a text stands what sets a variable."""
    return found.start(found.lastgroup) if found.re is _CHANGED and found.lastgroup else found.end()


def _because(unknown: Unknown) -> str:
    return f"that is {unknown}"
