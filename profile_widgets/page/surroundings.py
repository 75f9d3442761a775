"""What a kernel is told by its environment: whose it is and what they may do, and no secret of the server's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from profile_widgets.page.settings import NO_OTHER_CREDENTIALS
from profile_widgets.served import ACTS_AS, AUDIT, LENT, POLICY, VISITOR, WHOSE, Visitor

SERVERS_OWN = ("JUPYTERHUB_", "JUPYTER_TOKEN", "JPY_", "CONFIGPROXY_", VISITOR, POLICY, AUDIT, WHOSE, ACTS_AS, LENT)
"""How names begin that are the server's own business: a Hub's tokens, and what only this module may say."""
SECRETS_OF_AWS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE",
    "AWS_WEB_IDENTITY",
    "AWS_CONTAINER_",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_BEARER_TOKEN",
    "AWS_LOGIN_CACHE",
)
"""How names begin by which a process comes to AWS credentials."""


@dataclass(frozen=True)
class Surroundings:
    """What every kernel of a page is told; :meth:`of` adds what is a visitor's own.

    >>> told = Surroundings(policy="self-service").of({"JUPYTERHUB_API_TOKEN": "secret"}, Visitor("alice"))
    >>> sorted(told)
    ['PROFILE_WIDGETS_POLICY', 'PROFILE_WIDGETS_VISITOR']
    """

    policy: str = ""
    audit: str = ""
    acts_as: str = ""

    def of(
        self,
        base: Mapping[str, str],
        visitor: Visitor,
        whose: str = "",
        credentials: Mapping[str, str] | None = None,
        acts_as: str = "",
    ) -> dict[str, str]:
        """Return a visitor's kernel's environment.

        ``credentials`` take the place of every way by which boto3 would find some: what ``base`` names, the files in
        the home folder, the machine's metadata. With empty ones it finds none; None leaves everything as it is.
        ``acts_as`` is a sentence about them, instead of the page's usual one.
        """
        hidden = SERVERS_OWN if credentials is None else SERVERS_OWN + SECRETS_OF_AWS
        kept = {name: value for name, value in base.items() if not name.startswith(hidden)}
        if credentials is not None:
            kept |= {**NO_OTHER_CREDENTIALS, **credentials, LENT: "1" if credentials else "0"}
        said = {POLICY: self.policy, AUDIT: self.audit, ACTS_AS: acts_as or self.acts_as, WHOSE: whose}
        own = {name: value for name, value in said.items() if value}
        return {**kept, **own, VISITOR: visitor.to_json()}


def whose_json(domain_id: str, user_profile_name: str) -> str:
    """Return the text by which a kernel knows its visitor's own profile."""
    return json.dumps({"DomainId": domain_id, "UserProfileName": user_profile_name})


def nobodys_json(sentence: str) -> str:
    """Return the text by which a kernel knows why its visitor has no profile."""
    return json.dumps({"error": sentence})
