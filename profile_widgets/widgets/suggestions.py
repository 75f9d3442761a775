"""Which fields offer what exists in the account, and what must be known to offer the fitting first.

Keys are looked up as editors are: ``"Owner.Member"``, then the shape's name; of a list, its own key and then the shape
of its items. Nothing is asked of AWS here: a :class:`Supply` hands questions to a catalog when a chooser is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from profile_widgets.checks.arns import Home, read_arn
from profile_widgets.model.documents import join
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import Member

if TYPE_CHECKING:
    from profile_widgets.aws.protocol import Offer, Offers
    from profile_widgets.editing.draft import ProfileDraft
    from profile_widgets.widgets.form import SettingsEditor

APPS = {
    "JupyterServerAppSettings": "JupyterServer",
    "KernelGatewayAppSettings": "KernelGateway",
    "JupyterLabAppSettings": "JupyterLab",
    "CodeEditorAppSettings": "CodeEditor",
    "TensorBoardAppSettings": "TensorBoard",
    "RSessionAppSettings": "RSession",
}
"""AWS's app type of each structure of app settings."""

UNLISTED = {
    "DomainId": "the page's own chooser offers the domains",
    "UserProfileName": "the page's own chooser offers the profiles; a new one needs a new name",
    "LandingUri": "a page of Studio, which no list names",
}
"""Shapes that name something and have nothing to list, with the reason."""


class Lists(Protocol):
    """Be what offers the values that exist: a :class:`~profile_widgets.aws.catalog.Catalog`, or one like it."""

    async def offers(
        self,
        kind: str,
        text: str = "",
        about: Mapping[str, str] = ...,
        *,
        limit: int = ...,
        refresh: bool = ...,
        whole: bool = ...,
    ) -> Offers:
        """Return at most ``limit`` values of a kind that match a text, the fitting ones first.

        ``refresh`` reads the list again, ``whole`` waits until all of it is read. A refusal of AWS becomes a note.
        """
        ...

    async def known(self, kind: str, value: str, about: Mapping[str, str] = ...) -> bool | None:
        """Tell whether a value exists by a list that was read completely; ``None`` when none can tell. Asks nobody."""
        ...

    async def row(self, kind: str, value: str, about: Mapping[str, str] = ...) -> Offer | None:
        """Return what a list that was read offers under this value; ``None`` when there is no such. Asks nobody."""
        ...


@dataclass(frozen=True)
class Whereabouts:
    """Say which domain and profile the form is of, and in which account, region and partition; empty when not known."""

    domain_id: str = ""
    profile: str = ""
    home: Home = Home()  # noqa: RUF009 - it is frozen


def whereabouts(draft: ProfileDraft) -> Whereabouts:
    """Return where a draft's domain is, read from the domain's own ARN; the profile's serves as well."""
    arns = (known.arn for known in (draft.domain, draft.described) if known is not None)
    arn = next((found for each in arns if (found := read_arn(each)) is not None), None)
    home = Home() if arn is None else Home(arn.account, arn.region, arn.partition)
    return Whereabouts(draft.domain_id, "" if draft.create else draft.name, home)


class Offering(Protocol):
    """Be what a form asks for values that exist."""

    lists: Lists
    asked: set[str]
    """The kinds that somebody asked for: only of these can a list have been read."""

    def where(self) -> Whereabouts:
        """Return where the form's domain is, as far as that is known now."""
        ...

    def start(self, work: Coroutine[Any, Any, Any]) -> object:
        """Run a coroutine where the page's asynchronous work runs."""
        ...


class Supply:
    """Offer a catalog's lists to a form.

    ``start`` runs a coroutine, ``where`` tells of the domain; it is asked each time, for the page may open another.

    Example::

        SettingsEditor(settings, catalog=Supply(Catalog(gateway), tasks.start, lambda: whereabouts(draft)))
    """

    def __init__(
        self,
        lists: Lists,
        start: Callable[[Coroutine[Any, Any, Any]], object],
        where: Callable[[], Whereabouts] = Whereabouts,
    ) -> None:
        self.lists = lists
        self.asked: set[str] = set()
        self._start = start
        self._where = where

    def where(self) -> Whereabouts:
        """Return where the form's domain is, as far as that is known now."""
        return self._where()

    def start(self, work: Coroutine[Any, Any, Any]) -> object:
        """Run a coroutine where the page's asynchronous work runs."""
        return self._start(work)


