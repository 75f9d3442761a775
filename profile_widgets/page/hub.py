"""Who a visitor is when the page stands behind a JupyterHub: what the Hub says of the cookie that its OAuth gave.

The page is either a service of the Hub (one server, one kernel a visitor) or what the Hub starts for each person
(one server a person). Both are told in the environment where they stand, as JupyterHub tells every server of its own;
:func:`hub_place` reads that, :func:`refusals` says what is missing, :class:`HubIdentity` asks the Hub.
JupyterHub is needed for this alone and imported when it is.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from profile_widgets.page.identity import LONGEST_NAME, MOST_GROUPS
from profile_widgets.served import Visitor

CHECK_SECONDS = 30
"""How long an answer of the Hub about a cookie is believed: so long does a revoked one live on."""

_NEEDED = ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_API_URL", "JUPYTERHUB_CLIENT_ID", "JUPYTERHUB_SERVICE_PREFIX")


@dataclass(frozen=True)
class HubPlace:
    """Say where a Hub wants the page to listen, and who alone may come.

    ``public_host`` is the host, with its port, that people's browsers know the Hub by, "" when the Hub was not told.
    ``owner`` is the person whose server this is, "" for a service of the Hub, which is everybody's.
    """

    ip: str
    port: int
    base_url: str
    public_host: str = ""
    owner: str = ""


def refusals(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return why the page cannot stand behind a Hub here, a sentence each; nothing when it can.

    >>> refusals({})[0].split(":")[0]
    'A JupyterHub did not start this process'
    """
    found = []
    missing = [name for name in _NEEDED if not environment.get(name)]
    if missing:
        found.append(
            f"A JupyterHub did not start this process: {', '.join(missing)} is not set. "
            "Let the Hub start it, or give it these settings of the service as docs/jupyterhub.md shows."
        )
    elif not _scopes(environment):
        found.append(
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES does not say what a visitor must be allowed, so nobody could come in."
        )
    elif not _is_place(environment):
        found.append("JUPYTERHUB_SERVICE_URL has no port: give the service an address such as http://127.0.0.1:10101.")
    if environment.get("JUPYTERHUB_ALLOW_WEBSOCKET_COOKIE_AUTH", "1").lower() in ("0", "false"):
        found.append(
            "The Hub forbids cookies on websockets (JUPYTERHUB_ALLOW_WEBSOCKET_COOKIE_AUTH), and the page takes no "
            "token from an address: allow them for this service, and give each person's server a domain of its own."
        )
    try:
        import jupyterhub  # noqa: F401 - whether it is there
    except ImportError:
        found.append("JupyterHub is not installed here: pip install jupyterhub, in the version of the Hub.")
    return tuple(found)


def hub_place(environment: Mapping[str, str]) -> HubPlace:
    """Return where the Hub wants the page; raise ValueError when it says nothing.

    >>> hub_place({"JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:10101", "JUPYTERHUB_SERVICE_PREFIX": "/services/p/"})
    HubPlace(ip='127.0.0.1', port=10101, base_url='/services/p/', public_host='', owner='')
    """
    if not _is_place(environment):
        raise ValueError("JUPYTERHUB_SERVICE_URL and JUPYTERHUB_SERVICE_PREFIX do not say where to listen.")
    address = urlsplit(environment["JUPYTERHUB_SERVICE_URL"])
    is_service = bool(environment.get("JUPYTERHUB_SERVICE_NAME"))
    return HubPlace(
        ip=address.hostname or "0.0.0.0",  # noqa: S104 - an address without a host is how a Hub says "all"
        port=address.port or 0,
        base_url="/" + "".join(f"{part}/" for part in environment["JUPYTERHUB_SERVICE_PREFIX"].split("/") if part),
        public_host=urlsplit(environment.get("JUPYTERHUB_PUBLIC_URL", "")).netloc,
        owner="" if is_service else environment.get("JUPYTERHUB_USER", ""),
    )


