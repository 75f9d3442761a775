"""Find out which service and operation a request means, and refuse it in that service's own form."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

from profile_widgets.sandbox import sagemaker
from profile_widgets.sandbox.exchange import JSON_TYPE, Question, Reply
from profile_widgets.sandbox.refusals import Refusal

_SIGNED_FOR = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_SERVICE_BY_TARGET = {
    "SageMaker": "sagemaker",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
    "AWSSimbaAPIService_v20180301": "fsx",
    "AWSPriceListService": "pricing",
}
_SERVICE_BY_VERSION = {"2010-05-08": "iam", "2011-06-15": "sts", "2016-11-15": "ec2"}
_FILE_SYSTEM_PATHS = (("/2015-02-01/file-systems", "FileSystem"), ("/2015-02-01/access-points", "AccessPoint"))
_BUCKET_PARTS = {
    "location": "BucketLocation",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "policy": "BucketPolicy",
    "acl": "BucketAcl",
    "encryption": "EncryptionConfiguration",
}
_QUERY_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ThrottlingException": "Throttling",
    "ExpiredTokenException": "ExpiredToken",
    "UnrecognizedClientException": "InvalidClientTokenId",
}
_EC2_CODES = {
    "AccessDeniedException": "UnauthorizedOperation",
    "ThrottlingException": "RequestLimitExceeded",
    "ExpiredTokenException": "RequestExpired",
    "UnrecognizedClientException": "AuthFailure",
}
_S3_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ThrottlingException": "SlowDown",
    "ExpiredTokenException": "ExpiredToken",
    "UnrecognizedClientException": "InvalidAccessKeyId",
}
_VERBS = {"GET": "Describe", "POST": "Create", "PUT": "Update", "DELETE": "Delete"}


@dataclass(frozen=True)
class Asked:
    """What a request asks for."""

    service: str
    """The service's signing name, such as ``sagemaker`` or ``iam``."""
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name that switches know the operation by."""
        return self.operation if self.service == "sagemaker" else self.action

    @property
    def action(self) -> str:
        """Return the IAM action, such as ``iam:ListRoles``."""
        return f"{self.service}:{self.operation}"


def read_asked(question: Question) -> Asked:
    """Return what a request asks for, signed or not; what nothing else claims is S3's."""
    target = question.headers.get("X-Amz-Target", "")
    prefix, _, operation = target.rpartition(".")
    if prefix in _SERVICE_BY_TARGET:
        service = _SERVICE_BY_TARGET[prefix]
        return Asked(service, operation, {} if service == "sagemaker" else _json_object(question.body))
    form = _form(question)
    if "Action" in form:
        signed = _SIGNED_FOR.search(question.headers.get("Authorization", ""))
        service = _SERVICE_BY_VERSION.get(form.get("Version", "")) or (signed.group(1) if signed else "iam")
        return Asked(service, form["Action"], {k: v for k, v in form.items() if k not in ("Action", "Version")})
    for path, noun in _FILE_SYSTEM_PATHS:
        if question.path.startswith(path):
            return Asked("elasticfilesystem", _efs_operation(question, path, noun), _sent_to_rest(question))
    signed = _SIGNED_FOR.search(question.headers.get("Authorization", ""))
    service = signed.group(1) if signed else "s3"
    if service != "s3":
        return Asked(service, f"{question.method} {question.path}")
    names = _s3_names(question)
    query = _query(question)
    return Asked("s3", _s3_operation(question.method, names, query), {**names, **query})


def _efs_operation(question: Question, path: str, noun: str) -> str:
    """Return the action of a request for file systems, one of them, or a part of one."""
    deeper = question.path.removeprefix(path).strip("/").split("/")[1:]
    part = "".join(word.capitalize() for word in "-".join(deeper).split("-"))
    plural = "s" if question.method == "GET" and not part else ""
    return f"{_VERBS.get(question.method, question.method)}{noun}{part}{plural}"