# -- the registry --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Suggestion:
    """Say what a field offers: the catalog's ``kind``, in words ``what`` (one) and ``all`` (many).

    What makes the fitting ones come first: ``service`` must be able to assume a role, ``domain`` says that the domain
    and the profile matter, ``app`` that the app around the field does, ``image`` names the member beside it that holds
    the image, ``role`` says that the execution role in force matters. ``elsewhere`` says that the field is meant for
    what belongs to another account.
    """

    kind: str
    what: str
    all: str
    service: str = ""
    domain: bool = False
    app: bool = False
    image: str = ""
    role: bool = False
    elsewhere: bool = False

    def about(self, form: SettingsEditor, structure: Structure, where: Whereabouts) -> dict[str, str]:
        """Return what the catalog is told about the place: texts that are not empty."""
        told = {
            "service": self.service,
            "domain": where.domain_id if self.domain else "",
            "profile": where.profile if self.domain else "",
            "app": app_of(structure) if self.app else "",
            "image": in_force(form, structure, self.image) if self.image else "",
            "role": execution_role(form) if self.role else "",
        }
        return {name: value for name, value in told.items() if value}


SUGGESTIONS: dict[str, Suggestion] = {}
"""What is offered, by key."""


def suggests(suggestion: Suggestion, *keys: str) -> Suggestion:
    """Register what is offered under keys; a key that is taken is an error."""
    for key in keys:
        if key in SUGGESTIONS:
            raise ValueError(f"There is a suggestion for {key!r} already: {SUGGESTIONS[key].kind}.")
        SUGGESTIONS[key] = suggestion
    return suggestion


def suggestion_for(member: Member) -> Suggestion | None:
    """Return what a field of this member offers, ``None`` when there is nothing to list.

    Example::

        >>> from profile_widgets.model import shape
        >>> suggestion_for(shape("UserSettings").members["SecurityGroups"]).kind
        'security-group'
    """
    if member.kind == "list":
        own = SUGGESTIONS.get(member.key)
        return own or (None if member.item.is_structure else suggestion_for(member.item))
    return SUGGESTIONS.get(member.key) or SUGGESTIONS.get(member.shape)


LISTS: dict[str, tuple[str, ...]] = {
    "role": ("iam:ListRoles",),
    "emr-role": ("iam:ListRoles",),
    "security-group": ("ec2:DescribeSecurityGroups",),
    "image": ("sagemaker:ListImages",),
    "image-name": ("sagemaker:ListImages",),
    "image-version": ("sagemaker:ListImageVersions",),
    "image-alias": ("sagemaker:ListAliases",),
    "image-version-number": ("sagemaker:ListImageVersions",),
    "app-image-config": ("sagemaker:ListAppImageConfigs",),
    "lifecycle-config": ("sagemaker:ListStudioLifecycleConfigs",),
    "kms-key": ("kms:ListAliases",),
    "s3": ("s3:ListBuckets",),
    "secret": ("secretsmanager:ListSecrets",),
    "efs": ("elasticfilesystem:DescribeFileSystems",),
    "fsx": ("fsx:DescribeFileSystems",),
    "repository": ("sagemaker:ListCodeRepositories",),
    "training-plan": ("sagemaker:ListTrainingPlans",),
}
"""The operations without which a kind's list cannot be read: where a policy grants none of them, it is not offered."""


def offering_for(form: SettingsEditor, path: str, suggestion: Suggestion | None) -> Offering | None:
    """Return what offers the values that exist for the field at a path; ``None`` where the policy refuses the list."""
    sight = form.sight
    if suggestion is None or sight.lock(path):
        return None
    return form.catalog if all(map(sight.may, LISTS.get(suggestion.kind, ()))) else None


