"""Attacks through the page's own widgets: forged traits, pressed buttons, texts that are loaded."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.hostile.client import Page, States
from tests.hostile.counting import Tally
from tests.hostile.wire import Unwatched, Witness

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMakerMlEngineerRole"
LIFECYCLE = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:studio-lifecycle-config/lab-git-identity"

FORBIDDEN: dict[str, Any] = {
    "ExecutionRole": ROLE,
    "SecurityGroups": ["sg-0a1b2c3d4e5f60718"],
    "SharingSettings.S3OutputPath": "s3://somebody-elses-bucket/out",
    "SharingSettings.S3KmsKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
    "JupyterLabAppSettings.DefaultResourceSpec.InstanceType": "ml.p4d.24xlarge",
    "JupyterLabAppSettings.DefaultResourceSpec.LifecycleConfigArn": LIFECYCLE,
    "JupyterLabAppSettings.LifecycleConfigArns": [LIFECYCLE],
    "JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes": 525600,
    "JupyterLabAppSettings.CodeRepositories": [{"RepositoryUrl": "https://github.com/somebody/else"}],
    "CodeEditorAppSettings.DefaultResourceSpec.InstanceType": "ml.t3.medium",
    "CanvasAppSettings.GenerativeAiSettings.AmazonBedrockRoleArn": ROLE,
    "CustomFileSystemConfigs": [{"EFSFileSystemConfig": {"FileSystemId": "fs-0a1b2c3d4e5f60718"}}],
    "SpaceStorageSettings.DefaultEbsStorageSettings": {
        "DefaultEbsVolumeSizeInGb": 90,
        "MaximumEbsVolumeSizeInGb": 16000,
    },
    "StudioWebPortal": "DISABLED",
    "DefaultLandingUri": "studio::relative/somewhere",
    "AutoMountHomeEFS": "Disabled",
}
"""Values that AWS takes and the visitors' policy does not allow, by path below UserSettings."""
FINE: dict[str, Any] = {"DefaultLandingUri": "app:JupyterLab:"}
"""An allowed change: sent along, so that there is always something to send."""

SUBMITTING = (
    "submit",
    "retry",
    "overwrite",
    "merge",
    "reload",
    "putback",
    "switch",
    "restore",
    "load-here",
    "load-there",
)
VERBS = (
    *("reset", "empty", "unset", "none", "inherit", "fix", "add", "remove", "move", "paste", "panel", "prices"),
    *("suggest", "choose", "search", "more", "go", "expand", "collapse", "undo", "redo", "effective", "earlier"),
    *("discard", "exported", "load", "path", "kind", "preset", "way", "copy", "file", "apply", "renew", "close"),
    *("stay", "stop", "forget", "later", "export", "filter", *SUBMITTING),
)
"""Everything that a widget of the kit listens to, and then some."""
GARBAGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1e308,
    "",
    "<img src=x onerror=alert(1)>",
    ROLE,
    "../../../etc/passwd",
    "\u202e\x00\x1b[2J",
    "x" * 20_000,
    [],
    {},
    [[["x"]]],
    {"a": {"b": [None, {"c": -1}]}},
    ["IPY_MODEL_00000000000000000000000000000000"],
)
BOUNDS = ("min", "max", "minimum", "maximum", "step", "limit")
LIFTED = {"locked": "", "disabled": False, "busy": "", "hidden": [], "choices": [], "readonly": False}
"""What a browser sets first, so that nothing seems to stand in its way."""
BARRIER = 100
"""After so many messages the kernel is waited for: it reads them one after the other."""


