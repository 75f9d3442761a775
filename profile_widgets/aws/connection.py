"""Where AWS is and as whom to ask: the settings of a connection, and boto3's clients made from them."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, overload

import traitlets

from profile_widgets.aws import endpoints, exchange, failures, origins, regions, sessions, trust, watching
from profile_widgets.aws.debugging import DebugLog
from profile_widgets.aws.wording import Scene
from profile_widgets.errors import GatewayError, LockedFieldError, Unreachable

if TYPE_CHECKING:
    import boto3
    from botocore.client import BaseClient
    from types_boto3_sagemaker.client import SageMakerClient

    from profile_widgets.aws.guarding import Guard

PROTECTED = "A policy guards this connection: where requests go, and as whom, cannot be changed."
MAY_DIFFER = frozenset({"connect_timeout", "read_timeout", "attempts", "paginate"})
"""The settings of a guarded connection that a copy may have otherwise: none of them leads elsewhere."""


class Connection(traitlets.HasTraits):
    """Say where AWS is and as whom to ask.

    What is not given is found as the AWS CLI finds it: in the environment (``AWS_PROFILE``, ``AWS_REGION``,
    ``AWS_DEFAULT_REGION``, ``AWS_ENDPOINT_URL``, ``AWS_ENDPOINT_URL_SAGEMAKER``, ``AWS_CA_BUNDLE`` and the rest),
    then in the configuration files. Nothing is read before the first client is asked for. Settings may be assigned
    later: the next client is made from the new ones. Safe to use from several threads.

    Example::

        >>> Connection(profile="ml", region="eu-west-1")
        Connection(profile='ml', region='eu-west-1')
        >>> Connection().replace(region="eu-central-1").region
        'eu-central-1'
    """

    profile = traitlets.Unicode(
        None,
        allow_none=True,
        help="The profile of the AWS configuration files to use; None takes AWS_PROFILE, then the default.",
    )
    region = traitlets.Unicode(
        None,
        allow_none=True,
        help="The AWS region, such as eu-west-1; None takes AWS_REGION, AWS_DEFAULT_REGION, then the profile's.",
    )
    endpoint_url = traitlets.Unicode(
        None,
        allow_none=True,
        help="The address to send requests to instead of AWS's own. One of AWS's hosts (a VPC endpoint) is used for "
        "SageMaker only; any other (the sandbox) answers for every service. It holds no user name and no password.",
    )
    verify = traitlets.Bool(
        True,
        help="Whether the server's TLS certificate is checked.",
    )
    ca_bundle = traitlets.Unicode(
        None,
        allow_none=True,
        help="The file of certificate authorities to trust; None takes AWS_CA_BUNDLE, then botocore's own.",
    )
    connect_timeout = traitlets.Float(
        5.0, min=0.0, help="Seconds to wait for a connection; 0 waits for ever, as in the AWS CLI."
    )
    read_timeout = traitlets.Float(
        20.0, min=0.0, help="Seconds to wait for an answer to begin or go on; 0 waits for ever, as in the AWS CLI."
    )
    unsigned = traitlets.Bool(
        False,
        help="Whether requests go out without a signature, and so without credentials.",
    )
    attempts = traitlets.Int(
        5, min=1, help="How often a read is tried, the first time included. A write is always tried once."
    )
    paginate = traitlets.Bool(
        True,
        help="Whether a list is read to its end, page by page; off, its first page is all.",
    )
    debug = traitlets.Bool(
        False,
        help="Whether what is sent and received is written into the debug log, without keys, tokens and signatures.",
    )
    debug_file = traitlets.Unicode(
        None,
        allow_none=True,
        help="The debug log's file, which only its owner can read; None takes debug.log in PROFILE_WIDGETS_DATA_DIR, "
        "else where logs of a user belong.",
    )
    credentials = traitlets.Any(
        None,
        allow_none=True,
        help="A botocore.credentials.Credentials to sign with; None finds them as the AWS CLI does. Never shown.",
    )

    def __init__(self, **settings: Any) -> None:
        unknown = sorted(set(settings) - set(self.class_trait_names()))
        if unknown:
            meant = regions.nearest(unknown[0], self.class_trait_names())
            raise TypeError(f"Connection has no setting {unknown[0]!r}. It has {', '.join(meant)}.")
        self._lock = threading.RLock()  # held for moments; making a client may wait for credentials, so it has its own
        self._making = threading.Lock()
        self._session: boto3.Session | None = None
        self._clients: dict[tuple[str, bool], BaseClient] = {}
        self._made_for: tuple[Any, ...] = ()
        self._made: weakref.WeakSet[BaseClient] = weakref.WeakSet()
        self._guard: Guard | None = None
        self._kept: tuple[Any, ...] = ()
        self._log = DebugLog()
        super().__init__(**settings)

    def __repr__(self) -> str:
        shown = []
        for name, trait in self.traits().items():
            value = getattr(self, name)
            if name != "credentials" and value != trait.default_value:
                value = endpoints.without_secrets(value) if isinstance(value, str) else value
                shown.append(f"{name}={value!r}")
        return f"Connection({', '.join(shown)})"

    def __getstate__(self) -> dict[str, Any]:
        raise TypeError("A Connection is neither pickled nor copied, because it may hold credentials. Use replace().")

    @traitlets.observe("debug", "debug_file")
    def _turn_the_log(self, _change: object) -> None:
        """Turn the debug log on or off at once: clients of before say nothing more."""
        self._log.turn(on=self.debug, file=self.debug_file)

    @traitlets.validate("profile", "region", "endpoint_url", "ca_bundle", "debug_file")
    def _empty_is_none(self, proposal: dict[str, Any]) -> str | None:
        """Take an empty text, as forms give it, for nothing given."""
        value: str | None = (proposal["value"] or "").strip() or None
        if value is not None and proposal["trait"].name == "endpoint_url":
            _check_address(value)
        return value

    @traitlets.validate("credentials")
    def _are_credentials(self, proposal: dict[str, Any]) -> Any:
        """Refuse what is not credentials, without repeating it."""
        value = proposal["value"]
        if value is not None and not hasattr(value, "get_frozen_credentials"):
            raise traitlets.TraitError(
                f"credentials must be a botocore.credentials.Credentials, not a {type(value).__name__}."
            )
        return value

    def replace(self, **changes: Any) -> Connection:
        """Return a new connection with the same settings but for ``changes``.

        Of a guarded connection the new one has the same guard, and differs in timeouts, attempts and paging only.
        Raises TypeError for a setting that does not exist, TraitError for a value that a setting cannot have, and
        :class:`~profile_widgets.errors.LockedFieldError` for one that the guard keeps.
        """
        guard = self._guard
        if guard is not None:
            self._must_be_kept()
            moved = {name for name in set(changes) - MAY_DIFFER if changes[name] != getattr(self, name, None)}
            if moved & set(self.class_trait_names()):
                raise LockedFieldError(PROTECTED)
        made = Connection(**{**{name: getattr(self, name) for name in self.class_trait_names()}, **changes})
        if guard is not None:
            made.protect(guard)
        return made

    def protect(self, guard: Guard) -> None:
        """Let ``guard`` judge every call from now on, of the clients that were made before too. There is no way back.

        The settings stay as they are. Raises :class:`~profile_widgets.errors.LockedFieldError` when there is a guard
        already.

        Example::

            connection.protect(Guard(policy.grant(visitor, own), audit))
        """
        with self._making, self._lock:
            if self._guard is not None:
                raise LockedFieldError("A policy guards this connection already, and stays.")
            self._kept = self._settings()
            self._guard = guard
            guard.ask_with(self._unguarded)
            for client in tuple(self._made):
                guard.watch(client)
            self.renew()

    @property
    def guard(self) -> Guard | None:
        """Return who judges each call, ``None`` while everything passes."""
        return self._guard

    def __setattr__(self, name: str, value: Any) -> None:
        guarded = self.__dict__.get("_guard") is not None
        if guarded and (name in ("_guard", "_kept") or self.has_trait(name)):
            raise LockedFieldError(PROTECTED)
        super().__setattr__(name, value)

    @overload
    def client(self, service: Literal["sagemaker"], *, write: bool = False) -> SageMakerClient: ...

    @overload
    def client(self, service: str, *, write: bool = False) -> Any: ...

    def client(self, service: str, *, write: bool = False) -> Any:
        """Return boto3's client of ``service``, made at the first call and kept while the settings stay.

        A client for reads tries :attr:`attempts` times, one for writes (``write=True``) once. Making the first one
        reads configuration files and some megabytes of service model, so call it off the main thread. Raises
        :class:`~profile_widgets.errors.CredentialsError` for a profile that does not exist and
        :class:`~profile_widgets.errors.Unreachable` for a region or certificate file that cannot be used.
        """
        while True:
            with self._lock:
                session, clients = self._current_session(), self._clients
            with self._making, self._named(service):
                made = clients.get((service, write))
                if made is None:
                    made = clients[service, write] = self._make(session, service, write=write)
            with self._lock:
                self._current_session()
                if clients is self._clients:  # else the settings changed meanwhile
                    return made

    def renew(self) -> None:
        """Forget the clients and credentials, so that the next call reads environment and files again.

        For after a new login, or after a change of the configuration files.
        """
        with self._lock:
            self._session = None
            self._clients = {}
            if self._guard is not None:
                self._guard.renew()

    @property
    def debug_log(self) -> DebugLog:
        """Return the log that is written while :attr:`debug` is on; it may be listened to before."""
        return self._log

    def origins(self) -> dict[str, tuple[str, str]]:
        """Return what is used for profile, region, endpoint_url and ca_bundle where they are None, and from where.

        Reads environment and files, and asks nobody; see :func:`profile_widgets.aws.origins.origins`.

        Example::

            Connection().origins()["region"]  # ("eu-west-1", "AWS_REGION")
        """
        return origins.origins(self)

    @property
    def resolved_region(self) -> str:
        """Return the region that requests go to, ``""`` when none is set anywhere. Reads environment and files."""
        with self._lock:
            return self._current_session().region_name or ""

    @property
    def resolved_endpoint(self) -> str:
        """Return SageMaker's address as it is used, without user name and password. Makes a client."""
        return endpoints.without_secrets(self.client("sagemaker").meta.endpoint_url)

    @property
    def is_sandbox(self) -> bool:
        """Return whether SageMaker's endpoint is on this machine. Reads environment and files, and asks nobody."""
        with self._lock:
            endpoint = self.endpoint_url or sessions.configured_endpoint(self._current_session(), "sagemaker")
        return endpoints.is_loopback(endpoint or "")

    def _current_session(self) -> boto3.Session:
        """Return the session of the settings as they are now. The caller holds the lock."""
        self._must_be_kept()
        settings = self._settings()
        if settings != self._made_for:
            self.renew()
            self._made_for = settings
        if self._session is None:
            with self._named("configuration"):
                self._session = sessions.make(self.profile, self.region, self.credentials)
        return self._session

    def _settings(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in sorted(self.class_trait_names()))

    def _must_be_kept(self) -> None:
        """Refuse to go on when the settings of a guarded connection were changed all the same."""
        if self._guard is not None and self._settings() != self._kept:
            raise LockedFieldError(PROTECTED)

    def _unguarded(self, service: str) -> BaseClient:
        """Make a client for the guard's own questions."""
        with self._lock:
            session = self._current_session()
        with self._named(service):
            return self._make(session, service, write=False, guarded=False)

    @contextmanager
    def _named(self, what: str) -> Iterator[None]:
        """Turn what botocore raises while a session or client is made into an error with a sentence."""
        try:
            yield
        except (GatewayError, traitlets.TraitError):
            raise
        except Exception as error:
            scene = Scene(operation="", service=what, region=self.region or "", endpoint=self.endpoint_url or "")
            known = failures.translate(error, scene)
            if known is None:
                raise
            raise known from error

    def _make(self, session: boto3.Session, service: str, *, write: bool, guarded: bool = True) -> BaseClient:
        """Make a client of ``service``. The caller holds the lock of making."""
        endpoint = self.endpoint_url
        address = endpoint or sessions.configured_endpoint(session, service)
        _check_region(session.region_name or "", has_endpoint=address is not None)
        encrypted = not (address or "").startswith("http:")
        verify = self.verify and trust.trusted(self.ca_bundle, self.origins()["ca_bundle"], encrypted=encrypted)
        if endpoint is not None and service != "sagemaker" and endpoints.is_aws_host(endpoint):
            endpoint = None
        options: dict[str, Any] = {
            "connect_timeout": self.connect_timeout or None,
            "read_timeout": self.read_timeout or None,
            # another mode, as AWS_DEFAULTS_MODE may name it, would put a timeout of its own in the place of none
            **({} if self.connect_timeout and self.read_timeout else {"defaults_mode": "legacy"}),
            "retries": {"total_max_attempts": 1 if write else self.attempts, "mode": "standard"},
            "user_agent_extra": "profile-widgets",
        }
        if service == "s3" and address and not endpoints.is_aws_host(address):
            options["s3"] = {"addressing_style": "path"}  # nobody has a name for each bucket of such a server
        client = sessions.client(
            session, service, endpoint=endpoint, verify=verify, unsigned=self.unsigned, options=options
        )
        exchange.listen(client)
        if self.debug:
            credentials = None if self.unsigned else session.get_credentials()
            watching.watch(self._log, client, credentials, self._described(write=write))
        if guarded:
            self._made.add(client)
            if self._guard is not None:
                self._guard.watch(client)
        return client

    def _described(self, *, write: bool) -> str:
        """Return the settings of a client in words, for the debug log."""
        trusted = self.ca_bundle or self.origins()["ca_bundle"][0] or "botocore's authorities"
        profile = self.profile or self.origins()["profile"][0]
        return (
            f"for {'writes, tried once' if write else f'reads, tried up to {self.attempts} times'}, profile {profile}, "
            f"certificates {f'checked by {trusted}' if self.verify else 'not checked'}, "
            f"connect timeout {self.connect_timeout:g} s, read timeout {self.read_timeout:g} s"
        )


def _check_address(url: str) -> None:
    """Refuse what is no address, and one with a password, which would be shown; neither is repeated."""
    if endpoints.names_a_user(url):
        raise traitlets.TraitError(
            "Give the endpoint URL without a user name and password: it is shown, and AWS knows who asks by the "
            "credentials that requests are signed with."
        )
    if not endpoints.host_of(url):
        raise traitlets.TraitError("The endpoint URL must begin with http:// or https:// and name a host.")


def _check_region(region: str, *, has_endpoint: bool) -> None:
    """Refuse a missing region, and one that is a slip of the pen, before a request is lost to nobody."""
    if not region:
        raise Unreachable(
            "No AWS region is set. Give the connection one (such as eu-west-1), or set AWS_REGION.",
            code="SettingsRegion",
        )
    if not regions.is_usable(region, has_endpoint=has_endpoint):
        raise Unreachable(regions.no_such_region(region), code="SettingsRegion")
