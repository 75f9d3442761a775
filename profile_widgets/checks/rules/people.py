"""Rules about who a profile is for: single sign-on, RStudio's groups, tags."""

from __future__ import annotations

from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING, Fix, shown
from profile_widgets.checks.rules.case import SETTINGS, Case
from profile_widgets.checks.rules.reading import items, structure, structures, word
from profile_widgets.checks.rules.registry import Finding, Findings, error, information, rule, warning

IDENTIFIER, VALUE, USER_NAME = "SingleSignOnUserIdentifier", "SingleSignOnUserValue", "UserName"
RSTUDIO = f"{SETTINGS}.RStudioServerProAppSettings"
MOST_TAGS = 50
RESERVED = "aws:"
CHOICES = 3
"""Between how many values of a doubled tag a press can choose."""


@rule(10, "single-sign-on", paths=(IDENTIFIER, VALUE), severities=(ERROR,))
def single_sign_on(case: Case) -> Findings:
    """Ask for the person in a domain with IAM Identity Center; refuse one elsewhere."""
    if not case.creates:
        return
    mode = word(case.domain or {}, "AuthMode")
    if mode == "IAM":
        named = [name for name in (IDENTIFIER, VALUE) if case.request.get(name) is not None]
        for name in named:
            text = "This domain signs people in by IAM and takes no single sign-on user: leave it out."
            yield error(name, text, *case.leaving_out(*named))
        return
    present = [name for name in (IDENTIFIER, VALUE) if case.request.get(name) not in (None, "")]
    identifier = word(case.request, IDENTIFIER)
    if identifier not in ("", USER_NAME):
        text = f"{USER_NAME} is the only kind that AWS knows, not {shown(identifier)}."
        yield error(IDENTIFIER, text, case.setting(IDENTIFIER, USER_NAME))
    if mode == "SSO" or present:
        why = "This domain signs people in by IAM Identity Center" if mode == "SSO" else "The two go together"
        if IDENTIFIER not in present:
            yield error(IDENTIFIER, f"{why}: set this to {USER_NAME}.", case.setting(IDENTIFIER, USER_NAME))
        if VALUE not in present:
            yield error(VALUE, f"{why}: give the person's user name there.")


@rule(
    18,
    "rstudio-group",
    paths=(f"{RSTUDIO}.UserGroup", RSTUDIO),
    severities=(ERROR, WARNING, INFORMATION),
)
def rstudio_group(case: Case) -> Findings:
    """Refuse a group in RStudio without access; say that both may be for creation only."""
    own = structure(case.own, "RStudioServerProAppSettings")
    status = case.in_force("AccessStatus", "RStudioServerProAppSettings")
    if word(own, "UserGroup") and status in ("", "DISABLED"):
        place = f"{RSTUDIO}.UserGroup"
        fixes = (case.setting(f"{RSTUDIO}.AccessStatus", "ENABLED"), *case.leaving_out(place))
        if status or (case.inherits and case.complete):
            yield error(place, "A group needs AccessStatus ENABLED: enable access, or leave the group out.", *fixes)
        else:
            yield warning(place, "A group needs AccessStatus ENABLED, here or in the domain's defaults.", *fixes)
    if case.updates and own:
        text = "AWS's pages disagree on whether RStudio's settings can change after creation: it may refuse this."
        yield information(RSTUDIO, text)


@rule(21, "tags", paths=("Tags", "Tags[*].Key"), severities=(ERROR,))
def tags(case: Case) -> Findings:
    """Refuse tag keys that stand twice or are AWS's own."""
    listed = items(case.request, "Tags") if case.creates else ()
    if len(listed) > MOST_TAGS:
        yield error("Tags", f"At most {MOST_TAGS} tags; there are {len(listed)}.")
    places: dict[str, list[int]] = {}
    for index, tag in structures(case.request, "Tags") if listed else ():
        key = word(tag, "Key")
        places.setdefault(key, []).append(index)
        if key.lower().startswith(RESERVED):
            text = f"Keys that begin with “{RESERVED}” are AWS's own: choose another."
            yield error(f"Tags[{index}].Key", text, _without(case, {index}, f"Take {shown(key)} out"))
    for key, indices in places.items():
        if key and len(indices) > 1:
            yield _doubled(case, key, indices)


def _doubled(case: Case, key: str, indices: list[int]) -> Finding:
    kept: dict[str, int] = {}
    for index in indices:
        kept.setdefault(word(items(case.request, "Tags")[index], "Value"), index)
    text = f"{shown(key)} is there {len(indices)} times: a key may stand once."
    labels = {value: f"Keep {shown(key)} with {shown(value)}" if len(kept) > 1 else "Keep one" for value in kept}
    fixes = [_without(case, {*indices} - {index}, labels[value]) for value, index in kept.items()]
    return error(f"Tags[{indices[1]}].Key", text, *(fixes if len(kept) <= CHOICES else ()))


def _without(case: Case, indices: set[int], label: str) -> Fix:
    rest = [each for index, each in enumerate(items(case.request, "Tags")) if index not in indices]
    return case.setting("Tags", rest, label)
