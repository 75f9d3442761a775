"""The questions of ``notebooks/tour.ipynb``: what a profile is, and what becomes of a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from profile_widgets.lessons.asking import Question, shown

RESEARCH = "d-9xk2m4tq7abc"
LARGEST = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.MaximumEbsVolumeSizeInGb"
WANTED_GB = 300


def _profiles(answer: Any, sandbox: Any) -> str:
    pages = sandbox.connection.client("sagemaker").get_paginator("list_user_profiles").paginate()
    there = [row for page in pages for row in page["UserProfiles"]]
    right = sum(row["DomainId"] == RESEARCH for row in there)
    if isinstance(answer, bool) or not isinstance(answer, int):
        return f"The answer is a whole number, not {shown(answer)}."
    if answer == len(there):
        return "That is how many there are in both domains together."
    return "" if answer == right else f"It is not {shown(answer)}: count the lines that begin with {RESEARCH}."


def _role(answer: Any) -> str:
    name = str(answer).removeprefix("UserSettings.")
    if name == "ExecutionRole":
        return ""
    if name.startswith("arn:"):
        return "That is its value. The question is for the setting's name, as SageMaker has it."
    return f"{shown(answer)} is not it: look for the setting that names a role."


def _origins(answer: Mapping[str, Any]) -> str:
    right = {
        "SecurityGroups": "both",
        "StudioWebPortal": "domain",
        "ExecutionRole": "here",
        "TensorBoardAppSettings": "default",
    }
    words = set(right.values())
    for name, where in right.items():
        said = answer.get(name, ...)
        if said is ...:
            return f"{name} is still open."
        if said not in words:
            return f"For {name} you said {shown(said)}; the words are {', '.join(sorted(words))}."
        if said != where:
            return f"{name} is not {said!r}: compare what is set here with what is in force."
    return ""


def _change(_answer: Any, editor: Any) -> str:
    found = editor.settings.SpaceStorageSettings.DefaultEbsStorageSettings.MaximumEbsVolumeSizeInGb
    if found == WANTED_GB:
        return ""
    return f"The largest disk is {found} GB in this form: set {LARGEST.rpartition('.')[2]} to {WANTED_GB}."


def _smallest(answer: Any) -> str:
    if isinstance(answer, bool) or not isinstance(answer, int):
        return f"The answer is a number of minutes, not {shown(answer)}."
    return "" if answer == 60 else f"It is not {shown(answer)}: the sentence of the refusal names it."


def _parts(answer: Any, editor: Any) -> str:
    names = {answer} if isinstance(answer, str) else set(answer)
    right = set(editor.request()["UserSettings"])
    if names == right:
        return ""
    untouched = sorted(str(name) for name in names - right)
    if untouched:
        return f"{', '.join(untouched)} will not be sent: nothing in it was changed."
    return f"There are {len(right)} parts, and you named {len(names)} of them."


def _merged(answer: Mapping[str, Any]) -> str:
    right = {"StudioWebPortal": "mine", "ExecutionRole": "theirs"}
    for name, whose in right.items():
        said = answer.get(name, ...)
        if said is ...:
            return f"{name} is still open."
        if said != whose:
            return f"{name} is not {shown(said)}: who of you two changed it?"
    return ""


def _action(answer: Any) -> str:
    if answer == "sagemaker:UpdateUserProfile":
        return ""
    if str(answer).lower().endswith("updateuserprofile"):
        return "Nearly: an action in IAM has its service before a colon, spelt as in the refusal."
    return f"It is not {shown(answer)}: the refusal names the action."


def _export(answer: Iterable[str]) -> str:
    named, right = {str(each) for each in answer}, {"cloudformation", "terraform"}
    if named == right:
        return ""
    if named - right:
        return f"{', '.join(sorted(named - right))} holds the request: only what changes."
    return "There is one more."


def _mended(answer: Mapping[str, Any]) -> str:
    from profile_widgets.checks import check

    problems = [problem for problem in check(dict(answer)) if problem.blocks]
    if problems:
        return f"{len(problems)} still stand against it, first {problems[0].path}: {problems[0].message}"
    settings = answer.get("UserSettings", {})
    gone = [name for name in ("ExecutionRole", "JupyterServerAppSettings") if name not in settings]
    return f"Nothing stands against it, but {' and '.join(gone)} went missing." if gone else ""


QUESTIONS = (
    Question(
        "profiles",
        _profiles,
        "A domain holds the people who share a network, a file system and defaults; each has one profile in it.",
        f"Each line begins with the domain's id. The domain research is {RESEARCH}.",
    ),
    Question(
        "role",
        _role,
        "Whoever may change it chooses with whose rights the code of this person runs: the most guarded setting.",
        "Look at the section Execution role and security groups: SageMaker's own name stands small beside the label.",
    ),
    Question(
        "origins",
        _origins,
        "A profile overrides its domain value by value; only lists like SecurityGroups add up.",
        "None means that nothing is set here. Is it in force all the same, then the domain gave it.",
    ),
    Question(
        "change",
        _change,
        "Nothing is sent yet: the change waits in the form, and can be taken back.",
        f"settings.{LARGEST.removeprefix('UserSettings.')} = ...",
    ),
    Question(
        "smallest",
        _smallest,
        "SageMaker takes 60 to 525600 minutes; the domain of a company may allow less.",
        "Read problem.message above.",
    ),
    Question(
        "parts",
        _parts,
        "A part is sent whole, so that it is right whether SageMaker merges within it or replaces it.",
        "They are the names directly under UserSettings in editor.request().",
    ),
    Question(
        "merged",
        _merged,
        "A merge keeps what each of you changed. Had you both changed one setting, you would have been asked.",
        "One of you changed the role, the other one the portal.",
    ),
    Question(
        "action",
        _action,
        "An administrator who grants it lets this person change every setting: that is what a policy narrows.",
        "Read refused.text: the name stands after “may not use”.",
    ),
    Question(
        "export",
        _export,
        "These two describe how the profile shall be; the other four carry the request.",
        "Call editor.export with each of the names, and look for settings that you did not touch.",
    ),
    Question(
        "mended",
        _mended,
        "The same judge stands behind the form, the magics and profile-widgets check.",
        "Each problem has a path and says what to do; some have a way out in problem.fixes.",
    ),
)