class HubIdentity:
    """Ask the Hub who sends a request, by the cookie that the Hub's OAuth ended with.

    Only the cookie counts: a token in an address or a header says nothing here, so that no link can sign somebody in
    as somebody else. A visitor is a person whom the Hub allows this service or server, whose groups it tells;
    services, and on somebody's own server everybody else, administrators too, are nobody. Answers are kept for
    ``seconds``. Raise tornado's HTTPError (503) while the Hub does not answer: then nobody is known.

    >>> identity = HubIdentity.from_environment(os.environ)  # doctest: +SKIP
    >>> await identity.visitor(handler)  # doctest: +SKIP
    Visitor(name='alice', groups=('data-science',), source='jupyterhub')
    """

    source = "jupyterhub"
    knows_later = True

    def __init__(self, auth: Any, *, owner: str = "") -> None:
        self.auth, self.owner = auth, owner

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, seconds: int = CHECK_SECONDS) -> HubIdentity:
        """Return the identity of a process that a Hub told where it stands; raise ValueError when none did.

        Certificates between Hub and page, and options of cookies, JupyterHub reads from this process's environment.
        """
        found = refusals(environment)
        if found:
            raise ValueError(" ".join(found))
        place = hub_place(environment)
        return cls(_cookies_only(environment, place.base_url, seconds), owner=place.owner)

    async def visitor(self, handler: Any) -> Visitor | None:
        """Return who sends this request, None for nobody; remember on the handler that somebody known was refused."""
        model = await self._model(handler)
        if not isinstance(model, Mapping):
            return None
        found = self._allowed(model)
        handler.hub_refused = found is None
        return found

    def handlers(self, base_url: str) -> list[Any]:
        """Return the route on which the Hub's OAuth comes back."""
        return [(f"{base_url.rstrip('/')}/oauth_callback", _callback_handler(), {"hub_auth": self.auth})]

    def login_url(self, handler: Any) -> str | None:
        """Return the Hub's sign-in for this request; None for somebody whom the Hub knows, but does not let in."""
        if getattr(handler, "hub_refused", False):
            return None
        asked = handler.request.uri
        back = asked if asked.startswith(self.auth.base_url) and not asked.startswith("//") else self.auth.base_url
        proof, more = _proof_key(self.auth)
        state = self.auth.set_state_cookie(handler, next_url=back, **proof)
        address: str = self.auth.login_url
        return f"{address}{'&' if '?' in address else '?'}{urlencode({**more, 'state': state})}"

    async def _model(self, handler: Any) -> Any:
        from tornado.web import HTTPError, StaticFileHandler
        from tornado.websocket import WebSocketHandler

        try:
            if isinstance(handler, (StaticFileHandler, WebSocketHandler)):
                # Fonts and modules are fetched in a mode for which the Hub wants a token that only scripts can send;
                # these files are the same for everybody. Browsers cannot send it with a websocket, and an open one,
                # which is asked about again, cannot clear a cookie as the Hub's way below does.
                return await self._behind_the_cookie(handler)
            return await self.auth.get_user(handler, sync=False)
        except HTTPError as error:
            raise HTTPError(503, "The Hub does not say who this is.") from error

    async def _behind_the_cookie(self, handler: Any) -> Any:
        token = (handler.get_secure_cookie(self.auth.cookie_name) or b"").decode("ascii", "replace")
        session = self.auth.get_session_id(handler)
        return await self.auth.user_for_token(token, session_id=session, sync=False) if token else None

    def _allowed(self, model: Mapping[str, Any]) -> Visitor | None:
        name, groups = model.get("name"), model.get("groups")
        if model.get("kind", "user") != "user" or not _is_text(name) or (self.owner and name != self.owner):
            return None
        if not isinstance(groups, list) or len(groups) > MOST_GROUPS or not all(_is_text(each) for each in groups):
            return None  # a policy may deny by group
        scopes = self.auth.access_scopes
        if not scopes or not self.auth.check_scopes(scopes, model):
            return None
        return Visitor(str(name), tuple(groups), self.source)


def _is_place(settings: Mapping[str, str]) -> bool:
    try:
        port = urlsplit(settings.get("JUPYTERHUB_SERVICE_URL", "")).port
    except ValueError:
        return False
    return bool(port) and bool(settings.get("JUPYTERHUB_SERVICE_PREFIX"))


def _scopes(settings: Mapping[str, str]) -> set[str]:
    """Return what the Hub says that one must be allowed here; nothing, which lets nobody in, when it is unreadable."""
    try:
        found = json.loads(settings.get("JUPYTERHUB_OAUTH_ACCESS_SCOPES", ""))
    except ValueError:
        return set()
    return {each for each in found if isinstance(each, str)} if isinstance(found, list) else set()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) == len(value) <= LONGEST_NAME and value.isprintable()


def _proof_key(auth: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is kept for, and what is sent with, a sign-in that only this browser can end (PKCE).

    JupyterHub has it from version 6 on; older ones do without.
    """
    if not getattr(auth, "pkce_enabled", False):
        return {}, {}
    verifier, challenge, method = auth.generate_pkce_code_challenge()
    return {"code_verifier": verifier}, {"code_challenge": challenge, "code_challenge_method": method}


def _cookies_only(settings: Mapping[str, str], base_url: str, seconds: int) -> Any:
    from jupyterhub.services.auth import HubOAuth

    class CookiesOnly(HubOAuth):  # type: ignore[misc]
        """JupyterHub's own side of OAuth, deaf to tokens in addresses and headers."""

        def get_token(self, handler: Any, in_cookie: bool = True) -> Any:
            """Return the cookie's token, if a cookie may be looked at."""
            return self._get_token_cookie(handler) if in_cookie else ""

    return CookiesOnly(
        api_url=settings["JUPYTERHUB_API_URL"],
        api_token=settings["JUPYTERHUB_API_TOKEN"],
        base_url=base_url,
        oauth_client_id=settings["JUPYTERHUB_CLIENT_ID"],
        oauth_redirect_uri=settings.get("JUPYTERHUB_OAUTH_CALLBACK_URL") or f"{base_url}oauth_callback",
        hub_prefix=f"{settings.get('JUPYTERHUB_BASE_URL', '/').rstrip('/')}/hub/",
        hub_host=settings.get("JUPYTERHUB_HOST", ""),
        access_scopes=_scopes(settings),
        cache_max_age=seconds,
    )


@functools.cache
def _callback_handler() -> Any:
    from jupyterhub.services.auth import HubOAuthCallbackHandler

    class Callback(HubOAuthCallbackHandler):  # type: ignore[misc]
        """End the sign-in: take the Hub's code, set the cookie, go on to the page."""

        def initialize(self, hub_auth: Any) -> None:
            """Take the page's side of OAuth."""
            self.hub_auth = hub_auth

        def set_default_headers(self) -> None:
            """Let nothing of an address with a code in it be kept, framed or told to others."""
            self.clear_header("Server")
            self.set_header("Cache-Control", "no-store")
            self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            self.set_header("Referrer-Policy", "no-referrer")
            self.set_header("X-Content-Type-Options", "nosniff")

    return Callback
