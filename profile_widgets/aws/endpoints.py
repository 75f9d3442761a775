"""Facts about addresses: their host, whether it is this machine or AWS, and how they may be shown."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_USER_INFO = re.compile(r"(?<=//)[^/?#\s\"'<>]*@")
_SIGNED_TEXT = re.compile(r"(?s)The (?:Canonical String|String-to-Sign) for this request should have been.*")
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


def names_a_user(url: str) -> bool:
    """Tell whether an address holds a user name or password, even an empty one.

    Example::

        >>> names_a_user("https://ana:pass@example.org"), names_a_user("https://example.org/@ana")
        (True, False)
    """
    try:
        return "@" in urlsplit(url).netloc
    except ValueError:
        return False


def without_user_info(text: str) -> str:
    """Return ``text`` without user names and passwords in addresses."""
    return _USER_INFO.sub("", text)


def without_signed_text(text: str) -> str:
    """Return ``text`` without what AWS signed over, which it repeats when a signature does not match."""
    rest, found = _SIGNED_TEXT.subn("", text)
    return rest.rstrip() if found else text


def without_secrets(text: str) -> str:
    """Return ``text`` without user names and passwords in addresses, and without what a request was signed with.

    AWS repeats the canonical request, session token included, when a signature does not match.

    Example::

        >>> without_secrets("http://ana:pass@proxy:3128/")
        'http://proxy:3128/'
    """
    return re.sub(_SIGNATURE_PART, r"\1...", without_signed_text(without_user_info(text))).rstrip()
