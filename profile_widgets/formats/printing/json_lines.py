"""The answer as JSON, indented by four, with every character as it is."""

from __future__ import annotations

import json
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.printing.registry import Page, printer
from profile_widgets.formats.printing.scalars import as_json
from profile_widgets.model.halves import escaped


@printer("json", label="JSON", suffix="json", rank=1)
def write(answer: Any, _page: Page) -> str:
    """Return the answer as JSON; nothing for an empty structure, as for operations that answer nothing."""
    if answer == {}:
        return ""
    try:
        return escaped(json.dumps(answer, indent=4, default=as_json, ensure_ascii=False)) + "\n"
    except (TypeError, ValueError) as error:
        raise FormatError(f"The answer cannot be written as JSON: {error}.", format="json") from None
