"""Whether who looks at the page may be somebody else than whose kernel this is."""

from __future__ import annotations

import os

SERVED = "PROFILE_WIDGETS_SERVED"
"""Set by the kit's own page server for its kernels."""


def is_served() -> bool:
    """Tell whether this kernel stands behind a page that Voila serves.

    Then its visitors neither choose where the server's credentials are sent nor read the server's files. Voila names
    itself in ``SERVER_SOFTWARE`` of each kernel it starts, as CGI does; a kernel that it heats before a visitor comes
    has names that begin with ``VOILA_`` only.
    """
    if os.environ.get(SERVED) or os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        return True
    return any(name.startswith("VOILA_") for name in os.environ)
