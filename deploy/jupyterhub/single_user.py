"""The page as what a JupyterHub starts for each person: a server of their own, in place of JupyterLab.

Loaded by jupyterhub_config.py: ``load_subconfig("/path/to/single_user.py")``. The three names below are read from the
environment of the Hub, so that this file can stay as it is; docs/jupyterhub.md explains them.
"""

import os
from pathlib import Path
from typing import Any

# Beside this, c.JupyterHub.public_url must say by what name people's browsers know the Hub.
c = get_config()  # noqa: F821 - JupyterHub puts it there

PAGE = ["profile-widgets", "serve", "--app", "--no-browser", "--identity", "hub"]
POLICY = os.environ.get("PROFILES_POLICY", "self-service")
AUDIT = os.environ.get("PROFILES_AUDIT", "/var/log/profile-widgets")  # a folder: a file for each person
AWS_PROFILE = os.environ.get("PROFILES_AWS_PROFILE", "")  # an AWS profile for each person: "person-{name}"

c.Spawner.cmd = [*PAGE, "--policy", POLICY, "--max-kernels", "3"]
c.Spawner.http_timeout = 120  # seconds until a page must answer, on a machine where many start at once


def of_their_own(spawner: Any) -> None:
    """Give a server its person's audit file and AWS settings; with an AWS profile, IAM keeps people apart as well."""
    name = spawner.user.escaped_name  # letters, digits and what escapes the rest: no path
    spawner.args = ["--audit", str(Path(AUDIT) / f"{name}.jsonl")]
    aws = {key: value for key, value in os.environ.items() if key.startswith("AWS_")}
    if AWS_PROFILE:
        keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")  # they would count for more
        aws = {key: value for key, value in aws.items() if key not in keys}
        aws["AWS_PROFILE"] = AWS_PROFILE.format(name=name)
    spawner.environment.update(aws)


c.Spawner.pre_spawn_hook = of_their_own
# A server that nobody looks at is ended by jupyterhub-idle-culler; the page itself ends idle kernels before that.
