"""Completion inside the value of a structure or list: names of members and values of enumerations.

Both of the CLI's notations are followed as far as they are typed, ``Name={Other=VALUE`` and ``{"Name": {"Other": "VA``.
"""

from __future__ import annotations

from profile_widgets.model.shapes import Member

_QUOTES = "\"'"
_BLANKS = " \t\n"


class _Reader:
    """Follow a value to its end.

    ``holders`` are the structures and lists that are open, ``slot`` is what may come, ``None`` for what is not known.
    """

    def __init__(self, member: Member, *, is_json: bool) -> None:
        self.holders: list[Member | None] = []
        self.slot: Member | None = member
        self.word = ""
        if not is_json:  # shorthand leaves the outermost brackets out
            if member.kind == "list":
                self._enter()
            if member.is_structure or member.is_structure_list:
                self._enter()

    def take(self, char: str) -> None:
        """Go on by one character."""
        if char in _QUOTES or (char in _BLANKS and not self.word):
            return
        holder = self.holders[-1] if self.holders else None
        if char in "{[":
            self._enter()
        elif char in "}]":
            self._leave()
        elif char == ",":
            self._next()
        elif char in "=:" and self.names and holder is not None:
            self.slot = holder.members.get(self.word.strip())
        else:
            self.word += char
            return
        self.word = ""

    @property
    def names(self) -> bool:
        """Tell whether the name of a member may come."""
        holder = self.holders[-1] if self.holders else None
        return holder is not None and holder.is_structure and self.slot is holder

    def _enter(self) -> None:
        self.holders.append(self.slot)
        self._next()

    def _leave(self) -> None:
        if self.holders:
            self.holders.pop()
        self.slot = None

    def _next(self) -> None:
        holder = self.holders[-1] if self.holders else None
        self.slot = holder.item if holder is not None and holder.kind == "list" else holder


def offers(member: Member, text: str) -> tuple[str, tuple[str, ...]]:
    """Return what is typed of the last name or value, and what it may become.

    Example::

        >>> from profile_widgets.model.shapes import shape
        >>> offers(shape("RStudioServerProAppSettings"), "AccessStatus=EN")
        ('EN', ('ENABLED',))
    """
    is_json = text.lstrip().startswith(("{", "["))
    reader = _Reader(member, is_json=is_json)
    for char in text:
        reader.take(char)
    word, slot = reader.word, reader.slot
    if slot is None:
        return word, ()
    if reader.names:
        end = "" if is_json else "="
        return word, tuple(f"{name}{end}" for name in slot.members if name.startswith(word))
    values = slot.item.enum if slot.kind == "list" else slot.enum
    return word, tuple(each for each in values if each.startswith(word))