@dataclass
class Attacker:
    """Sit at one page; `witness` sees what it brings about."""

    page: Page
    witness: Witness | Unwatched
    tally: Tally
    domain: str
    profile: str
    _sent: int = 0

    # -- seeing ------------------------------------------------------------------------------------------------------

    def settled(self, seconds: float = 30.0) -> States:
        """Return the widgets' states when nothing seems to be under way, or when that takes too long."""
        began, before, calm = time.monotonic(), -1, 0
        states = self.page.barrier()
        while calm < 2 and time.monotonic() < began + seconds:
            now = len(self.witness.seen)
            still = now == before and not self.witness.busy and not any(map(waits, states.values()))
            calm, before = calm + 1 if still else 0, now
            time.sleep(0.1)
            states = self.page.barrier()
        return states

    def of_kind(self, kind: str, states: States | None = None) -> list[str]:
        found = states or self.page.channels.copied()
        return [model for model, state in found.items() if state.get("_kind") == kind]

    def open_all(self) -> States:
        """Open every section and panel, and what they bring, until there is nothing new."""
        known: set[str] = set()
        while True:
            states = self.settled()
            fresh = [model for model, state in states.items() if "expanded" in state and model not in known]
            if not fresh:
                return states
            for model in fresh:
                self.page.update(model, expanded=True)
            known.update(fresh)

    def open_profile(self) -> None:
        """Choose the profile as a person would, where the page has not opened it by itself."""
        self.page.states()
        states = self.settled()
        if self.of_kind("review", states) and any(states[each].get("state") for each in self.of_kind("review", states)):
            return
        for label, value in (("Domain", self.domain), ("User profile", self.profile)):
            for model in [m for m in self.of_kind("chooser", states) if states[m].get("label") == label]:
                self.page.press(model, do="choose", value=value)
            states = self.settled()

    # -- sending -----------------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Press what sends, and wait until it is over."""
        for model in self.of_kind("review"):
            self.page.press(model, do="submit")
        self.settled()

    def answer(self, *actions: str) -> None:
        """Press actions of questions and results."""
        for model in self.of_kind("result"):
            for action in actions:
                self.page.press(model, do=action)

    def start_over(self) -> None:
        """Give up what is in the form."""
        self.answer("later")
        for kind in ("tools", "review"):
            for model in self.of_kind(kind):
                self.page.press(model, do="reset" if kind == "tools" else "discard")

    def load(self, request: Mapping[str, Any] | str, *answers: str) -> None:
        """Load a request as a text, and answer what is asked about it."""
        text = request if isinstance(request, str) else json.dumps(request)
        for model in self.of_kind("loader"):
            self.page.press(model, do="load", text=text)
        self.settled()
        self.answer(*(answers or ("load-here",)))
        self.settled()

    def named(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {"DomainId": self.domain, "UserProfileName": self.profile, "UserSettings": settings}

    # -- attacks -----------------------------------------------------------------------------------------------------

    def allowed_change(self) -> bool:
        """Make a change that is allowed; tell whether it arrived."""
        before = len(self.witness.writes)
        unwatched = isinstance(self.witness, Unwatched)
        for value in ("app:JupyterLab:", "studio::", *(("app:JupyterServer:",) if unwatched else ())):
            done = self._done()
            self.start_over()
            self.load(self.named({"DefaultLandingUri": value}))
            self.submit()
            if len(self.witness.writes) > before or (unwatched and self._done() - done):
                self.tally.arrived += 1
                return True
        return False

    def _done(self) -> set[str]:
        """Return what the page says of requests that are done, ids and all."""
        states = self.page.channels.copied()
        shown = [states[model].get("state") for model in self.of_kind("result", states)]
        return {str(each["facts"]) for each in shown if isinstance(each, dict) and each.get("outcome") == "done"}

    def set_fields(self, wanted: Iterable[str] | None = None) -> None:
        """Set each field that exists to a value that is not allowed, with its locks lifted, beside one that is."""
        states = self.open_all()
        fields = {state["path"]: model for model, state in states.items() if state.get("_kind") == "field"}
        for path in wanted or FORBIDDEN:
            value, model = FORBIDDEN[path], fields.get(f"UserSettings.{path}")
            if model is None or isinstance(value, dict):
                continue
            self.page.update(model, **{**LIFTED, "value": str(value) if isinstance(value, int) else value})
            self.page.update(model, value=None)
            self.page.update(model, value=str(value) if isinstance(value, int) else value)
            landing = fields.get("UserSettings.DefaultLandingUri")
            if landing and path != "DefaultLandingUri":
                self.page.update(landing, value="app:JupyterLab:" if self.tally.tried["fields"] % 2 else "studio::")
            self.tally.tried["fields"] += 1
            self.submit()
            self.start_over()

    def load_requests(self, wanted: Iterable[str] | None = None, texts: int | None = None) -> None:
        """Load requests with what is not allowed, one by one, all at once, and in so many other formats (None: all)."""
        paths = list(wanted or FORBIDDEN)
        settings = [nested({path: FORBIDDEN[path]}) for path in paths]
        everything = nested({path: FORBIDDEN[path] for path in paths})
        for each in [*settings, everything]:
            self.load(self.named({**each, **(FINE if "DefaultLandingUri" not in each else {})}))
            self.tally.tried["requests loaded"] += 1
            self.submit()
            self.start_over()
        for text in list(self._texts(everything))[:texts]:
            self.load(text)
            self.tally.tried["requests loaded"] += 1
            self.submit()
            self.start_over()

    def _texts(self, settings: Mapping[str, Any]) -> Iterator[str]:
        told = json.dumps(settings)
        names = f"--domain-id {self.domain} --user-profile-name {self.profile}"
        yield f"aws sagemaker update-user-profile {names} --user-settings '{told}'"
        yield f"client.update_user_profile(**{self.named(settings)!r})"
        yield f"DomainId: {self.domain}\nUserProfileName: {self.profile}\nUserSettings: {told}\n"
        yield json.dumps({**self.named(settings), "Tags": [{"Key": "cost", "Value": "somebody else's"}]})

    def other_profiles(self, names: Iterable[str]) -> None:
        """Reach for profiles of others, and for new ones, by the lists and by what is loaded."""
        for name in names:
            for verb in ("choose", "search"):
                for model in self.of_kind("chooser"):
                    self.page.press(model, do=verb, value=name, text=name)
            self.settled(10)
            self.load({**self.named(FINE), "UserProfileName": name}, "load-there", "switch", "load-here")
            self.tally.tried["other profiles"] += 1
            self.submit()
            self.load(
                f"aws sagemaker create-user-profile --domain-id {self.domain} --user-profile-name {name}", "load-there"
            )
            self.submit()
        for model in self.of_kind("chooser"):
            self.page.press(model, do="choose", value="+new")
        self.settled(10)
        self.submit()
        self.tally.tried["other profiles"] += 1

    def read_files(self, paths: Iterable[str], elsewhere: str) -> None:
        """Ask for files beside the kernel, and for requests to be sent elsewhere."""
        for path in paths:
            for model in self.of_kind("loader"):
                self.page.press(model, do="path", path=path)
                for option in ("--cli-input-json", "--user-settings"):
                    self.page.press(model, do="load", text=f"aws sagemaker update-user-profile {option} file://{path}")
            for model in self.of_kind("starting"):
                self.page.press(model, do="kind", value="preset")
                self.page.press(model, do="preset", value=path)
            self.tally.tried["files asked for"] += 1
        for model in self.of_kind("connection"):
            self.page.update(model, **LIFTED, expanded=True)
            for name in ("endpoint_url", "ca_bundle", "profile", "region", "verify", "unsigned", "debug"):
                values = {"endpoint_url": elsewhere, "verify": False, "unsigned": True, "debug": True}
                self.page.press(model, do="apply", values={name: values.get(name, "other")})
            self.page.press(model, do="renew")
            self.tally.tried["connections changed"] += 7
        self.load({**self.named({}), "EndpointUrl": elsewhere})
        self.load(f"aws sagemaker update-user-profile --endpoint-url {elsewhere} --no-verify-ssl --debug")
        self.submit()
        self.settled()

    def press_disabled(self) -> None:
        """Press every button that sends while nothing may be sent; each write is one too many."""
        before = len(self.witness.writes)
        self._press_all_that_send()
        states = self.open_all()
        idle = "UserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"
        for model, state in states.items():
            if state.get("path") == idle and state.get("_kind") == "field":
                self.page.update(model, value="1")  # AWS takes no less than 60: the button is disabled
                self._press_all_that_send()
                self.page.update(model, value=None)
        self.start_over()
        self.settled()
        written = self.witness.writes[before:]
        self.tally.disabled += [f"{each.operation} {json.dumps(each.parameters)[:100]}" for each in written]

    def _press_all_that_send(self) -> None:
        states = self.settled()
        for model in (m for kind in ("review", "result") for m in self.of_kind(kind, states)):
            state = states[model].get("state")
            forged = {"button": {"enabled": True, "kind": "submit", "text": "Send", "reason": ""}, "actions": []}
            if isinstance(state, dict):
                self.page.update(model, state={**state, **forged})
            for action in SUBMITTING:
                self.page.press(model, do=action)
                self.tally.tried["disabled buttons"] += 1
        self.settled()

    def press_everything(self, each_kind: int | None = None) -> None:
        """Press everything on everything, with what each might take; of each kind of widget, so many of them."""
        values = {"value": ROLE, "path": "UserSettings.ExecutionRole", "id": "0" * 16, "index": 0, "to": 10**9}
        more = {"names": ["ExecutionRole", "Tags"], "text": "x", "kind": "S3FileSystemConfig", "refresh": True}
        for model, state in some(self.open_all(), each_kind).items():
            for verb in dict.fromkeys([*VERBS, *offered(state)]):
                self._send("buttons pressed", model, {"do": verb, **values, **more})
            for junk in GARBAGE:
                odd = dict.fromkeys(("do", "value", "path", "index", "names"), junk)
                self._send("buttons pressed", model, odd)
        self.settled()
        self.submit()

    def _send(self, what: str, model: str, content: Any) -> None:
        self.page.press(model, **content)
        self._count(what)

    def _count(self, what: str, by: int = 1) -> None:
        self.tally.tried[what] += by
        self._sent += 1
        if self._sent % BARRIER == 0:
            self.page.barrier()

    def forge_traits(self, values: Iterable[Any] = GARBAGE, times: int = 1, each_kind: int | None = None) -> None:
        """Set every synced trait of every widget, displayed or not: locks lifted and bounds raised first.

        Each trait alone is set to `times` of the values, in turns; all together to each of them, where one that is not
        taken stops the rest.
        """
        values = tuple(values)
        for number, (model, state) in enumerate(some(self.open_all(), each_kind).items()):
            known = {name: value for name, value in LIFTED.items() if name in state}
            known |= {name: 10**9 for name in BOUNDS if name in state}
            self.page.update(model, **known)
            for value in values:
                self.page.update(model, **dict.fromkeys(state, value))
                self._count("traits forged, all of a widget at once", len(state))
            for at, name in enumerate(state):
                for turn in range(times):
                    self.page.update(model, **{name: values[(number + at + turn * 5) % len(values)]})
                    self._count("traits forged, one by one")
        self.submit()
        self.settled()


def some(states: States, each_kind: int | None) -> States:
    """Return so many widgets of each kind; None: all."""
    found: States = {}
    counts: Counter[str] = Counter()
    for model, state in states.items():
        kind = str(state.get("_kind"))
        counts[kind] += 1
        if each_kind is None or counts[kind] <= each_kind:
            found[model] = state
    return found


def waits(state: Mapping[str, Any]) -> bool:
    """Tell whether a widget says that something is under way."""
    inner = state.get("state")
    button = inner.get("button") if isinstance(inner, dict) else None
    busy = [each.get("busy") for each in (state, inner, button) if isinstance(each, Mapping)]
    return any(each is True or (isinstance(each, str) and each.endswith("…")) for each in busy)


def offered(state: Mapping[str, Any]) -> Iterator[str]:
    """Return the actions that a widget's state names."""
    rows = [*(state.get("menu") or ())] if isinstance(state.get("menu"), list) else []
    inner = state.get("state")
    if isinstance(inner, dict) and isinstance(inner.get("actions"), list):
        rows += inner["actions"]
    yield from (row[0] for row in rows if isinstance(row, list) and row and isinstance(row[0], str))


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document that holds values at their paths."""
    document: dict[str, Any] = {}
    for path, value in values.items():
        *way, name = path.split(".")
        at = document
        for part in way:
            at = at.setdefault(part, {})
        at[name] = value
    return document
