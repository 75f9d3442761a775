"""A sandbox with profiles of two people, a policy for them, and a Hub that shows them the page."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import httpx
from playwright.sync_api import expect

from profile_widgets.sandbox import Sandbox
from tests.browser.page_driver import LONG, ProfilePage
from tests.hostile.client import Address, Person
from tests.hub.running import ROOT, Hub

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DEPLOY = ROOT / "deploy" / "jupyterhub"
DOMAIN = "d-9xk2m4tq7abc"
PEOPLE = ("alice", "bob")
TYPE = "UserSettings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
POLICY = f"""
version: 1
title: Self-service
contact: the platform team
profile:
  template: "{{user}}"
  domain_id: {DOMAIN}
rules:
  - for: {{groups: [profiles]}}
    profiles: own
    operations: ["sts:GetCallerIdentity", DescribeUserProfile, UpdateUserProfile, DescribeDomain, ListDomains, ListApps]
    edit: [JupyterLabAppSettings.DefaultResourceSpec.InstanceType]
    read: ["*"]
    allow:
      JupyterLabAppSettings.DefaultResourceSpec.InstanceType: {{values: [ml.t3.medium, ml.t3.large]}}
"""


@dataclass
class Company:
    """A Hub before a sandbox."""

    hub: Hub
    sandbox: Sandbox

    def stored(self, name: str, path: str) -> Any:
        """Return a setting of a profile as AWS holds it, None when it is not set."""
        found = client_of(self.sandbox).describe_user_profile(DomainId=DOMAIN, UserProfileName=name)
        value: Any = found
        for member in path.split("."):
            value = value.get(member, {})
        return value or None

    def audit(self, name: str) -> list[dict[str, Any]]:
        """Return the lines of an audit's file."""
        return [json.loads(line) for line in (self.hub.folder / "audit" / name).read_text().splitlines()]


def own_credentials(sandbox: Sandbox, file: Path) -> None:
    """Write an AWS profile for each person: a session that may change their own user profile, and read."""
    role = sandbox.add_role("Visitor")
    sts = client_of(sandbox, "sts")
    read = {"Effect": "Allow", "Action": ["sagemaker:Describe*", "sagemaker:List*", "sts:*"], "Resource": "*"}
    text = ""
    for name in PEOPLE:
        arn = f"arn:aws:sagemaker:{sandbox.region}:*:user-profile/{DOMAIN}/{name}"
        write = {"Effect": "Allow", "Action": "sagemaker:UpdateUserProfile", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [read, write]})
        answer = sts.assume_role(RoleArn=role, RoleSessionName=name, SourceIdentity=name, Policy=policy)
        keys = answer["Credentials"]
        text += f"[person-{name}]\naws_access_key_id = {keys['AccessKeyId']}\n"
        text += f"aws_secret_access_key = {keys['SecretAccessKey']}\naws_session_token = {keys['SessionToken']}\n"
    file.write_text(text)
    file.chmod(0o600)


@contextlib.contextmanager
def company(folder: Path, proxy: str, configuration: str, **settings: str) -> Iterator[Company]:
    """Give a Hub that loads one of the deployment's configurations, before a sandbox."""
    (folder / "policy.yaml").write_text(POLICY)
    (folder / "audit").mkdir(mode=0o700)
    with Sandbox() as sandbox:
        sagemaker = client_of(sandbox)
        for name in PEOPLE:
            sagemaker.create_user_profile(DomainId=DOMAIN, UserProfileName=name)
        sandbox.settle()
        own_credentials(sandbox, folder / "credentials")
        environment = {
            **sandbox.environment,
            "PROFILES_POLICY": str(folder / "policy.yaml"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
            "PROFILE_WIDGETS_DATA_DIR": str(folder / "data"),
            **settings,
        }
        text = f"load_subconfig({str(DEPLOY / configuration)!r})\n"
        with Hub(folder, proxy, text, environment) as hub:
            yield Company(hub, sandbox)


def sign_in_with(browser: Browser, hub: Hub, name: str, path: str, begin: str = "") -> Page:
    """Open a page of the Hub in a browser of somebody's own, who signs in on the way; return its tab.

    ``begin`` is where they begin, when that is not the page itself.
    """
    tab = browser.new_context().new_page()
    tab.goto(hub.url + (begin or path))
    tab.locator("[name=username]").fill(name)
    tab.locator("[name=password]").fill("open sesame")
    tab.locator("#login_submit").click()
    tab.wait_for_url(f"**{path}", timeout=120_000)
    return tab


def change_type(page: ProfilePage, name: str, value: str) -> None:
    """Choose an instance type for JupyterLab and send it."""
    expect(page.button(f"Update {name}")).to_be_visible(timeout=LONG)
    page.expand("JupyterLab app")
    offered = page.box(TYPE).locator("option").filter(has_text=value)
    page.box(TYPE).select_option(label=offered.last.inner_text())
    page.submit(f"Update {name}", "Updated")


def client_of(sandbox: Sandbox, service: str = "sagemaker") -> Any:
    """Return an administrator's own way to the sandbox."""
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=sandbox.endpoint_url,
        region_name=sandbox.region,
        aws_access_key_id="office",
        aws_secret_access_key="office",
    )


def person(client: httpx.Client, name: str, path: str) -> Person:
    """Return somebody with the cookies that their browser sends to a path."""
    said = client.build_request("GET", path).headers.get("Cookie", "")
    return Person(name, cookies=dict(each.split("=", 1) for each in said.split("; ") if each))


def address(hub: Hub, path: str) -> Address:
    """Return a page's address behind the Hub's proxy."""
    return Address(hub.url + path)
