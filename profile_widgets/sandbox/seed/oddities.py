"""Names and descriptions as strange as AWS lets them be: HTML, scripts that run from right to left, emoji.

What AWS restricts stays within its patterns: a role's description takes no emoji, a bucket's name no capital letter.
Where it restricts nothing, these texts try to be markup, to turn the text around them, or to be taken for another.
"""

from __future__ import annotations

from typing import Any, Final

MARKUP: Final = "<img src=x onerror=alert(1)>"
SCRIPT: Final = "</span><script>alert('odd')</script>"
HEBREW: Final = "\u05de\u05d7\u05e7\u05e8 \u05d2\u05e0\u05d5\u05de\u05d9"
ARABIC: Final = "\u0628\u062d\u062b \u0627\u0644\u062c\u064a\u0646\u0648\u0645"
TURNED: Final = "\u202egnp.tohsneercs\u202c"
"""A text that a mark turns around: it reads as another."""
EMOJI: Final = "\U0001f9ec\U0001f469\u200d\U0001f52c genomics"

_SAGEMAKER: Final = {"Service": "sagemaker.amazonaws.com"}


def _allows(principal: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}


def _policy(statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statement}


ROLES: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "odd,role=with+all@that.names_allow-",
        "path": "/<img/src=x/onerror=alert(1)>/",
        "description": f"{SCRIPT} & \u00abr\u00f4le\u00bb \u00fc",
        "trust": _policy([_allows(_SAGEMAKER)]),
        "age": 12,
    },
    {"name": "odd-trust-one-statement", "trust": _policy(_allows(_SAGEMAKER)), "age": 11},
    {"name": "odd-trust-anyone", "trust": _policy([_allows("*")]), "age": 10},
    {"name": "odd-trust-any-aws", "trust": _policy([_allows({"AWS": "*"})]), "age": 9},
    {
        "name": "odd-trust-denied",
        "trust": _policy([_allows(_SAGEMAKER), {**_allows(_SAGEMAKER), "Effect": "Deny"}]),
        "age": 8,
    },
    {
        "name": "odd-trust-other-action",
        "trust": _policy([{**_allows(_SAGEMAKER), "Action": ["sts:TagSession"]}]),
        "age": 7,
    },
    {
        "name": "odd-trust-lists",
        "trust": _policy(
            [
                {
                    **_allows({"Service": ["lambda.amazonaws.com", "sagemaker.amazonaws.com"]}),
                    "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
                    "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
                }
            ]
        ),
        "age": 6,
    },
    {"name": "odd-trust-nobody", "trust": _policy([]), "age": 5},
    {"name": f"odd-{'long' * 15}", "description": "d" * 1000, "trust": _policy([_allows(_SAGEMAKER)]), "age": 4},
)

IMAGES: Final[tuple[dict[str, Any], ...]] = (
    {
        "ImageName": "odd-markup",
        "DisplayName": MARKUP,
        "Description": SCRIPT,
        "age": 4,
        "versions": ({"base": "odd/markup:1", "aliases": ("1.0", "latest_1.x-a"), "age": 4, "failure": MARKUP},),
    },
    {
        "ImageName": "odd-right-to-left",
        "DisplayName": f"{HEBREW} {TURNED}",
        "Description": ARABIC,
        "age": 3,
        "versions": ({"base": "odd/rtl:1", "aliases": ("1.0",), "age": 3},),
    },
    {
        "ImageName": "odd-emoji",
        "DisplayName": EMOJI,
        "Description": EMOJI + " " + "\u0301" * 40,
        "age": 2,
        "versions": ({"base": "odd/emoji:1", "aliases": (), "age": 2},),
    },
    {
        "ImageName": f"odd-{'n' * 59}",
        "DisplayName": "W" * 128,
        "Description": "d" * 512,
        "age": 1,
        "versions": (),
    },
)
PROFILE: Final[dict[str, Any]] = {
    "name": f"odd-{'n' * 59}",
    "age": 1,
    "status": "Failed",
    "reason": f"{SCRIPT} {TURNED}",
    "tags": {HEBREW: ARABIC},
}
SPACE: Final[dict[str, Any]] = {
    "name": "odd-space",
    "title": f"{MARKUP} {EMOJI}",
    "owner": PROFILE["name"],
    "sharing": "Private",
    "age": 1,
    "settings": {"AppType": "JupyterLab"},
}
APP_IMAGE_CONFIG: Final[dict[str, Any]] = {
    "AppImageConfigName": f"odd-{'n' * 59}",
    "age": 1,
    "KernelGatewayImageConfig": {"KernelSpecs": [{"Name": MARKUP, "DisplayName": f"{HEBREW} {EMOJI}"}]},
}
LIFECYCLE_CONFIG: Final[dict[str, Any]] = {"name": f"odd-{'n' * 59}", "app": "JupyterLab", "age": 1, "script": SCRIPT}
PLAN: Final[dict[str, Any]] = {
    "name": f"odd-{'n' * 59}",
    "status": "Failed",
    "message": f"{SCRIPT} {TURNED}",
    "instance": "ml.p5.48xlarge",
    "count": 1,
    "targets": ("studio-apps",),
    "fee": "0.00",
}
SECURITY_GROUPS: Final[tuple[dict[str, str], ...]] = (
    {"name": "odd {x} [y] (z) & $HOME;!*", "description": "a&lt;b&gt; #1, a=b @c", "tag": SCRIPT},
    {"name": "odd-right-to-left", "description": "right to left", "tag": f"{HEBREW} {TURNED} {EMOJI}"},
)
SECRETS: Final[tuple[dict[str, str], ...]] = (
    {"name": "odd/secret+with=all@that.names_allow-", "description": f"{SCRIPT} {TURNED} {EMOJI}"},
)
KEYS: Final[tuple[dict[str, str], ...]] = (
    {"id": "0dd0dd0d-d0dd-4ddd-8ddd-0dd0dd0dd0dd", "alias": "alias/odd_/-/key", "description": f"{SCRIPT} {EMOJI}"},
)
FILE_SYSTEM_NAMES: Final = (HEBREW, ARABIC, "odd: _./=+-@")
"""The tags of file systems take letters of any script, but no emoji and no markup."""
OTHER_FSX: Final = ("WINDOWS", "OPENZFS")
"""File systems of FSx that no profile can mount."""
OBJECTS: Final = (
    f"{MARKUP}/one.txt",
    f"{HEBREW}/one.txt",
    f"{TURNED}/one.txt",
    f"{EMOJI}/one.txt",
    "a b+c%2F&d=e?f#g/one.txt",
    "//one.txt",
    "../one.txt",
    "tab\there/one.txt",
)
"""The keys of objects take anything; they go into the studio's bucket."""
