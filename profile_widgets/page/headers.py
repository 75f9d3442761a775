"""The headers that a closed page answers with: nothing from elsewhere runs in it, and it stands in no other page."""

from __future__ import annotations

import base64
import hashlib

HEARTBEAT = "window.voila_heartbeat()"
"""The one script that Voila itself writes into a page, while a slow notebook is being run."""
_HEARTBEAT_HASH = base64.b64encode(hashlib.sha256(HEARTBEAT.encode()).digest()).decode()

POLICY = "; ".join(
    (
        "default-src 'none'",
        # anywidget imports a widget's module from a blob: address; only a script that runs already can make one.
        f"script-src 'self' blob: 'sha256-{_HEARTBEAT_HASH}'",
        "script-src-attr 'none'",
        # Lumino and the widgets set styles by script, and their style sheets come as text.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""The Content-Security-Policy of every answer."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # "no-referrer" would make browsers send "Origin: null" with what a page sends when it is left.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""The headers of every answer of a closed page, whoever asks for whatever."""