def _sent_to_rest(question: Question) -> dict[str, Any]:
    return {**_query(question), **_json_object(question.body)}


def _query(question: Question) -> dict[str, str]:
    return dict(parse_qsl(question.target.partition("?")[2], keep_blank_values=True))


def _s3_names(question: Question) -> dict[str, str]:
    """Return the bucket and the key that a request names, by its path or by its host."""
    path = unquote(question.path).removeprefix("/")
    host = question.headers.get("Host", "")
    if ".localhost" in host:
        path = f"{host.split('.localhost')[0]}/{path}"
    bucket, _, key = path.partition("/")
    return {name: value for name, value in (("Bucket", bucket), ("Key", key)) if value}


def _s3_operation(method: str, names: Mapping[str, str], query: Mapping[str, str]) -> str:
    """Return the IAM action, which is often named otherwise than the operation."""
    if "Bucket" not in names:
        return "ListAllMyBuckets"
    if "Key" in names:
        return {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}.get(
            method, method
        )
    part = next((_BUCKET_PARTS[name] for name in query if name in _BUCKET_PARTS), "")
    if part:
        return f"{'Put' if method == 'PUT' else 'Get'}{part}"
    by_method = {"GET": "ListBucket", "HEAD": "ListBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}
    return by_method.get(method, method)


def _form(question: Question) -> dict[str, str]:
    if not question.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        return dict(parse_qsl(question.body.decode(), keep_blank_values=True))
    except ValueError:
        return {}


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def refuse(asked: Asked, refusal: Refusal) -> Reply:
    """Write a refusal in the form of the service that was asked."""
    if asked.service == "sagemaker":
        return sagemaker.refused(refusal)
    write = {"iam": _query_error, "sts": _query_error, "ec2": _ec2_error, "s3": _s3_error}.get(
        asked.service, _json_error
    )
    if asked.service == "elasticfilesystem":
        status = {"AccessDeniedException": 403, "ThrottlingException": 429}.get(refusal.code, refusal.status)
        refusal = Refusal(refusal.code, refusal.message, status)
    return write(refusal)


def _json_error(refusal: Refusal) -> Reply:
    body = json.dumps({"__type": refusal.code, "message": refusal.message, "Message": refusal.message}).encode()
    return Reply(
        refusal.status,
        (("Content-Type", JSON_TYPE), ("x-amzn-ErrorType", refusal.code), ("x-amzn-RequestId", str(uuid.uuid4()))),
        body,
    )


def _query_error(refusal: Refusal) -> Reply:
    code = _QUERY_CODES.get(refusal.code, refusal.code)
    return _xml(
        403 if code == "AccessDenied" else refusal.status,
        f"<ErrorResponse><Error><Type>Sender</Type>{_code(code, refusal)}</Error>"
        f"<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>",
    )


def _ec2_error(refusal: Refusal) -> Reply:
    code = _EC2_CODES.get(refusal.code, refusal.code)
    status = {"UnauthorizedOperation": 403, "RequestLimitExceeded": 503}.get(code, refusal.status)
    before = "You are not authorized to perform this operation. " if code == "UnauthorizedOperation" else ""
    told = Refusal(code, before + refusal.message)
    return _xml(
        status,
        f"<Response><Errors><Error>{_code(code, told)}</Error></Errors>"
        f"<RequestID>{uuid.uuid4()}</RequestID></Response>",
    )


def _s3_error(refusal: Refusal) -> Reply:
    code = _S3_CODES.get(refusal.code, refusal.code)
    status = {"AccessDenied": 403, "SlowDown": 503}.get(code, refusal.status)
    return _xml(status, f"<Error>{_code(code, refusal)}<RequestId>{uuid.uuid4()}</RequestId></Error>")


def _code(code: str, refusal: Refusal) -> str:
    return f"<Code>{escape(code)}</Code><Message>{escape(refusal.message)}</Message>"


def _xml(status: int, body: str) -> Reply:
    document = f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()
    return Reply(status, (("Content-Type", "text/xml"),), document)
