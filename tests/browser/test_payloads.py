"""A script in every text that AWS or a person can supply, shown in every place: none runs, with and without the CSP.

What AWS answers is spoiled on its way (:mod:`tests.browser.spoiling`); what a person hands over is a request in which
every text is the payload. The payload's own worth is shown too: put into the page as HTML, it runs where no CSP is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from profile_widgets.checks.policy.loading import ready_text
from profile_widgets.editing.presets import FOLDERS
from profile_widgets.page import PageServer, page_notebook
from profile_widgets.page.closing import Closing
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox
from tests.browser.conftest import DOMAIN
from tests.browser.page_driver import LAB, LONG, ProfilePage
from tests.browser.spoiling import CALM, MARK, PAYLOAD, Spoiler, everything
from tests.browser.test_drafts import RESTORE

pytestmark = pytest.mark.browser

NAMES = frozenset({"DomainId", "UserProfileName"})
"""What a request is sent to: with a script in these there is nothing to send."""
CANVAS = "UserSettings.CanvasAppSettings"
SPEC = f"{LAB}.DefaultResourceSpec"
LISTS = {
    "UserSettings.ExecutionRole": "ListRoles",
    "UserSettings.SecurityGroups": "DescribeSecurityGroups",
    f"{SPEC}.SageMakerImageArn": "ListImages",
    f"{SPEC}.LifecycleConfigArn": "ListStudioLifecycleConfigs",
    f"{LAB}.CustomImages[0].AppImageConfigName": "ListAppImageConfigs",
    f"{LAB}.CodeRepositories[0].RepositoryUrl": "ListCodeRepositories",
    "UserSettings.SharingSettings.S3OutputPath": "/",
    "UserSettings.SharingSettings.S3KmsKeyId": "ListAliases",
    f"{CANVAS}.IdentityProviderOAuthSettings[0].SecretArn": "ListSecrets",
}
"""Fields that offer what the account holds, with the answer that it comes in."""
DISK = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb"
SHORT = PAYLOAD[: PAYLOAD.index("<a ")]
"""What fits into a policy's title: everything up to the link."""
VISITOR = "<img/src=x/onerror=ran.push(1)>"
"""A name that a proxy can hand over."""
RAN = """() => {
  const bad = [...document.querySelectorAll('*')].filter(node =>
    [...node.attributes].some(each => (each.name.startsWith('on') && each.value.includes('ran.push'))
      || (/^\\s*javascript:/i.test(each.value) && /^(href|src|action|formaction|xlink:href)$/.test(each.name)))
    || (node.localName === 'script' && !/json/.test(node.type) && node.textContent.includes('ran.push'))
    || node.matches('img[src="x"]'));
  return [window.ran, bad.map(node => node.outerHTML)];
}"""
SHOWN = """() => {
  const boxes = [...document.querySelectorAll('input, textarea, select')];
  const held = boxes.filter(each => each.value.includes('onerror=ran.push(1)'));
  return document.body.innerText.split('onerror=ran.push(1)').length - 1 + held.length;
}"""


def nothing_ran(page: ProfilePage, shown: int = 1) -> None:
    """Check that the payload stands on the page as a text, in ``shown`` places at least, and did nothing."""
    page.tab.wait_for_function(f"least => ({SHOWN})() >= least", arg=shown)
    assert page.tab.evaluate(RAN) == [[], []]


# -- servers -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spoiler(running_sandbox: Sandbox) -> Iterator[Spoiler]:
    spoiler = Spoiler(running_sandbox.endpoint_url)
    yield spoiler
    spoiler.close()


