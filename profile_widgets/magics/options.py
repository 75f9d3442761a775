"""The one table of options: what parsing, help, completion and the documentation are made from.

The options of a request come from the installed service model, one for each member, so a member that AWS adds has its
option with the next botocore. The others are rows of :data:`ROWS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from profile_widgets.formats.cli_command import option as option_for
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, Member, input_member

STRING = "string"
STRUCTURE = "structure"
LIST = "list"
CHOICE = "choice"
FLAG = "flag"
SECONDS = "seconds"
KINDS = (STRING, STRUCTURE, LIST, CHOICE, FLAG, SECONDS)
"""Every kind of option; a list takes several words, a flag none."""

MAGICS = MappingProxyType({CREATE: "create_user_profile", UPDATE: "update_user_profile"})
"""The magic of each operation."""

BODY = "-"
"""The value that stands for the body of a cell."""


@dataclass(frozen=True)
class Option:
    """Describe an option.

    ``name`` is without its dashes, ``kind`` one of :data:`KINDS`, ``operations`` those that have it. ``choices`` are
    the values of a choice; one that may be left out stands for ``otherwise``. ``summary`` says in a sentence what it is
    for, ``widget`` where the same is in the page and ``python`` where it is in a program. ``member`` is the request's
    member that it gives, ``None`` for the others; ``takes_body`` tells whether ``-`` stands for a cell's body.
    """

    name: str
    kind: str
    summary: str
    widget: str
    python: str
    operations: tuple[str, ...] = OPERATIONS
    choices: tuple[str, ...] = ()
    otherwise: str = ""
    takes_body: bool = False
    member: Member | None = field(default=None, repr=False, compare=False)

    @property
    def flag(self) -> str:
        """Return the option as it is typed."""
        return f"--{self.name}"

    @property
    def required(self) -> bool:
        """Tell whether a request is not complete without it."""
        return self.member is not None and self.member.required

    @property
    def usage(self) -> str:
        """Return the option with what it takes, as a synopsis shows it."""
        if self.kind == FLAG:
            return self.flag
        value = "|".join(self.choices) if self.choices else "<seconds>" if self.kind == SECONDS else "<value>"
        if self.otherwise:
            return f"{self.flag} [{value}]"
        return f"{self.flag} {value}{' ...' if self.kind == LIST else ''}"


_PANEL = "Connection"
_LOAD = "Load a request: paste, upload or path"

ROWS: tuple[Option, ...] = (
    Option(
        "cli-input-json", STRING,
        "The request as JSON, or file:// with the name of a file that holds it, or - for the cell's body. "
        "Options beside it win over its members. "
        "The settings alone are taken as UserSettings; the AWS CLI refuses them.",
        _LOAD, 'from profile_widgets.formats.reading import read; read(text, "json")', takes_body=True,
    ),
    Option(
        "cli-input-yaml", STRING,
        "The request as YAML, or file:// with the name of a file that holds it, or - for the cell's body. "
        "Options beside it win over its members. "
        "The settings alone are taken as UserSettings; the AWS CLI refuses them.",
        _LOAD, 'from profile_widgets.formats.reading import read; read(text, "yaml")', takes_body=True,
    ),
    Option(
        "generate-cli-skeleton", CHOICE,
        "Print a request to fill in (input, yaml-input) or a made-up answer (output, which checks the request first), "
        "and send nothing.",
        "The form itself: it shows every member. Review, JSON or YAML: the request as far as it is filled in",
        'from profile_widgets.formats.skeletons import skeleton; skeleton("UpdateUserProfile", "yaml-input")',
        choices=("input", "yaml-input", "output"), otherwise="input",
    ),
    Option(
        "debug", FLAG,
        "Write down what is sent and received, without keys, tokens and signatures: here, and in a file.",
        f"{_PANEL}: Debug log", "Connection(debug=True)",
    ),
    Option(
        "endpoint-url", STRING,
        "Send requests to this address instead of AWS's own.",
        f"{_PANEL}: Endpoint URL", 'Connection(endpoint_url="https://sagemaker.example.com")',
    ),
    Option(
        "no-verify-ssl", FLAG,
        "Do not check the server's certificate.",
        f"{_PANEL}: Check certificates, switched off", "Connection(verify=False)",
    ),
    Option(
        "no-paginate", FLAG,
        "Read the first page of a list only. Both commands answer in one piece, so their answers stay the same.",
        "Every list to choose from is read in pages, and says when it has more", "Connection(paginate=False)",
    ),
    Option(
        "output", CHOICE,
        "How the answer is printed. Without it AWS_DEFAULT_OUTPUT counts, then the profile's output, then json.",
        "Result: the response as JSON, YAML, YAML stream, text or table",
        'from profile_widgets.formats.printing import show; show(answer, "table")',
        choices=("json", "yaml", "yaml-stream", "text", "table"),
    ),
    Option(
        "query", STRING,
        "A JMESPath query: what of the answer is printed.",
        "Result: Query", 'from profile_widgets.formats.query import query; query("UserProfileArn", answer)',
    ),
    Option(
        "profile", STRING,
        "The profile of the AWS configuration files to use.",
        f"{_PANEL}: AWS profile", 'Connection(profile="ml")',
    ),
    Option("region", STRING, "The AWS region to use.", f"{_PANEL}: Region", 'Connection(region="eu-west-1")'),
    Option(
        "version", FLAG,
        "Print the versions of the kit and of what it stands on, and do nothing else.",
        "Beside the page: profile-widgets --version", "import profile_widgets; profile_widgets.__version__",
    ),
    Option(
        "color", CHOICE,
        "Whether a table is printed in colours; auto: in a terminal.",
        "The page follows the front end's colours, light or dark",
        'from profile_widgets.formats.printing import show; show(answer, "table", color=True)',
        choices=("on", "off", "auto"),
    ),
    Option(
        "no-sign-request", FLAG,
        "Do not sign requests, and so use no credentials.",
        f"{_PANEL}: Do not sign requests", "Connection(unsigned=True)",
    ),
    Option(
        "ca-bundle", STRING,
        "The file of certificate authorities to trust.",
        f"{_PANEL}: CA bundle", 'Connection(ca_bundle="ca.pem")',
    ),
    Option(
        "cli-read-timeout", SECONDS,
        "Seconds to wait for an answer, 0 for ever. Without it 20; the AWS CLI waits 60.",
        f"{_PANEL}: Read timeout", "Connection(read_timeout=60)",
    ),
    Option(
        "cli-connect-timeout", SECONDS,
        "Seconds to wait for a connection, 0 for ever. Without it 5; the AWS CLI waits 60.",
        f"{_PANEL}: Connect timeout", "Connection(connect_timeout=60)",
    ),
    Option(
        "cli-binary-format", CHOICE,
        "How binary members are written: base64, or as they are. No member of these requests is binary today.",
        "No field is binary", "bytes",
        choices=("base64", "raw-in-base64-out"),
    ),
    Option(
        "no-cli-pager", FLAG,
        "Never show long output in a pager. A notebook never does; AWS_PAGER, cli_pager and PAGER count too.",
        "The page scrolls", 'from profile_widgets.formats.printing import show; print(show(answer, "json"), end="")',
    ),
    Option(
        "cli-auto-prompt", FLAG,
        "Open the editor, filled with what was given, instead of sending. AWS_CLI_AUTO_PROMPT (on, on-partial, off) "
        "and cli_auto_prompt in the configuration say it for every call.",
        "The page itself", "UserProfileEditor(domain_id, user_profile_name, request=request)",
    ),
    Option(
        "no-cli-auto-prompt", FLAG,
        "Do not open the editor, whatever AWS_CLI_AUTO_PROMPT and the configuration say.",
        "Closing the page sends nothing", "editor.close()",
    ),
)  # fmt: skip
"""The options that both commands share and that are no members of the request."""


@dataclass(frozen=True)
class Place:
    """Say in a sentence what a member of the request is for, and where it is in the page and in a program."""

    purpose: str
    widget: str
    python: str


PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "DomainId": Place("The domain of the profile.", "Domain, at the top", "UserProfileEditor(domain_id)"),
        "UserProfileName": Place(
            "The name of the profile.", "User profile, at the top", "UserProfileEditor(domain_id, user_profile_name)"
        ),
        "SingleSignOnUserIdentifier": Place(
            "By what the person is named in single sign-on: UserName.",
            "New profile: Single sign-on identifier",
            "editor.draft.model.SingleSignOnUserIdentifier",
        ),
        "SingleSignOnUserValue": Place(
            "The person's name in single sign-on.",
            "New profile: Single sign-on user",
            "editor.draft.model.SingleSignOnUserValue",
        ),
        "Tags": Place(
            "Tags of the new profile: Key=team,Value=research, several of them, JSON or YAML.",
            "New profile: Tags",
            "editor.draft.model.Tags",
        ),
        "UserSettings": Place(
            "The settings: shorthand, JSON, YAML, file:// or the cell's body; each member is listed below.",
            "The form: one section for each part",
            "editor.settings, UserSettings.from_document(document)",
        ),
    }
)
"""The members of a request that are known; newer ones stand under "More"."""


def place_of(name: str) -> Place:
    """Return where a member of the request is."""
    newer = Place("A member that the installed botocore knows.", "The form: More", f'request["{name}"]')
    return PLACES.get(name, newer)


@cache
def options(operation: str) -> Mapping[str, Option]:
    """Return the options of an operation by name, those of the request first.

    Example::

        >>> options("UpdateUserProfile")["domain-id"].required
        True
    """
    members = input_member(operation).members.values()
    rows = [*(_of_member(each, operation) for each in members), *ROWS]
    return MappingProxyType({row.name: row for row in rows})


def _of_member(member: Member, operation: str) -> Option:
    kind = STRUCTURE if member.is_structure else LIST if member.kind == "list" else STRING
    place = place_of(member.name)
    others = tuple(each for each in OPERATIONS if each == operation or member.name in input_member(each).members)
    return Option(
        name=option_for(member.name).removeprefix("--"),
        kind=kind,
        summary=member.help.summary,
        widget=place.widget,
        python=place.python,
        operations=others,
        choices=member.enum,
        takes_body=kind in (STRUCTURE, LIST),
        member=member,
    )
