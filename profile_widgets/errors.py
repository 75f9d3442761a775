"""The errors of the kit, one tree.

What a person did wrong in a form is not an exception but a :class:`~profile_widgets.checks.problems.Problem`, collected
with all others. Exceptions are for what stops a call::

    ProfileWidgetsError
    ├── ShapeError            the service model has something that the kit does not understand
    ├── InvalidSettingsError  .problems
    ├── FormatError           a text cannot be read as a request, or a query not used: .format .line .column
    ├── LockedFieldError      a policy forbids the change: .problems
    ├── PolicyError           a policy cannot be used as it is written: .findings
    ├── WhoseError            no profile can be told to be a visitor's own
    ├── ConflictError         the profile changed since it was loaded: .theirs, .ours
    ├── GatewayError          .operation .code .message .request_id .retryable
    │   ├── ProfileNotFound, ProfileInUse, LimitExceeded
    │   ├── AccessDenied, Throttled, Unreachable, CredentialsError, BadResponse
    │   ├── ValidationRefused     .findings
    │   ├── PolicyRefused         the page's policy forbids the call; AWS was not asked: .problems
    │   └── StillInProgress       .status
    ├── ProfileFailedError    a terminal failure status: .status, .failure_reason
    ├── StoreError            drafts and journals cannot be kept on disk
    └── InUseElsewhere        another window or kernel is sending this profile

Every message says what happened, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class ProfileWidgetsError(Exception):
    """Be the root of every error that the kit raises on purpose."""


class ShapeError(ProfileWidgetsError):
    """Say that the installed service model holds a shape of a kind that the kit does not understand."""


class InvalidSettingsError(ProfileWidgetsError):
    """Carry every finding that stops a document.

    ``problems`` is a tuple of :class:`~profile_widgets.checks.problems.Problem`, never empty.
    """

    def __init__(self, message: str, problems: Iterable[Any] = ()) -> None:
        super().__init__(message)
        self.problems: tuple[Any, ...] = tuple(problems)


class FormatError(ProfileWidgetsError):
    """Say that a text cannot be read: what it was taken for, where it goes wrong, and why.

    ``format`` is the format's name (``json``, ``cli``, ``jmespath``), ``line`` and ``column`` count from 1 and are 0
    where no place can be told.
    """

    def __init__(self, message: str, *, format: str = "", line: int = 0, column: int = 0) -> None:  # noqa: A002
        super().__init__(message)
        self.format = format
        self.line = line
        self.column = column


class LockedFieldError(ProfileWidgetsError):
    """Say that a policy forbids changing a member.

    ``problems`` is a tuple of :class:`~profile_widgets.checks.problems.Problem`, one for each member.
    """

    def __init__(self, message: str, problems: Iterable[Any] = ()) -> None:
        super().__init__(message)
        self.problems: tuple[Any, ...] = tuple(problems)


class PolicyError(ProfileWidgetsError):
    """Say that a policy cannot be used as it is written, with every finding and its place.

    ``findings`` holds ``(line, column, path, message)``, in the order of the file; line and column count from 1 and
    are 0 where no place can be told. The text names the ``source`` in each line.
    """

    def __init__(self, source: str, findings: Iterable[tuple[int, int, str, str]]) -> None:
        self.source = source
        self.findings: tuple[tuple[int, int, str, str], ...] = tuple(findings)
        super().__init__("\n".join(self._line(*each) for each in self.findings))

    def _line(self, line: int, column: int, path: str, message: str) -> str:
        place = f"{self.source or 'policy'}:{line}:{column}" if line else self.source or "policy"
        text = f"{place} {path}: {message}" if path else f"{place}: {message}"
        return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)  # a terminal may show it


class WhoseError(ProfileWidgetsError):
    """Say why no profile can be told to be a visitor's own, and whom to ask."""


class ConflictError(ProfileWidgetsError):
    """Say that the profile is not as it was when it was loaded.

    ``theirs`` is the settings document that the service holds now, ``ours`` the one that was about to be sent.
    """

    def __init__(self, message: str, *, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.ours = ours


class GatewayError(ProfileWidgetsError):
    """Say that a call to AWS did not succeed.

    ``operation`` is the API operation, ``code`` AWS's error code or the transport's class, ``message`` AWS's own words,
    ``request_id`` the request's id when the service gave one, ``retryable`` whether the same call may succeed later.
    """

    def __init__(
        self,
        text: str,
        *,
        operation: str = "",
        code: str = "",
        message: str = "",
        request_id: str = "",
        retryable: bool = False,
    ) -> None:
        super().__init__(text)
        self.operation = operation
        self.code = code
        self.message = message or text
        self.request_id = request_id
        self.retryable = retryable


class ProfileNotFound(GatewayError):
    """Say that the domain or the user profile does not exist in this region and account."""


class ProfileInUse(GatewayError):
    """Say that the user profile exists already or is being changed."""


class LimitExceeded(GatewayError):
    """Say that an account quota stands in the way."""


class AccessDenied(GatewayError):
    """Say that the caller may not do this."""


class Throttled(GatewayError):
    """Say that AWS asked to slow down."""


class Unreachable(GatewayError):
    """Say that no answer came: a dead endpoint, a name that does not resolve, a timeout, a broken connection."""


class CredentialsError(GatewayError):
    """Say that credentials are missing, incomplete, expired or refused."""


class BadResponse(GatewayError):
    """Say that an answer came that is not what the operation promises, so that its outcome is not known."""


class ValidationRefused(GatewayError):
    """Say that the request was refused because of what is in it.

    ``findings`` pairs a path with what is wrong there. Paths are written as the kit writes them, against the service
    model: ``UserSettings.JupyterLabAppSettings.CustomImages[2].ImageName``. Empty when the refusal named no member.
    """

    def __init__(self, text: str, *, findings: Iterable[tuple[str, str]] = (), **facts: Any) -> None:
        super().__init__(text, **facts)
        self.findings: tuple[tuple[str, str], ...] = tuple(findings)


class PolicyRefused(GatewayError):
    """Say that the page's own policy forbids a call, which was not sent to AWS.

    ``problems`` is a tuple of :class:`~profile_widgets.checks.problems.Problem`, empty when the call itself is
    forbidden, whatever is in it.
    """

    def __init__(self, text: str, *, problems: Iterable[Any] = (), **facts: Any) -> None:
        super().__init__(text, **{"code": "PolicyRefused", **facts})
        self.problems: tuple[Any, ...] = tuple(problems)


class StillInProgress(GatewayError):
    """Say that a user profile had not come to rest when the time to follow it was over: ``status`` was its last one."""

    def __init__(self, text: str, *, status: str = "", **facts: Any) -> None:
        super().__init__(text, **facts)
        self.status = status


class ProfileFailedError(ProfileWidgetsError):
    """Say that a user profile ended in a failure status.

    ``status`` is the terminal status, ``failure_reason`` AWS's words, which may be empty.
    """

    def __init__(self, message: str, *, status: str, failure_reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.failure_reason = failure_reason


class StoreError(ProfileWidgetsError):
    """Say that drafts, journals and restore points cannot be kept on disk: what, where, and what to do."""


class InUseElsewhere(ProfileWidgetsError):
    """Say that another window, kernel or thread is sending this profile just now."""