# -- what is around a field ----------------------------------------------------------------------------------------


def app_of(structure: Structure) -> str:
    """Return AWS's type of the app that a structure belongs to; empty outside of apps."""
    node: Structure | None = structure
    while node is not None:
        if node.member.shape in APPS:
            return APPS[node.member.shape]
        node = node.owner
    return ""


def in_force(form: SettingsEditor, structure: Structure, name: str) -> str:
    """Return the text that is in force for a member beside a field: its own, or else the domain's."""
    if not form.sight.shows(join(structure.path, name)):
        return ""
    with structure.lock:
        value = structure.value(name)
        value = form.inherited_value(join(structure.path, name)) if value is None else value
    return value if isinstance(value, str) else ""


def execution_role(form: SettingsEditor) -> str:
    """Return the execution role in force; empty in a form of something else."""
    root = form.settings.root
    settings = root.value("UserSettings") if "UserSettings" in root.member.members else root
    if not isinstance(settings, Structure) or "ExecutionRole" not in settings.member.members:
        return ""
    return in_force(form, settings, "ExecutionRole")


# -- what is offered -----------------------------------------------------------------------------------------------

_ROLE = ("role", "role")
suggests(Suggestion(*_ROLE, "roles"), "RoleArn")
suggests(
    Suggestion(*_ROLE, "roles", service="forecast.amazonaws.com"),
    "TimeSeriesForecastingSettings.AmazonForecastRoleArn",
)
suggests(Suggestion(*_ROLE, "roles", service="bedrock.amazonaws.com"), "GenerativeAiSettings.AmazonBedrockRoleArn")
suggests(Suggestion(*_ROLE, "roles", service="emr-serverless.amazonaws.com"), "EmrServerlessSettings.ExecutionRoleArn")
suggests(Suggestion(*_ROLE, "roles", elsewhere=True), "ModelRegisterSettings.CrossAccountModelRegisterRoleArn")
suggests(
    Suggestion("emr-role", "role", "roles for EMR", role=True, elsewhere=True),
    "EmrSettings.AssumableRoleArns",
    "EmrSettings.ExecutionRoleArns",
)
suggests(Suggestion("security-group", "security group", "security groups", domain=True), "SecurityGroupId")
suggests(Suggestion("image", "image", "images", domain=True, app=True), "ImageArn")
suggests(Suggestion("image-name", "image", "images", domain=True, app=True), "ImageName")
suggests(
    Suggestion("image-version", "image version", "image versions", domain=True, image="SageMakerImageArn"),
    "ImageVersionArn",
)
suggests(
    Suggestion("image-alias", "image version alias", "aliases", domain=True, image="SageMakerImageArn"),
    "ImageVersionAlias",
)
suggests(
    Suggestion("image-version-number", "image version", "image versions", domain=True, image="ImageName"),
    "ImageVersionNumber",
)
suggests(
    Suggestion("app-image-config", "app image configuration", "app image configurations", app=True),
    "AppImageConfigName",
)
suggests(
    Suggestion("lifecycle-config", "lifecycle configuration", "lifecycle configurations", app=True),
    "StudioLifecycleConfigArn",
)
suggests(Suggestion("kms-key", "key", "KMS keys"), "KmsKeyId")
suggests(Suggestion("s3", "bucket", "S3 buckets"), "S3Uri", "S3SchemaUri")
suggests(Suggestion("secret", "secret", "secrets"), "SecretArn")
suggests(Suggestion("efs", "EFS file system", "EFS file systems"), "EFSFileSystemConfig.FileSystemId")
suggests(Suggestion("fsx", "FSx file system", "FSx file systems"), "FSxLustreFileSystemConfig.FileSystemId")
suggests(Suggestion("repository", "repository", "repositories", domain=True), "RepositoryUrl")
suggests(Suggestion("training-plan", "training plan", "training plans"), "StudioResourceSpecTrainingPlanArn")
