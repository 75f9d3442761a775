"""What a text that names something in the account says about itself, without asking AWS.

An ARN tells the service, the type, the account and the region of what it names. So an ARN that was pasted into the
wrong field, or comes from another account, is recognised before anything is sent, and what the field takes instead can
often be read from it. Nothing here stops a request: the patterns of the service model are checked elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

from profile_widgets.checks.problems import INFORMATION, WARNING, shown

LONGEST = 2048
"""How many characters an ARN may have (IAM's own limit); longer texts are not read."""
NONE = "None"
"""The text with which some members are cleared; it names nothing."""
OF_THE_CONSOLE = "AmazonSageMaker-ExecutionRole-"
"""How the roles begin that SageMaker's console makes, under the path /service-role/."""

_AROUND = " \t\r\n\"'`“”\u2018\u2019«»,;"
_PARTITION = re.compile(r"aws[a-z-]*")
_ACCOUNT = re.compile(r"[0-9]{12}")


@dataclass(frozen=True)
class Arn:
    """Hold the parts of an ARN. ``type`` is ``role``, ``image``, ``""`` for a bucket; ``name`` is all behind it.

    Example::

        >>> read_arn("arn:aws:iam::123456789012:role/service-role/Analyst").last
        'Analyst'
    """

    partition: str
    service: str
    region: str
    account: str
    type: str
    name: str

    @property
    def last(self) -> str:
        """Return the last part of the name, by which people know it."""
        return self.name.rpartition("/")[2]

    def sibling(self, type_: str, name: str) -> str:
        """Return the ARN of something else of the same service, region and account."""
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{type_}/{name}"


@dataclass(frozen=True)
class Remark:
    """Say something about a value: ``values`` are what could stand in the field instead, at one press."""

    severity: str
    text: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Home:
    """Say where the domain is, to tell what is of elsewhere; a part that is not known is empty and tells nothing."""

    account: str = ""
    region: str = ""
    partition: str = ""


@dataclass(frozen=True)
class Target:
    """Say what a field takes: of which service and types, ``what`` in words, and ``form``: the ARN, the id, the name.

    ``read`` makes the value for the field from an ARN of another type that leads there; ``""`` when it does not.
    """

    service: str
    types: tuple[str, ...]
    what: str
    form: str = "the ARN"
    read: Callable[[Arn], str] = lambda _arn: ""


def read_arn(text: str) -> Arn | None:
    """Return the parts of an ARN, ``None`` when the text is none.

    Example::

        >>> read_arn("arn:aws:s3:::my-bucket/folder").name
        'my-bucket/folder'
        >>> read_arn("my-bucket") is None
        True
    """
    parts = text.split(":", 5) if len(text) <= LONGEST else []
    if len(parts) != 6 or parts[0] != "arn" or not _PARTITION.fullmatch(parts[1]) or not parts[2] or not parts[5]:
        return None
    _, partition, service, region, account, resource = parts
    if service == "s3" and not (region or account):  # a bucket, or what is in it
        return Arn(partition, service, region, account, "", resource)
    found = re.match(r"([^/:]+)[/:](.*)", resource, re.DOTALL)
    kind, name = found.groups() if found else ("", resource)
    return Arn(partition, service, region, account, kind, name)


# -- what an ARN of another type says ------------------------------------------------------------------------------


def _role_of_session(arn: Arn) -> str:
    """Return the role of a session (an assumed role), with the path that SageMaker's console gives, or without one."""
    name = arn.name.partition("/")[0]
    path = "service-role/" if name.startswith(OF_THE_CONSOLE) else ""
    is_session = (arn.service, arn.type) == ("sts", "assumed-role")
    return f"arn:{arn.partition}:iam::{arn.account}:role/{path}{name}" if is_session and name else ""


def _image(arn: Arn) -> str:
    version = (arn.service, arn.type) == ("sagemaker", "image-version")
    return arn.sibling("image", arn.name.partition("/")[0]) if version else ""


def _image_name(arn: Arn) -> str:
    is_image = arn.service == "sagemaker" and arn.type in ("image", "image-version")
    return arn.name.partition("/")[0] if is_image else ""


def _version_number(arn: Arn) -> str:
    is_version = (arn.service, arn.type) == ("sagemaker", "image-version")
    return arn.last if is_version and arn.last.isdecimal() else ""


def _named(service: str, *types: str) -> Callable[[Arn], str]:
    return lambda arn: arn.last if arn.service == service and arn.type in types else ""


def _location(arn: Arn) -> str:
    return f"s3://{arn.name}" if arn.service == "s3" and not (arn.region or arn.account) else ""


TARGETS: MappingProxyType[str, Target] = MappingProxyType(
    {
        "role": Target("iam", ("role",), "an IAM role", read=_role_of_session),
        "emr-role": Target("iam", ("role",), "an IAM role", read=_role_of_session),
        "image": Target("sagemaker", ("image",), "a SageMaker image", read=_image),
        "image-version": Target("sagemaker", ("image-version",), "a SageMaker image version"),
        "lifecycle-config": Target("sagemaker", ("studio-lifecycle-config",), "a Studio lifecycle configuration"),
        "training-plan": Target("sagemaker", ("training-plan",), "a SageMaker training plan"),
        "secret": Target("secretsmanager", ("secret",), "a secret in Secrets Manager"),
        "kms-key": Target("kms", ("key", "alias"), "a KMS key", "the id or the ARN"),
        "security-group": Target(
            "ec2", (), "a security group", "the id (sg-…)", _named("ec2", "security-group")
        ),
        "efs": Target(
            "elasticfilesystem", (), "an EFS file system", "the id (fs-…)", _named("elasticfilesystem", "file-system")
        ),
        "fsx": Target("fsx", (), "an FSx file system", "the id (fs-…)", _named("fsx", "file-system")),
        "s3": Target("s3", (), "a place in S3", "the address (s3://…)", _location),
        "image-name": Target("sagemaker", (), "a SageMaker image", "the name", _image_name),
        "image-version-number": Target("sagemaker", (), "an image version", "the number", _version_number),
        "app-image-config": Target(
            "sagemaker", (), "an app image configuration", "the name", _named("sagemaker", "app-image-config")
        ),
    }
)  # fmt: skip
"""What each kind of field takes, by the kind that a catalog knows it under."""

NAMES = MappingProxyType(
    {
        ("iam", "role"): ("an IAM role", "Execution role"),
        ("iam", "user"): ("an IAM user", ""),
        ("iam", "policy"): ("an IAM policy", ""),
        ("iam", "instance-profile"): ("an instance profile", ""),
        ("sts", "assumed-role"): ("a session of a role", ""),
        ("sagemaker", "image"): ("a SageMaker image", "Image"),
        ("sagemaker", "image-version"): ("a SageMaker image version", "Image version"),
        ("sagemaker", "app-image-config"): ("an app image configuration", "App image configuration"),
        ("sagemaker", "studio-lifecycle-config"): ("a Studio lifecycle configuration", "Lifecycle configurations"),
        ("sagemaker", "notebook-instance-lifecycle-config"): (
            "a lifecycle configuration of notebook instances, which Studio cannot run",
            "",
        ),
        ("sagemaker", "training-plan"): ("a SageMaker training plan", "Training plan"),
        ("sagemaker", "domain"): ("a SageMaker domain", ""),
        ("sagemaker", "user-profile"): ("a user profile", ""),
        ("sagemaker", "space"): ("a Studio space", ""),
        ("kms", "key"): ("a KMS key", "KMS key for S3"),
        ("kms", "alias"): ("the alias of a KMS key", "KMS key for S3"),
        ("secretsmanager", "secret"): ("a secret in Secrets Manager", "Secret"),
        ("s3", ""): ("a place in S3", "S3 location"),
        ("s3", "accesspoint"): ("an S3 access point", ""),
        ("ec2", "security-group"): ("a security group", "Security groups"),
        ("elasticfilesystem", "file-system"): ("an EFS file system", "File system"),
        ("fsx", "file-system"): ("an FSx file system", "File system"),
    }
)
"""What an ARN of a service and type names in words, and the label of the field that it is for, if there is one."""


def remarks(value: str, kind: str, home: Home = Home(), *, elsewhere: bool = False) -> tuple[Remark, ...]:
    """Return what a value of a field of this kind says about itself; nothing for a kind that is not known.

    ``elsewhere`` says that the field is meant for what belongs to another account.

    Example::

        >>> remarks("arn:aws:sagemaker:eu-west-1:123456789012:image-version/lab/3", "image-version-number")[0].values
        ('3',)
    """
    target = TARGETS.get(kind)
    if target is None or value in ("", NONE):
        return ()
    bare = cleaned(value)
    if bare != value:
        text = "There are quotes, spaces or characters that cannot be seen in this: AWS would take them as part of it."
        return (Remark(WARNING, text, (bare,) if bare else ()),)
    arn = read_arn(value)
    if arn is None:
        return _of_a_text(value, kind)
    if arn.service == target.service and arn.type in target.types:
        return tuple(_of_another_place(arn, target.what, home, elsewhere=elsewhere))
    return tuple(_of_another_kind(arn, target, home, elsewhere=elsewhere))


def cleaned(text: str) -> str:
    """Return a text without what copying leaves in it: quotes and spaces around it, and characters without a shape.

    Example::

        >>> cleaned(' "arn:aws:iam::123456789012:role/A", ')
        'arn:aws:iam::123456789012:role/A'
    """
    seen = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf"))
    return seen.strip(_AROUND)


def _of_a_text(value: str, kind: str) -> tuple[Remark, ...]:
    if kind == "security-group" and not value.startswith("sg-"):
        text = f"Ids of security groups begin with sg-; {shown(value)} may be the name of one."
        return (Remark(WARNING, text),)
    return ()


def _of_another_kind(arn: Arn, target: Target, home: Home, *, elsewhere: bool) -> Iterable[Remark]:
    """Yield what is said of the ARN of something else; no value is offered that would hide that it is of elsewhere."""
    what, field = NAMES.get((arn.service, arn.type), (f"something else ({_type(arn)})", ""))
    instead = target.read(arn)
    takes = f"This is the ARN of {what}. This field takes {target.form} of {target.what}"
    if not instead:
        yield Remark(WARNING, f"{takes}.{f' It is for the field “{field}”.' if field else ''}")
        return
    away = list(_of_another_place(arn, what, home, elsewhere=elsewhere))
    if any(each.severity == WARNING for each in away) or (away and read_arn(instead) is None):
        yield Remark(WARNING, f"{takes}.")
    else:
        yield Remark(WARNING, f"{takes}: here, {instead}{_guess(arn)}.", (instead,))
    yield from away


def _guess(arn: Arn) -> str:
    """Say what was assumed about the role of a session, whose ARN does not tell the role's path."""
    if arn.service != "sts":
        return ""
    return f" (if {'the console made the role' if arn.name.startswith(OF_THE_CONSOLE) else 'the role has no path'})"


def _type(arn: Arn) -> str:
    return shown(f"{arn.service}:{arn.type}" if arn.type else arn.service)


def _of_another_place(arn: Arn, what: str, home: Home, *, elsewhere: bool) -> Iterable[Remark]:
    thing = what.partition(" ")[2]
    if home.partition and arn.partition != home.partition:
        text = f"This {thing} is in the partition {arn.partition}, the domain in {home.partition}: it cannot be used."
        yield Remark(WARNING, text)
    if home.account and _ACCOUNT.fullmatch(arn.account) and arn.account != home.account and not elsewhere:
        text = f"This {thing} is of account {arn.account}, the domain of {home.account}."
        if arn.type in ("image", "image-version"):
            text = f"This {thing} is of account {arn.account}: one of AWS's own, or one that was shared."
        yield Remark(INFORMATION, text)
    if home.region and arn.region and arn.region != home.region:
        yield Remark(INFORMATION, f"This {thing} is in {arn.region}, the domain in {home.region}.")


def is_beyond_the_list(value: str, kind: str, home: Home) -> bool:
    """Tell whether the account's list could not hold a value that may be right: of elsewhere, or not written in full.

    Example::

        >>> is_beyond_the_list("arn:aws:iam::210987654321:role/Partner", "role", Home("123456789012"))
        True
    """
    arn = read_arn(value)
    if arn is None:
        return False
    if kind == "secret" and not re.search(r"-[A-Za-z0-9]{6}$", arn.name):  # AWS takes it without its last six letters
        return True
    other_account = bool(home.account and arn.account and arn.account != home.account)
    return other_account or bool(home.region and arn.region and arn.region != home.region)


def takes_arn(kind: str) -> bool:
    """Tell whether a field of this kind takes ARNs and nothing else.

    Example::

        >>> takes_arn("role"), takes_arn("s3")
        (True, False)
    """
    target = TARGETS.get(kind)
    return target is not None and target.form == "the ARN"


def takes_name_for(kind: str, value: str) -> bool:
    """Tell whether a value may be the name of what a field of this kind takes by its ARN or its id."""
    target = TARGETS.get(kind)
    by_name = target is not None and (takes_arn(kind) or kind in ("security-group", "efs", "fsx", "kms-key"))
    return by_name and read_arn(value) is None and not value.startswith(("sg-", "fs-"))


# -- what the lists of the account add -----------------------------------------------------------------------------


def is_a_name(value: str, kind: str, values: Iterable[str]) -> Remark:
    """Return what is said of a name where an ARN or an id is due; ``values`` are what is known under that name."""
    target = TARGETS[kind]
    text = f"{shown(value)} is the name of {target.what}; this field takes {target.form}."
    return Remark(WARNING, text, tuple(values))


def is_another_role(value: str, values: Iterable[str]) -> Remark:
    """Return what is said of a role's ARN without its path, or of one of its sessions; ``values`` have its name."""
    found, text = tuple(values), "No role was in the list under this ARN, but there is one of this name: {}."
    if is_session(value):
        text = "This is the ARN of a session of a role. This field takes the ARN of the role: here, {}."
    return Remark(WARNING, text.format(found[0]), found)


def is_not_there(kind: str, name: str, value: str = "", home: Home = Home(), image: str = "") -> Remark:
    """Return what is said of a value that a list, read completely, does not hold; ``name`` says what it should be.

    ``image`` is the one whose versions or aliases the list holds.
    """
    if is_session(value):
        role = shown(role_in(value))
        return Remark(WARNING, f"This is the ARN of a session of a role, and no role {role} was in the list just now.")
    other = ", or be of another account" if takes_arn(kind) and read_arn(value) and not home.account else ""
    of = f" of {shown(_image_named(image))}" if image else ""
    text = f"No such {name} was in the list{of} when it was read just now: it may have been deleted{other}."
    return Remark(WARNING, text)


# -- roles and images ----------------------------------------------------------------------------------------------


def is_session(value: str) -> bool:
    """Tell whether a value is the ARN of a session of a role."""
    arn = read_arn(value)
    return arn is not None and (arn.service, arn.type) == ("sts", "assumed-role")


def role_in(value: str) -> str:
    """Return the name of the role that an ARN is of, or whose session it is of; ``""`` when it is neither.

    Example::

        >>> role_in("arn:aws:sts::123456789012:assumed-role/Analyst/alice")
        'Analyst'
    """
    arn = read_arn(value)
    if arn is None or is_session(value):
        return "" if arn is None else arn.name.partition("/")[0]
    return arn.last if (arn.service, arn.type) == ("iam", "role") else ""


def _image_named(image: str) -> str:
    """Return the name of an image from its ARN or that of a version; another text is the name."""
    return arn.name.partition("/")[0] if (arn := read_arn(image)) else image


def is_of_another_image(version: str, image: str, severity: str = WARNING) -> Remark | None:
    """Return what is said of the ARN of a version beside an image, given by ARN or name, that it is not a version of.

    Example::

        >>> version = "arn:aws:sagemaker:eu-west-1:123456789012:image-version/lab/3"
        >>> is_of_another_image(version, "custom-r").text
        'This is a version of “lab”, and the image is “custom-r”.'
    """
    arn = read_arn(version)
    of = "" if arn is None else _image(arn)
    if not of or image in ("", NONE) or image.lower() in (of.lower(), _image_named(of).lower()):
        return None
    mine, other = shown(_image_named(of)), shown(_image_named(image))
    place = " of another account or region" if mine.lower() == other.lower() else ""
    return Remark(severity, f"This is a version of {mine}, and the image is {other}{place}.")