@pytest.fixture(scope="module")
def environment(running_sandbox: Sandbox, spoiler: Spoiler, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what the kernels are told: the way to AWS through the spoiler, and presets with a script in them."""
    presets = tmp_path_factory.mktemp("presets")
    text = json.dumps(PAYLOAD)
    (presets / "team.yaml").write_text(f"# {PAYLOAD}\n# {PAYLOAD}\nUserSettings: {{ExecutionRole: {text}}}\n", "utf-8")
    (presets / "<img src=x onerror=ran.push(1)>.yaml").write_text("UserSettings: {", "utf-8")
    settings = {**running_sandbox.environment, "AWS_ENDPOINT_URL": spoiler.url, FOLDERS: str(presets)}
    return sandbox_environment(os.environ, settings)


@pytest.fixture(scope="module")
def without_csp(environment: dict[str, str]) -> Iterator[PageServer]:
    with PageServer(page_notebook(), environment=environment) as server:
        yield server


@pytest.fixture(scope="module")
def with_csp(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    file = tmp_path_factory.mktemp("everything") / "policy.yaml"
    text = ready_text("administrator").partition("  - for:\n")
    file.write_text(f"{text[0]}  - for: everyone\n{text[2].partition(chr(10))[2]}", "utf-8")
    closing = Closing(policy=str(file), identity="demo", demo_visitor=VISITOR)
    with PageServer(page_notebook(), environment=environment, closing=closing) as server:
        yield server


@pytest.fixture
def server(request: pytest.FixtureRequest, csp: str) -> PageServer:
    return request.getfixturevalue(csp)  # type: ignore[no-any-return]


def on_both(*, long: str = "") -> pytest.MarkDecorator:
    """Run a test on the page without and with the CSP, the one named ``long`` with the longest tests only."""
    kinds = ("without_csp", "with_csp")
    marks = {kind: [pytest.mark.long] if kind == long else [] for kind in kinds}
    return pytest.mark.parametrize("csp", [pytest.param(kind, marks=marks[kind]) for kind in kinds])


@pytest.fixture
def open_page(
    server: PageServer, sandbox: Sandbox, spoiler: Spoiler, new_tab: Callable[..., Page]
) -> Callable[..., ProfilePage]:
    """Return a function that opens the page, ready to notice a script."""
    assert sandbox.calls == ()
    spoiler.calm, spoiler.on = CALM, True
    spoiler.spoiled.clear()

    def open_it() -> ProfilePage:
        tab = new_tab(viewport={"width": 1200, "height": 1000})
        tab.add_init_script("window.ran = []")
        tab.goto(server.url)
        page = ProfilePage(tab)
        expect(page.chooser("Domain")).to_be_visible(timeout=LONG)
        return page

    return open_it


# -- what AWS can supply -------------------------------------------------------------------------------------------


def open_lists(page: ProfilePage) -> None:
    """Open each list of what the account holds, one after the other."""
    for path in LISTS:
        page.box(path).scroll_into_view_if_needed()
        page.at(path).get_by_role("button", name="Show choices").first.click()
        expect(page.at(path).get_by_role("option").filter(has_text=MARK).first).to_be_visible(timeout=LONG)
        nothing_ran(page)
        page.tab.keyboard.press("Escape")


@on_both(long="with_csp")
def test_a_script_in_every_answer_of_aws_is_a_text_in_every_place(
    open_page: Callable[..., ProfilePage], spoiler: Spoiler, csp: str
) -> None:
    spoiler.calm = CALM | NAMES
    page = open_page()
    page.open_profile("research", "analyst-1")
    page.button("Expand all").click()
    expect(page.header("TensorBoard app")).to_have_attribute("aria-expanded", "true")
    nothing_ran(page, 30)
    page.button("Effective settings").click()
    page.button("Connection").click()
    page.button("Start from another").click()
    page.choose("From user profile", "ml-lead")
    expect(page.heading("From ml-lead")).to_be_visible(timeout=LONG)
    nothing_ran(page, 60)
    open_lists(page)
    page.root.get_by_role("searchbox").fill("ran.push")
    nothing_ran(page, 10)
    if csp == "with_csp":  # its page has a policy, which takes no profile by another name than the one asked for
        return
    page.root.get_by_role("searchbox").fill("")
    spoiler.calm = frozenset({"__type"})
    page.choose("User profile", "data-scientist-1")
    expect(page.heading(f"Review: no changes to data-scientist-1{PAYLOAD}")).to_be_visible(timeout=LONG)
    nothing_ran(page, 30)
    answered = {each.partition(".")[0] for each in spoiler.spoiled}
    assert answered >= {"ListDomains", "ListUserProfiles", "DescribeDomain", "DescribeUserProfile", "GetCallerIdentity"}
    assert answered >= set(LISTS.values())
    assert len(spoiler.spoiled) > 100


@on_both(long="without_csp")
def test_a_script_in_what_aws_says_to_a_change_is_a_text(
    open_page: Callable[..., ProfilePage], spoiler: Spoiler, sandbox: Sandbox
) -> None:
    spoiler.calm = CALM | NAMES
    page = open_page()
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    page.type(DISK, "30")
    role = "arn:aws:iam::123456789012:role/service-role/Theirs"
    ours = {"DomainId": DOMAIN, "UserProfileName": "analyst-1"}
    sandbox.connection.client("sagemaker").update_user_profile(**ours, UserSettings={"ExecutionRole": role})
    sandbox.settle()
    page.submit("Update analyst-1", "Changed by somebody else meanwhile")
    expect(page.root.get_by_text("service-role/Theirs", exact=False).first).to_be_visible()
    nothing_ran(page, 3)
    page.button("Merge: keep both").click()
    sandbox.fail_next("UpdateUserProfile", code="ValidationException", message="No.")
    page.submit("Update analyst-1", "This did not work")
    nothing_ran(page, 3)
    sandbox.fail_next("UpdateUserProfile", reason="No.")
    page.press("Try again", "This did not work")
    expect(page.root.get_by_role("alert").filter(has_text="Update_Failed").first).to_be_visible(timeout=LONG)
    nothing_ran(page, 3)
    page.press("Try again", "Updated")
    page.button("Response").last.click()
    nothing_ran(page, 3)


# -- what a person can hand over -----------------------------------------------------------------------------------


def upload(page: ProfilePage, file: Path) -> None:
    """Upload a request."""
    with page.tab.expect_file_chooser() as chosen:
        page.button("Upload a file").click()
    chosen.value.set_files(file)


@on_both(long="with_csp")
def test_a_script_in_everything_that_a_person_hands_over_is_a_text(
    open_page: Callable[..., ProfilePage], spoiler: Spoiler, tmp_path: Path
) -> None:
    spoiler.on = False
    file = tmp_path / "<img src=x onerror=ran.push(1)>.json"
    who = {"DomainId": PAYLOAD, "UserProfileName": PAYLOAD, "SingleSignOnUserValue": PAYLOAD}
    tags = [{"Key": PAYLOAD, "Value": PAYLOAD}]
    file.write_text(json.dumps({**who, "Tags": tags, PAYLOAD: PAYLOAD, "UserSettings": everything()}), "utf-8")
    page = open_page()
    page.begin_profile("research", PAYLOAD)
    nothing_ran(page, 2)
    page.load_again()
    page.open_profile("research", "analyst-1")
    page.button("Load a request").click()
    upload(page, file)
    expect(page.root.get_by_text("and cannot be used", exact=False).first).to_be_visible(timeout=LONG)
    nothing_ran(page, 20)
    file.write_text(json.dumps({"UserSettings": everything()}), "utf-8")
    upload(page, file)
    expect(page.change_row("Execution role").first).to_be_visible(timeout=LONG)
    page.button("Expand all").click()
    expect(page.header("TensorBoard app")).to_have_attribute("aria-expanded", "true")
    nothing_ran(page, 60)
    for tab in page.root.get_by_role("tab").all():
        tab.click()
        expect(page.request).to_contain_text(MARK)
        nothing_ran(page, 60)
    page.root.get_by_role("searchbox").fill(PAYLOAD)
    nothing_ran(page)
    page.load_again()
    page.open_profile("research", "analyst-1")
    page.button(RESTORE).click()
    expect(page.change_row("Execution role").first).to_be_visible()
    nothing_ran(page, 20)


# -- what a policy and a sign-in can say ---------------------------------------------------------------------------


def written_policy(folder: Path) -> Path:
    """Write a policy in which every text of its own is the payload, for a visitor whose name is one."""
    member = "JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
    rule = {
        "for": "everyone",
        "profiles": "own",
        "operations": ["sts:GetCallerIdentity", "DescribeUserProfile", "UpdateUserProfile", "DescribeDomain"],
        "read": ["*"],
        "edit": [member, "DefaultLandingUri", "JupyterLabAppSettings.CodeRepositories.RepositoryUrl"],
        "allow": {member: {"values": ["ml.t3.medium"]}, "DefaultLandingUri": {"values": [PAYLOAD]}},
        "defaults": {"DefaultLandingUri": PAYLOAD},
        "help": {member: PAYLOAD, "ExecutionRole": PAYLOAD},
    }
    (folder / "people.json").write_text(json.dumps({VISITOR: "analyst-1"}), "utf-8")
    whose = {"file": "people.json", "domain_id": DOMAIN}
    named = {"version": 1, "title": SHORT, "contact": SHORT, "profile": whose, "rules": [rule]}
    file = folder / "policy.yaml"
    file.write_text(json.dumps(named), "utf-8")
    return file


@pytest.fixture(scope="module")
def with_policy(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    folder = tmp_path_factory.mktemp("policy")
    audit = folder / "audit"
    audit.mkdir(mode=0o700)
    policy, audit_file = str(written_policy(folder)), str(audit / "audit.jsonl")
    closing = Closing(policy=policy, audit=audit_file, identity="demo", demo_visitor=VISITOR, acts_as=PAYLOAD)
    with PageServer(page_notebook(), environment=environment, closing=closing) as server:
        yield server


@pytest.mark.parametrize("csp", ["with_policy"])
def test_a_script_in_a_policy_and_in_a_visitors_name_is_a_text(
    new_tab: Callable[..., Page], server: PageServer, spoiler: Spoiler
) -> None:
    spoiler.on = False
    tab = new_tab(viewport={"width": 1200, "height": 1000})
    tab.add_init_script("window.ran = []")
    tab.goto(server.url)
    page = ProfilePage(tab)
    expect(page.root.get_by_text(f"You are {VISITOR}", exact=False).first).to_be_visible(timeout=LONG)
    expect(page.button("Update analyst-1")).to_be_visible(timeout=LONG)
    nothing_ran(page, 2)
    page.button("Expand all").click()
    expect(page.header("TensorBoard app")).to_have_attribute("aria-expanded", "true")
    nothing_ran(page, 4)


# -- what the payload is worth -------------------------------------------------------------------------------------


@on_both()
def test_the_payload_runs_as_html_and_the_csp_alone_would_stop_it(
    server: PageServer, new_tab: Callable[..., Page]
) -> None:
    tab = new_tab()
    tab.add_init_script("window.ran = []; window.refused = []")
    tab.goto(f"{server.url}nothing")
    tab.evaluate(
        """payload => {
          document.addEventListener('securitypolicyviolation', each => window.refused.push(each.violatedDirective));
          document.body.insertAdjacentHTML('beforeend', payload);
        }""",
        PAYLOAD,
    )
    if server.closing is None:
        tab.wait_for_function("window.ran.includes(1)")
        tab.evaluate("document.querySelector('a[href^=javascript]').click()")
        tab.wait_for_function("window.ran.includes(4)")
    else:
        tab.wait_for_function("window.refused.length >= 2")
        tab.evaluate("document.querySelector('a[href^=javascript]').click()")
        tab.wait_for_function("window.refused.length >= 3")
        assert tab.evaluate("window.ran") == []
