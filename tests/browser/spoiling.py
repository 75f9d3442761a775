"""A script in every text: what AWS answers on its way to the page, and what a person may hand to it."""

from __future__ import annotations

import html
import http.client
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, unquote, urlencode

PAYLOAD = (
    "\"'><img src=x onerror=ran.push(1)><svg/onload=ran.push(2)></svg></style></textarea></script>"
    "<script>ran.push(3)</script><a href=javascript:ran.push(4)>a</a>`${ran.push(5)}`{{ran.push(6)}}"
    "[m](javascript:ran.push(7))$\\href{javascript:ran.push(8)}{x}$"
)
"""What breaks out of HTML, of attributes, of scripts and styles, of templates, of Markdown and of formulas."""

MARK = "onerror=ran.push(1)"
"""What is left of the payload wherever it is shown as a text."""

CALM = frozenset({"Status", "UserProfileStatus", "__type", "AuthMode", "AppType", "nextToken", "NextToken"})
"""Members without whose own words the page does not get far."""

_NUMBERS = re.compile(r"\s*(?:-?[\d.]+|true|false|\d{4}-\d\d-\d\dT[\d:.+Z-]+)?\s*")
_TEXT = re.compile(r"(<(?P<name>[\w:]+)[^<>]*>)([^<>]+)(?=</)")


class Spoiler:
    """Stand between the page and the sandbox, and put the payload behind every text of every answer.

    What is asked has it taken out again, so that names and tokens lead where they led. Texts under ``calm`` names stay
    as they are, and so does everything while it is not ``on``. ``spoiled`` holds what was spoiled: operations, each
    with the name of a member.
    """

    def __init__(self, endpoint_url: str) -> None:
        self.host, self.port = endpoint_url.removeprefix("http://").split(":")
        self.calm = CALM
        self.on = True
        self.spoiled: set[str] = set()
        handler = type("BoundPassage", (_Passage,), {"spoiler": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, name="spoiler")
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def clean(self, body: bytes, kind: str) -> bytes:
        """Return what is asked without the payload."""
        if not body:
            return body
        if "json" in kind:
            return json.dumps(_cleaned(json.loads(body))).encode()
        if "form" in kind:
            pairs = parse_qsl(body.decode(), keep_blank_values=True)
            return urlencode([(name, value.replace(PAYLOAD, "")) for name, value in pairs]).encode()
        return body

    def spoil(self, operation: str, body: bytes) -> bytes:
        """Return an answer with the payload in every text."""
        if not self.on:
            return body
        if body.startswith(b"{"):
            document = json.loads(body)
            if operation == "DescribeUserProfile" and "UserSettings" in document:
                document["UserSettings"][PAYLOAD] = "unknown"
            return json.dumps(self._spoiled(operation, "", document)).encode()
        if body.startswith(b"<"):
            return _TEXT.sub(lambda found: self._spoiled_text(operation, found), body.decode()).encode()
        return body

    def _spoiled(self, operation: str, name: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {each: self._spoiled(operation, each, inner) for each, inner in value.items()}
        if isinstance(value, list):
            return [self._spoiled(operation, name, inner) for inner in value]
        if not isinstance(value, str) or name in self.calm:
            return value
        self.spoiled.add(f"{operation}.{name}")
        if value.startswith("{"):  # a price is JSON in JSON
            return json.dumps(self._spoiled(operation, name, json.loads(value)))
        return value + PAYLOAD

    def _spoiled_text(self, operation: str, found: re.Match[str]) -> str:
        if found["name"] in self.calm or _NUMBERS.fullmatch(found[3]):
            return found[0]
        self.spoiled.add(f"{operation}.{found['name']}")
        return f"{found[1]}{found[3]}{html.escape(PAYLOAD)}"


class _Passage(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    spoiler: ClassVar[Spoiler]

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = self.spoiler.clean(body, self.headers.get("Content-Type", ""))
        skipped = ("host", "content-length", "connection", "accept-encoding", "expect")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in skipped}
        line = http.client.HTTPConnection(self.spoiler.host, int(self.spoiler.port), timeout=60)
        line.request(self.command, quote(unquote(self.path).replace(PAYLOAD, ""), safe="/?=&%:+,~-_."), body, headers)
        answer = line.getresponse()
        said = self.spoiler.spoil(self._operation(body), answer.read())
        line.close()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "x-amz-crc32"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = do_PUT = do_HEAD = _pass

    def _operation(self, body: bytes) -> str:
        named = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        return named or dict(parse_qsl(body.decode("latin-1"))).get("Action") or self.path.partition("?")[0]

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _cleaned(inner) for name, inner in value.items() if name != PAYLOAD}
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    return value.replace(PAYLOAD, "") if isinstance(value, str) else value


# -- what a person may hand to the page ----------------------------------------------------------------------------


@cache
def everything() -> Mapping[str, Any]:
    """Return user settings in which every text of the installed model is the payload."""
    import botocore.session

    model = botocore.session.Session().get_service_model("sagemaker")
    return _filled(model.shape_for("UserSettings"))  # type: ignore[no-any-return]


def _filled(shape: Any) -> Any:
    if shape.type_name == "structure":
        return {name: _filled(member) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return list(_items(shape.member))
    return {"integer": 7, "long": 7, "boolean": True}.get(shape.type_name, PAYLOAD)


def _items(shape: Any) -> Iterator[Any]:
    if getattr(shape, "is_tagged_union", False):
        yield from ({name: _filled(member)} for name, member in shape.members.items())
    else:
        yield _filled(shape)
