"""Attacks on the doors: other visitors' kernels, headers, hosts, origins, files and paths."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from tests.hostile.client import KERNEL, Address, Channels, Page, Person, Refused
from tests.hostile.counting import Tally

EVIL = "evil.example"
TOKEN = "2|82303be5|b320c7bc31184c1329247e73cfb6faec|1795342285"
"""A token against forged requests that anybody can make: cookie and header have to be the same, that is all."""
FILES = ("/proc/self/environ", "/etc/passwd")


def let_in(address: Address, person: Person, what: str, tally: Tally, **request: Any) -> None:
    """Ask for the page; that a kernel stands in the answer is noted."""
    tally.tried["headers, hosts and origins"] += 1
    answer = address.ask(address.path + "/", replace(person, cookies=dict(person.cookies)), **request)
    if KERNEL.search(answer.text):
        tally.let_in.append(f"the page: {what}")


def forged_people(person: Person, other: str) -> Iterator[tuple[str, Person, list[tuple[str, str]]]]:
    """Return people whom nobody vouches for: what is wrong with them, their headers, and headers beside these.

    The headers of `person` are the name and the shared secret, in this order, as the front door adds them.
    """
    named = list(person.headers.items())
    if len(named) < 2:
        return
    (name, value), (secret, key) = named[:2]
    yield "no headers", Person(), []
    yield "a name only", Person(headers={name: value}), []
    yield "a secret only", Person(headers={secret: key}), []
    wrong = (key[:-1], key + "x", key.swapcase(), "", "*", f" {key[:-1]} ", key[::-1], "Bearer " + key, "é" * len(key))
    for number, guess in enumerate(wrong):
        yield f"wrong secret {number}", Person(headers={name: value, secret: guess}), []
    yield "the name twice", Person(headers=person.headers), [(name, other)]
    yield "the same name twice", Person(headers=person.headers), [(name, value)]
    yield "the name twice, in small letters", Person(headers=person.headers), [(name.lower(), other)]
    yield "the secret twice", Person(headers={name: value, secret: "guess"}), [(secret, key[:-1])]
    for bad in (
        "",
        " ",
        f"{value},{other}",
        f"{value} {other}",
        f"{value}\t",
        f"{value}\u00a0",
        "\uff41lice",
        "a" * 5000,
    ):
        if bad.strip(" \t") != value:
            yield f"the name {bad[:12]!r}", Person(headers={name: bad, secret: key}), []
    underscored = name.replace("-", "_")
    yield "the name with underscores", Person(headers={underscored: value, secret.replace("-", "_"): key}), []


def forge_headers(address: Address, person: Person, other: str, tally: Tally) -> None:
    """Ask for the page, and for channels, as somebody whom nobody vouches for."""
    for what, forged, beside in forged_people(person, other):
        let_in(address, forged, what, tally, headers=beside)
    (name, value), (secret, key) = list(person.headers.items())[:2]
    asked = f"{address.path}/?{name}={value}&{secret}={key}&user={value}&token={key}"
    tally.tried["headers, hosts and origins"] += 1
    if KERNEL.search(address.ask(asked).text):
        tally.let_in.append("the page: identity in the query")
    cookies = Person(cookies={name: value, secret: key, "username": value, "_xsrf": "x"})
    let_in(address, cookies, "identity in cookies", tally)


def foreign_hosts(address: Address, person: Person, tally: Tally) -> None:
    """Ask under other names, as a page elsewhere does that had its own name lead here."""
    host, port = address.place
    hosts = (
        EVIL,
        f"{EVIL}:{port}",
        f"{host}.{EVIL}:{port}",
        f"localhost.{EVIL}",
        f"{EVIL}@{host}:{port}",
        f"{host}:{port}@{EVIL}",
    )
    odd = ("", "0.0.0.0", "[::]", f"{host}:{port},{EVIL}", f"{EVIL}/{host}", "2130706433.example")
    for name in (*hosts, *odd):
        let_in(address, person, f"Host {name!r}", tally, host=name)
    for header in ("X-Forwarded-Host", "Forwarded", "X-Original-Host", "X-Host"):
        tally.tried["headers, hosts and origins"] += 1
        answer = address.ask(address.path + "/", replace(person, cookies={}), headers={header: EVIL}, host=EVIL)
        if KERNEL.search(answer.text):
            tally.let_in.append(f"the page: Host {EVIL} with {header}")


def foreign_origins(page: Page, tally: Tally) -> None:
    """Open channels to the visitor's own kernel from pages elsewhere, which their browser would do with its cookies."""
    _, port = page.address.place
    origins = (
        f"http://{EVIL}",
        f"https://{EVIL}:{port}",
        "null",
        "file://",
        "http://127.0.0.1:1",
        f"http://127.0.0.1.{EVIL}",
    )
    for origin in origins:
        _connect(page, page.person, page.kernel, f"Origin {origin}", tally, tally.let_in, origin=origin)
    _connect(page, page.person, page.kernel, f"Host {EVIL}", tally, tally.let_in, host=EVIL, origin=f"http://{EVIL}")


def _connect(page: Page, person: Person, kernel: str, what: str, tally: Tally, found: list[str], **how: Any) -> None:
    tally.tried["channels to others' kernels" if found is tally.foreign else "headers, hosts and origins"] += 1
    how.setdefault("origin", page.address.origin)
    try:
        channels = Channels(page.address, person, kernel, how.pop("session", uuid.uuid4().hex), **how)
    except Refused:
        return
    try:
        asked = channels.send("kernel_info_request", {})
        until = time.monotonic() + 3
        while time.monotonic() < until and not channels.messages and not channels.broken:
            time.sleep(0.05)
        if channels.messages:
            found.append(f"channels: {what} ({asked[:4]})")
    finally:
        channels.close()


