"""How each service writes the pages of its lists: its names for size and token, its bounds, and how it refuses.

The bounds are those of AWS's documentation, which is stricter than the service models: ``ListAliases`` of KMS takes a
Limit of 100 at most, where the model would let 1,000 pass.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

from profile_widgets.sandbox.exchange import Question, Reply
from profile_widgets.sandbox.refusals import Refusal

Written = Literal["json", "form", "query"]

_NUMBER_REFUSED = "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: Member must {}"


@dataclass(frozen=True)
class PageForm:
    """Say how one list operation writes its pages."""

    written: Written
    """Where a request has its parameters: a JSON body, a form, or the query of its address."""
    token: str
    size: str
    next_token: str
    """The member of an answer that holds the next page's token; with a dot where it stands deeper."""
    rows: str = ""
    """The member of an answer that holds the rows, written like `next_token`."""
    xml: bool = False
    flag: str = ""
    """The member of an answer that tells, true or false, whether there is a next page."""
    least: int = 1
    most: int = 1000
    default: int | None = None
    """The rows of a page when the request names no number; None: all that there are."""
    largest_page: int | None = None
    """The rows of a page at most, however many are asked for."""
    refuse_size: Callable[[str, PageForm], Refusal] | None = None
    bad_token: tuple[str, str] = ("ValidationException", "Invalid pagination token")
    """The code and the message for a token that nobody has given out."""

    # --- requests -----------------------------------------------------------------------------------------------------

    def parameters(self, question: Question) -> dict[str, Any]:
        """Return what the request says, in the service's own names."""
        if self.written == "json":
            return json_object(question.body)
        text = question.body.decode("utf-8", "replace") if self.written == "form" else _query(question)
        return dict(parse_qsl(text, keep_blank_values=True))

    def asking(self, question: Question, **changes: Any) -> Question:
        """Return the request with other parameters; None takes one away."""
        after = {**self.parameters(question), **changes}
        kept = {name: value for name, value in after.items() if value is not None}
        if self.written == "json":
            return replace(question, body=json.dumps(kept).encode())
        if self.written == "form":
            return replace(question, body=urlencode(kept).encode())
        return replace(question, target=f"{question.path}?{urlencode(kept)}" if kept else question.path)

    def size_of(self, question: Question) -> int | None:
        """Return how many rows a page shall have, None for all; refuse a number out of bounds."""
        given = self.parameters(question).get(self.size)
        if given is None:
            return self.default
        text = str(given)
        if not text.isdecimal() or not self.least <= int(text) <= self.most:
            raise (self.refuse_size or _refused_size)(text, self)
        return min(int(text), self.largest_page or int(text))

    # --- answers ------------------------------------------------------------------------------------------------------

    def token_of(self, reply: Reply) -> str:
        """Return the next page's token that an answer holds, empty if there is none."""
        if not self.xml:
            return str(json_object(reply.body).get(self.next_token) or "")
        element = _child(_place(_root(reply), self.next_token), self.next_token)
        return (element.text or "") if element is not None else ""

    def answering(self, reply: Reply, token: str, cut: slice | None = None) -> tuple[Reply, int]:
        """Return the answer with another token and only a part of its rows, and how many rows it had."""
        write = self._xml_answer if self.xml else self._json_answer
        body, count = write(reply, token, cut)
        headers = tuple(header for header in reply.headers if header[0].lower() != "content-length")
        return Reply(reply.status, headers, body), count

    def _json_answer(self, reply: Reply, token: str, cut: slice | None) -> tuple[bytes, int]:
        answer = json_object(reply.body)
        rows = answer.get(self.rows) or []
        if cut is not None:
            answer[self.rows] = rows[cut]
        answer.pop(self.next_token, None)
        if token:
            answer[self.next_token] = token
        if self.flag:
            answer[self.flag] = bool(token)
        return json.dumps(answer, separators=(",", ":")).encode(), len(rows)

    def _xml_answer(self, reply: Reply, token: str, cut: slice | None) -> tuple[bytes, int]:
        root = _root(reply)
        place = _place(root, self.next_token)
        rows = _child(place, self.rows) if self.rows else None
        count = len(rows) if rows is not None else 0
        if rows is not None and cut is not None:
            rows[:] = rows[cut]
        _put(place, self.next_token, token)
        if self.flag:
            _put(place, self.flag, "true" if token else "false")
        return _written(root), count


