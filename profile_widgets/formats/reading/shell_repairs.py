"""What word processors, web pages and other shells make of a command, and what is said when that is taken back."""

from __future__ import annotations

DOUBLE, SINGLE = "\u201c\u201d\u201e\u201f", "\u2018\u2019\u201a\u201b"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
"""What a word processor makes of quotes and hyphens."""

SPACES, NEWLINES, LINES, QUOTES, HYPHENS = "spaces", "newlines", "lines", "quotes", "hyphens"
COMMENTS, DOUBLED, NUMBERS, ENTITIES = "comments", "doubled", "numbers", "entities"
REPAIRS = {
    SPACES: "Spaces that do not break are read as plain ones.",
    NEWLINES: "A space behind the \\ at a line's end is ignored.",
    LINES: "Lines without a \\ at their end are read as one command, because the next one begins with an option.",
    QUOTES: "Typographic quotes are read as plain ones.",
    HYPHENS: "Typographic dashes are read as plain ones.",
    COMMENTS: "A comment behind the \\ at a line's end is ignored.",
    DOUBLED: 'Doubled quotes ("") are read as one, as Windows does.',
    NUMBERS: "The numbers in front of the lines are left out.",
    ENTITIES: "Signs that are written as on a web page (&quot;) are read as what they stand for.",
}
"""What is said about each kind of repair."""