def kernel_requests(kernel: str) -> Iterator[tuple[str, str, bytes]]:
    """Return every request about a kernel that Jupyter or Voila knows, and the same in disguise."""
    for spelt in (
        kernel,
        kernel.upper(),
        kernel.replace("-", "%2d"),
        f"./{kernel}",
        f"%2e/{kernel}",
        f"{kernel}/",
        f"{kernel}?",
    ):
        yield "GET", f"/api/kernels/{spelt}", b""
    yield "GET", f"/api//kernels/{kernel}", b""
    yield "GET", f"//api/kernels/{kernel}", b""
    yield "GET", f"/static/../api/kernels/{kernel}", b""
    yield "POST", f"/api/kernels/{kernel}/interrupt", b""
    yield "POST", f"/api/kernels/{kernel}/restart", b""
    yield "POST", f"/api/kernels/{kernel}/stay", b""
    yield "POST", f"/voila/api/shutdown/{kernel}", b"{}"
    yield "DELETE", f"/api/kernels/{kernel}", b""
    yield "PATCH", f"/api/kernels/{kernel}", b"{}"
    yield "GET", f"/api/kernels/{kernel}/channels", b""
    yield "GET", f"/voila/execution/{kernel}", b""
    yield "GET", f"/voila/request_info/{kernel}", b""
    yield "GET", "/api/kernels", b""
    yield "GET", "/api/sessions", b""
    yield (
        "POST",
        "/api/sessions",
        f'{{"kernel": {{"id": "{kernel}"}}, "path": "x", "type": "notebook", "name": "x"}}'.encode(),
    )
    yield "POST", "/api/kernels", b'{"name": "python3"}'
    yield "GET", "/api/status", b""


def foreign_kernels(page: Page, others: Sequence[tuple[str, Person]], tally: Tally) -> None:
    """Reach for somebody's kernel as everybody else."""
    before = len(page.states())
    for who, person in others:
        for kernel in (page.kernel, page.kernel.upper(), f"./{page.kernel}", page.kernel.replace("-", "%2D")):
            _connect(page, person, kernel, f"{who} to {kernel[:3]}", tally, tally.foreign)
        _connect(page, person, page.kernel, f"{who} with the session", tally, tally.foreign, session=page.session)
        person = replace(person, cookies={**person.cookies, "_xsrf": TOKEN})  # noqa: PLW2901
        for method, path, body in kernel_requests(page.kernel):
            tally.tried["requests for others' kernels"] += 1
            forged = [("X-XSRFToken", TOKEN), ("X-HTTP-Method-Override", "GET"), ("Authorization", "token ")]
            answer = page.address.ask(page.address.path + path, person, method, headers=forged, body=body)
            if page.kernel in answer.text or (200 <= answer.status < 300 and page.kernel in path):
                tally.foreign.append(f"{who}: {method} {path.replace(page.kernel, 'KERNEL')} answered {answer.status}")
    if not page.alive() or len(page.states()) < before:
        tally.foreign.append("the kernel did not live through others' requests")


def paths(names: Iterable[str]) -> Iterator[str]:
    """Return requests for files beside the page and below it, and for what else a Jupyter server may serve."""
    up = ("../" * 8, "..%2f" * 8, "%2e%2e/" * 8, "..%5c" * 8, "....//" * 8, "%252e%252e%252f" * 8, "..;/" * 8)
    places = ("/voila/static/", "/static/", "/voila/files/", "/files/", "/voila/templates/profile_widgets/static/")
    for name in (*FILES, *names):
        bare = name.lstrip("/")
        for place in places:
            yield f"{place}{bare}"
            yield f"{place}/{name}"
            yield from (f"{place}{way}{bare}" for way in up)
        yield from (
            f"/voila/render/{bare}",
            f"/notebooks/{bare}",
            f"/view/{bare}",
            f"/nbextensions/{bare}",
            f"//{bare}",
        )
        yield from (
            f"/api/contents/{bare}?content=1",
            f"/voila/render/../../{bare}",
            f"/{up[0]}{bare}",
            f"/{up[1]}{bare}",
        )
    yield from (
        "/api",
        "/api/contents",
        "/api/contents/user_profile.ipynb",
        "/api/kernelspecs",
        "/api/terminals",
        "/tree",
    )
    yield from ("/lab", "/metrics", "/api/config/voila", "/api/me", "/login", "/logout", "/?token=x", "/voila/files/")
    yield from (
        "/api/nbconvert",
        "/api/security/csp-report",
        "/terminals/websocket/1",
        "/custom/custom.css",
        "/robots.txt",
    )
    yield from ("/voila/files/user_profile.ipynb", "/user_profile.ipynb", "/?voila-template=lab", "/?template=../../x")


def ask_for_files(address: Address, people: Sequence[Person], names: Iterable[str], tally: Tally) -> None:
    """Ask for every path; what came back is searched for secrets with everything else that was heard."""
    for person in people:
        for path in paths(names):
            tally.tried["files and paths"] += 1
            answer = address.ask(address.path + path, person, seconds=20)
            if "root:x:0:0" in answer.text or b"AWS_SECRET_ACCESS_KEY=" in answer.body:
                tally.secrets.append(f"{path[:90]} answered a file of the machine")
            if (
                path.startswith(("/?voila-template", "/?template"))
                and "profile_widgets" not in answer.text
                and answer.status == 200
            ):
                tally.secrets.append(f"{path} chose a template")
