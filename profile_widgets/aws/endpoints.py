"""Facts about addresses: their host, whether it is this machine or AWS, and how they may be shown."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_USER_INFO = r"(?<=//)[^/\s@\"'<>]*@"
_SIGNED_TEXT = r"(?s)The (?:Canonical String|String-to-Sign) for this request should have been.*"
_SIGNATURE_PART = r"(?i)((?:x-amz-security-token|x-amz-signature|signature|credential)[=:]\s*)[^\s,;&'\"]+"


def host_of(url: str) -> str:
    """Return the host of an http or https address, ``""`` when it is not one.

    Example::

        >>> host_of("https://api.sagemaker.eu-west-1.amazonaws.com/")
        'api.sagemaker.eu-west-1.amazonaws.com'
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""


def is_loopback(url: str) -> bool:
    """Tell whether an address is on this machine.

    Example::

        >>> is_loopback("http://127.0.0.1:5000"), is_loopback("https://127.0.0.1.example.org")
        (True, False)
    """
    host = host_of(url).rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_aws_host(url: str) -> bool:
    """Tell whether an address is one of AWS's own, such as a VPC endpoint's."""
    host = host_of(url).rstrip(".")
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".amazonaws.eu")) or ".vpce." in host


def without_secrets(text: str) -> str:
    """Return ``text`` without user names and passwords in addresses, and without what a request was signed with.

    AWS repeats the canonical request, session token included, when a signature does not match.

    Example::

        >>> without_secrets("http://ana:pass@proxy:3128/")
        'http://proxy:3128/'
    """
    return re.sub(_SIGNATURE_PART, r"\1...", re.sub(_SIGNED_TEXT, "", re.sub(_USER_INFO, "", text))).rstrip()