def json_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body; an empty one where there is none."""
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _query(question: Question) -> str:
    return question.target.partition("?")[2]


def _root(reply: Reply) -> ET.Element:
    return ET.fromstring(reply.body)  # noqa: S314 - written by moto or by the sandbox itself


def _namespace(element: ET.Element) -> str:
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def _child(place: ET.Element, path: str) -> ET.Element | None:
    name = path.rpartition(".")[2]
    return next((child for child in place if child.tag.rpartition("}")[2] == name), None)


def _place(root: ET.Element, path: str) -> ET.Element:
    """Return the element in which the last name of a path stands, or would stand."""
    place = root
    for name in path.split(".")[:-1]:
        found = _child(place, name)
        place = place if found is None else found
    return place


def _put(place: ET.Element, path: str, text: str) -> None:
    """Let a child have that text; no text: let there be no child."""
    element = _child(place, path)
    if element is not None and not text:
        place.remove(element)
    elif text:
        if element is None:
            namespace, name = _namespace(place), path.rpartition(".")[2]
            element = ET.SubElement(place, f"{{{namespace}}}{name}" if namespace else name)
        element.text = text


def _written(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True, default_namespace=_namespace(root) or None)
    return written


# --- how each service refuses a number that is out of bounds ----------------------------------------------------------


def _refused_size(text: str, form: PageForm, code: str = "ValidationException") -> Refusal:
    member = form.size[:1].lower() + form.size[1:]
    bound = f"less than or equal to {form.most}" if _above(text, form) else f"greater than or equal to {form.least}"
    return Refusal(code, _NUMBER_REFUSED.format(text, member, f"have value {bound}"))


def _refused_by_iam(text: str, form: PageForm) -> Refusal:
    return _refused_size(text, form, "ValidationError")


def _refused_by_ec2(text: str, form: PageForm) -> Refusal:
    bound = f"smaller than or equal to {form.most}" if _above(text, form) else f"greater than or equal to {form.least}"
    return Refusal(
        "InvalidParameterValue", f"Value ( {text} ) for parameter {form.size} is invalid. Expecting a value {bound}."
    )


def _refused_by_s3(text: str, form: PageForm) -> Refusal:
    return Refusal(
        "InvalidArgument", f"Argument {form.size} must be an integer between {form.least} and {form.most}: {text}"
    )


def _above(text: str, form: PageForm) -> bool:
    return text.isdecimal() and int(text) > form.most


# --- the lists --------------------------------------------------------------------------------------------------------

_BAD_REQUEST = ("BadRequest", "The pagination token is invalid.")
_LARGEST = 2**31 - 1


def _of_ec2(rows: str) -> PageForm:
    return PageForm(
        "form",
        "NextToken",
        "MaxResults",
        "nextToken",
        rows,
        xml=True,
        least=5,
        refuse_size=_refused_by_ec2,
        bad_token=("InvalidNextToken", "The specified NextToken is not valid."),
    )


def _of_kms(rows: str, most: int, default: int) -> PageForm:
    bad = ("InvalidMarkerException", "The marker is invalid.")
    return PageForm(
        "json", "Marker", "Limit", "NextMarker", rows, flag="Truncated", most=most, default=default, bad_token=bad
    )


SAGEMAKER = PageForm("json", "NextToken", "MaxResults", "NextToken")
"""All lists of SageMaker; the sandbox's own cut themselves."""

FORMS: Mapping[str, PageForm] = {
    "iam:ListRoles": PageForm(
        "form",
        "Marker",
        "MaxItems",
        "ListRolesResult.Marker",
        "ListRolesResult.Roles",
        xml=True,
        flag="IsTruncated",
        default=100,
        refuse_size=_refused_by_iam,
        bad_token=("ValidationError", "Invalid Marker."),
    ),
    "ec2:DescribeSecurityGroups": _of_ec2("securityGroupInfo"),
    "ec2:DescribeVpcs": _of_ec2("vpcSet"),
    "ec2:DescribeSubnets": _of_ec2("subnetSet"),
    "kms:ListAliases": _of_kms("Aliases", 100, 50),
    "kms:ListKeys": _of_kms("Keys", 1000, 100),
    "s3:ListAllMyBuckets": PageForm(
        "query",
        "continuation-token",
        "max-buckets",
        "ContinuationToken",
        "Buckets",
        xml=True,
        most=10_000,
        refuse_size=_refused_by_s3,
        bad_token=("InvalidArgument", "The continuation token provided is incorrect"),
    ),
    "s3:ListBucket": PageForm(
        "query", "continuation-token", "max-keys", "NextContinuationToken", xml=True, flag="IsTruncated"
    ),
    "secretsmanager:ListSecrets": PageForm(
        "json",
        "NextToken",
        "MaxResults",
        "NextToken",
        "SecretList",
        most=100,
        default=100,
        bad_token=("InvalidNextTokenException", "The NextToken value is invalid."),
    ),
    "elasticfilesystem:DescribeFileSystems": PageForm(
        "query",
        "Marker",
        "MaxItems",
        "NextMarker",
        "FileSystems",
        most=_LARGEST,
        default=100,
        largest_page=100,
        bad_token=_BAD_REQUEST,
    ),
    "fsx:DescribeFileSystems": PageForm(
        "json",
        "NextToken",
        "MaxResults",
        "NextToken",
        "FileSystems",
        most=_LARGEST,
        default=100,
        largest_page=100,
        bad_token=_BAD_REQUEST,
    ),
    "pricing:GetProducts": PageForm(
        "json",
        "NextToken",
        "MaxResults",
        "NextToken",
        "PriceList",
        most=100,
        default=100,
        bad_token=("InvalidNextTokenException", "The pagination token is invalid. Try again without it."),
    ),
}
"""The lists of the other services that come in pages, by IAM action."""


def form_of(service: str, action: str) -> PageForm | None:
    """Return how a list writes its pages, None for an operation that is no list of the table."""
    return SAGEMAKER if service == "sagemaker" else FORMS.get(action)
