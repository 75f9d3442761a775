"""The page as a service of a JupyterHub: one server for everybody, a kernel for each visitor.

Loaded by jupyterhub_config.py: ``load_subconfig("/path/to/service.py")``. The four names below are read from the
environment of the Hub, so that this file can stay as it is; docs/jupyterhub.md explains them.
"""

import os

import jupyterhub

# Beside this, c.JupyterHub.public_url must say by what name people's browsers know the Hub.
c = get_config()  # noqa: F821 - JupyterHub puts it there

PAGE = ["profile-widgets", "serve", "--app", "--no-browser", "--identity", "hub"]
POLICY = os.environ.get("PROFILES_POLICY", "self-service")
AUDIT = os.environ.get("PROFILES_AUDIT", "/var/log/profile-widgets/audit.jsonl")
ADDRESS = os.environ.get("PROFILES_ADDRESS", "http://127.0.0.1:10101")
GROUP = os.environ.get("PROFILES_GROUP", "profiles")

c.JupyterHub.services.append(
    {
        "name": "profiles",
        "url": ADDRESS,
        "command": [*PAGE, "--policy", POLICY, "--audit", AUDIT],
        # What the page asks AWS with. A service gets nothing of the Hub's environment that is not named here.
        "environment": {name: value for name, value in os.environ.items() if name.startswith("AWS_")},
        # The page is part of this Hub: nobody is asked whether it may know their name.
        "oauth_no_confirm": True,
        # How long the Hub waits for the page before it gives up. JupyterHub 5 cannot be told, and waits 10 seconds.
        **({"timeout": 120} if jupyterhub.version_info >= (6,) else {}),
    }
)
# Who may open the page at all. What they may do there, the policy says.
c.JupyterHub.load_roles.append(
    {"name": "profiles-visitors", "scopes": ["access:services!service=profiles"], "groups": [GROUP]}
)
