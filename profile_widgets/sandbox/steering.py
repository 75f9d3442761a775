"""The switches of a sandbox: how its service behaves, what it refuses, and who may do what in its account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.exchange import Call, CallRecord
from profile_widgets.sandbox.faults import Hold
from profile_widgets.sandbox.front import Front
from profile_widgets.sandbox.merging import Semantics
from profile_widgets.sandbox.others import MotoServices
from profile_widgets.sandbox.pages import FORMS
from profile_widgets.sandbox.permissions import Policy
from profile_widgets.sandbox.refusals import ACCOUNT_ID, Refusal
from profile_widgets.sandbox.roles import trust

CAN_FAIL_LATER = frozenset({"CreateUserProfile", "UpdateUserProfile", "DeleteUserProfile", "UpdateDomain"})
"""The operations that are accepted first and can end in a failure status."""


class Steering:
    """Hold what a test or a lesson can set on a sandbox; :class:`profile_widgets.sandbox.Sandbox` adds its life."""

    _account: Account
    _others: MotoServices
    _record: CallRecord
    _front: Front

    @property
    def delay(self) -> float:
        """Seconds that a profile or domain stays in a passing status; settable, holds for calls from then on."""
        return self._account.delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        self._account.delay = seconds

    @property
    def semantics(self) -> Semantics:
        """How an update treats members that were not sent, ``"merge"`` or ``"replace"``; settable."""
        return self._account.semantics

    @semantics.setter
    def semantics(self, semantics: Semantics) -> None:
        if semantics not in ("merge", "replace"):
            raise ValueError(f"semantics must be 'merge' or 'replace', not {semantics!r}")
        self._account.semantics = semantics

    @property
    def none_clears(self) -> frozenset[str]:
        """The members that the text "None" removes; settable, for AWS documents it for one and is silent on others."""
        return self._account.none_clears

    @none_clears.setter
    def none_clears(self, members: Iterable[str]) -> None:
        self._account.none_clears = frozenset(members)

    @property
    def answer_delay(self) -> float:
        """Seconds by which every answer is late; settable."""
        return self._front.answer_delay

    @answer_delay.setter
    def answer_delay(self, seconds: float) -> None:
        self._front.answer_delay = seconds

    @property
    def calls(self) -> tuple[Call, ...]:
        """Return the latest calls in the order of their arrival: service, operation, parameters, time."""
        return self._record.all()

    def fail_next(
        self,
        operation: str,
        *,
        code: str | None = None,
        message: str = "The sandbox was told to fail this call.",
        status: int | None = None,
        reason: str | None = None,
    ) -> None:
        """Make the next call of an operation fail, at once by an error answer or later by a status.

        With `reason` the call is accepted and ends as Failed, Update_Failed or Delete_Failed for that reason; otherwise
        it is refused with `code` (InternalFailure unless named), `message` and the HTTP `status` that fits the code.
        Operations of other services carry their prefix (``iam:ListRoles``). Calls add up, first come first served.

        Example: ``sandbox.fail_next("UpdateUserProfile", code="ResourceLimitExceeded", message="Too many.")``
        """
        self._check_operation(operation)
        if reason is None:
            self._account.faults.fail_next(operation, Refusal(code or "InternalFailure", message, status))
            return
        if code is not None or operation not in CAN_FAIL_LATER:
            raise ValueError(f"a reason goes without a code, and only with {', '.join(sorted(CAN_FAIL_LATER))}")
        self._account.faults.fail_later(operation, reason)

    def throttle(self, times: float | None = None, operation: str | None = None) -> None:
        """Throttle the next `times` calls, of one operation or of any; None or infinity: for ever, 0: no more."""
        if operation is not None:
            self._check_operation(operation)
        self._account.faults.throttle(times, operation)

    def deny(self, *actions: str) -> None:
        """Take permissions away: ``sagemaker:UpdateUserProfile``, ``sagemaker:List*``, ``iam:ListRoles``."""
        self._account.faults.permit(actions, allowed=False)

    def allow(self, *actions: str) -> None:
        """Give permissions back, all of them when none is named."""
        self._account.faults.permit(actions, allowed=True)

    def hold(self, operation: str) -> AbstractContextManager[Hold]:
        """Keep the answers of an operation back while a ``with`` block runs; what was asked happens before.

        Example::

            with sandbox.hold("UpdateUserProfile") as held:
                ...                      # start the call elsewhere
                held.wait_until_reached()
                held.release()           # or leave the block
        """
        self._check_operation(operation)
        return self._account.faults.hold(operation)

    def loop_pages(self, operation: str) -> None:
        """Let the pages of a list go round in circles: the first, the second, the first, and so for ever.

        The list is named as in `fail_next`; those of S3 by their IAM actions, ``s3:ListAllMyBuckets`` and
        ``s3:ListBucket``.

        Example: ``sandbox.loop_pages("iam:ListRoles")``
        """
        self._check_list(operation)
        self._front.page_faults.loop(operation)

    def break_pages(
        self,
        operation: str,
        after: int = 1,
        *,
        code: str = "InternalFailure",
        message: str = "The sandbox was told to break this list.",
        status: int | None = None,
    ) -> None:
        """Refuse every page of a list that comes `after` so many; a list that is shorter promises one more page.

        Example: ``sandbox.break_pages("ListImages", code="ThrottlingException", message="Rate exceeded")``
        """
        self._check_list(operation)
        self._front.page_faults.break_after(operation, after, (code, message, status))

    def mend_pages(self, operation: str | None = None) -> None:
        """Let the pages of a list, or of all, come as they should again."""
        self._front.page_faults.mend(operation)

    def _check_list(self, operation: str) -> None:
        self._check_operation(operation)
        known = operation in FORMS if ":" in operation else self._account.model.has_pages(operation)
        if not known:
            raise ValueError(f"{operation} is no list that comes in pages")

    def _check_operation(self, operation: str) -> None:
        if ":" not in operation and operation not in self._account.model.operations:
            raise ValueError(f"SageMaker has no operation {operation!r}")

    # --- who may do what ----------------------------------------------------------------------------------------------

    def enforce(self, principal: str, *policies: Mapping[str, Any] | str | None) -> None:
        """Let a role or user, by its name or ARN, do what IAM policies allow and nothing else; None lifts that.

        Without this everybody may do everything, as far as a session policy lets them. Resources are matched for
        SageMaker's own (``arn:aws:sagemaker:*:*:user-profile/d-.../alice``, names in small letters as AWS writes them)
        and for what the refusals of other services name. ValueError for what the sandbox does not understand.

        Example: ``sandbox.enforce("Visitor", {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})``
        """
        if policies == (None,):
            self._account.callers.enforce(principal, None)
            return
        self._account.callers.enforce(principal, [Policy.read(each) for each in policies if each is not None])

    def add_role(
        self,
        name: str,
        *policies: Mapping[str, Any] | str,
        trust_policy: Mapping[str, Any] | None = None,
        longest: int = 3600,
    ) -> str:
        """Make a role, enforce its policies if there are any, and return its ARN.

        Unless told otherwise everybody of the account may assume it and say for whom (SourceIdentity), for up to
        `longest` seconds. IAM lists it as it does the others.

        Example: ``arn = sandbox.add_role("Visitor", {"Statement": {...}})``
        """
        account = {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}
        trusted = trust_policy or trust(account, actions=("sts:SetSourceIdentity", "sts:TagSession"))
        role = self._others.promise_role({"name": name, "trust": trusted, "longest": longest})
        if policies:
            self.enforce(name, *policies)
        return role.arn

    def expire_sessions(self) -> None:
        """Let the credentials of every assumed role have ended."""
        self._account.callers.expire()
