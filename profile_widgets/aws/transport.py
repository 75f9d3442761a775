"""What botocore raises when no usable answer came, by class of the tree and with a sentence each.

The exceptions go by name, because not every botocore has all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from profile_widgets.aws import endpoints, regions
from profile_widgets.aws.refusals import botocore_findings
from profile_widgets.aws.wording import LOGIN_EXPIRED, LONGEST, Scene, after_bad_answer, places
from profile_widgets.errors import BadResponse, CredentialsError, GatewayError, Unreachable, ValidationRefused

Words = Callable[[BaseException, Scene], str]


def unreadable(_error: BaseException, scene: Scene) -> str:
    """Word an answer that cannot be read."""
    return (
        f"The answer of {scene.host} to {scene.operation} could not be read, so its outcome is not known. "
        f"{after_bad_answer(scene.operation)}"
    )


def other(error: BaseException, scene: Scene) -> str:
    """Word an exception of botocore's that has no place of its own."""
    what = scene.operation or f"The {scene.service} client"
    return f"{what} did not succeed ({type(error).__name__}): {_reason(error)}"


def _reason(error: BaseException) -> str:
    """Return an exception's own words, short and without secrets."""
    return endpoints.without_secrets(str(error))[:LONGEST]


def _facts(error: BaseException) -> dict[str, Any]:
    """Return what botocore filled its message with."""
    facts: dict[str, Any] = getattr(error, "kwargs", {})
    return facts


def _not_sent(error: BaseException, scene: Scene) -> str:
    report = str(_facts(error).get("report", error))
    findings = botocore_findings(report)
    if not findings:
        return f"{scene.operation} was not sent, because boto3 refused it: {' '.join(report.split())[:LONGEST]}"
    return f"{scene.operation} was not sent, because boto3 refused {places(findings)}. Correct it and send it again."


def _no_credentials(_error: BaseException, _scene: Scene) -> str:
    return (
        "No AWS credentials were found. Log in (for example with `aws sso login` or `aws configure`), "
        "or choose a profile in the connection."
    )


def _partial_credentials(error: BaseException, _scene: Scene) -> str:
    facts = _facts(error)
    return (
        f"The AWS credentials from {facts.get('provider')} are incomplete: {facts.get('cred_var')} is missing. "
        "Add it, or choose another profile."
    )


def _unreadable_configuration(error: BaseException, _scene: Scene) -> str:
    path = _facts(error).get("path")
    return f"The AWS configuration file {path} cannot be read. Correct it, or set AWS_CONFIG_FILE to another."


def _login(_error: BaseException, _scene: Scene) -> str:
    return LOGIN_EXPIRED


def _credentials_not_had(error: BaseException, _scene: Scene) -> str:
    return f"AWS credentials could not be had: {_reason(error).rstrip('.')}. Log in again, or choose another profile."


def _no_region(_error: BaseException, _scene: Scene) -> str:
    return "No usable AWS region is set. Give the connection one (such as eu-west-1), or set AWS_REGION."


def _certificate(_error: BaseException, scene: Scene) -> str:
    return (
        f"The TLS certificate of {scene.host} could not be verified. If your network has certificates of its own, "
        "give their file as the connection's ca_bundle (or AWS_CA_BUNDLE)."
    )


def _proxy(error: BaseException, _scene: Scene) -> str:
    proxy = endpoints.host_of(str(_facts(error).get("proxy_url", "")))
    return f"The proxy{' ' + proxy if proxy else ''} could not be reached. Check HTTPS_PROXY and NO_PROXY."


def _proxy_settings(_error: BaseException, _scene: Scene) -> str:
    return "The proxy settings are not usable. Check HTTPS_PROXY and the proxy's certificate."


def _late(_error: BaseException, scene: Scene) -> str:
    return f"{scene.host} took the request but did not answer in time. {after_bad_answer(scene.operation)}"


def _broken_off(_error: BaseException, scene: Scene) -> str:
    return f"The connection to {scene.host} broke before the answer was whole. {after_bad_answer(scene.operation)}"


def _http_failure(error: BaseException, scene: Scene) -> str:
    return f"The request to {scene.host} broke off: {_reason(error).rstrip('.')}. {after_bad_answer(scene.operation)}"


def _nobody_there(_error: BaseException, scene: Scene) -> str:
    return f"{scene.host} could not be reached. {_what_to_check(scene)}"


def _nobody_in_time(_error: BaseException, scene: Scene) -> str:
    return f"{scene.host} could not be reached in the time given. {_what_to_check(scene)}"


def _what_to_check(scene: Scene) -> str:
    """Say what may be wrong when nobody is there: a region with a slip, a sandbox that stopped, the network."""
    if endpoints.is_loopback(scene.endpoint):
        return "Is the sandbox still running at that address?"
    if scene.region and scene.region not in regions.known_regions():
        return f"The installed boto3 knows no region “{scene.region}”. {regions.advice(scene.region)}"
    return "Check the network, the endpoint and the region; in a VPC without internet, a SageMaker endpoint is needed."


TRANSPORT: dict[str, tuple[type[GatewayError], Words]] = {
    # The more special exception stands before the more general one: the first that fits is taken.
    "NoCredentialsError": (CredentialsError, _no_credentials),
    "PartialCredentialsError": (CredentialsError, _partial_credentials),
    "ConfigParseError": (CredentialsError, _unreadable_configuration),
    "ConfigNotFound": (CredentialsError, _unreadable_configuration),
    "SSOError": (CredentialsError, _login),
    "LoginError": (CredentialsError, _login),
    "TokenRetrievalError": (CredentialsError, _login),
    "NoAuthTokenError": (CredentialsError, _login),
    "ProfileNotFound": (CredentialsError, _credentials_not_had),
    "CredentialRetrievalError": (CredentialsError, _credentials_not_had),
    "UnknownTokenProviderError": (CredentialsError, _credentials_not_had),
    "UnknownCredentialError": (CredentialsError, _credentials_not_had),
    "RefreshWithMFAUnsupportedError": (CredentialsError, _credentials_not_had),
    "MetadataRetrievalError": (CredentialsError, _credentials_not_had),
    "InvalidIMDSEndpointError": (CredentialsError, _credentials_not_had),
    "InvalidIMDSEndpointModeError": (CredentialsError, _credentials_not_had),
    "MissingDependencyException": (CredentialsError, _credentials_not_had),
    "InvalidConfigError": (CredentialsError, _credentials_not_had),
    "IncompleteReadError": (BadResponse, unreadable),
    "ResponseStreamingError": (BadResponse, unreadable),
    "ChecksumError": (BadResponse, unreadable),
    "FlexibleChecksumError": (BadResponse, unreadable),
    "NoRegionError": (Unreachable, _no_region),
    "UnknownRegionError": (Unreachable, _no_region),
    "InvalidRegionError": (Unreachable, _no_region),
    "SSLError": (Unreachable, _certificate),
    "ProxyConnectionError": (Unreachable, _proxy),
    "InvalidProxiesConfigError": (Unreachable, _proxy_settings),
    "ConnectTimeoutError": (Unreachable, _nobody_in_time),
    "EndpointConnectionError": (Unreachable, _nobody_there),
    "ReadTimeoutError": (Unreachable, _late),
    "ConnectionClosedError": (Unreachable, _broken_off),
    "HTTPClientError": (Unreachable, _http_failure),
    "ConnectionError": (Unreachable, _http_failure),
    "BaseEndpointResolverError": (Unreachable, _nobody_there),
    "EndpointProviderError": (Unreachable, _nobody_there),
    "InvalidEndpointConfigurationError": (Unreachable, _nobody_there),
    "ServiceNotInRegionError": (Unreachable, _nobody_there),
    "CapacityNotAvailableError": (Unreachable, _http_failure),
    "ParamValidationError": (ValidationRefused, _not_sent),
    "MissingParametersError": (ValidationRefused, _not_sent),
    "ValidationError": (ValidationRefused, _not_sent),
}
"""botocore's exceptions by name: the class that stands for one here, and its sentence."""


def place_of(error: BaseException) -> tuple[type[GatewayError], Words] | None:
    """Return the class and the sentence for an exception of botocore's, None when it is none of those.

    A body that urllib3 itself found cut short counts as a bad response, as it does when nobody noticed.
    """
    from botocore import exceptions

    for name, (kind, words) in TRANSPORT.items():
        known = getattr(exceptions, name, None)
        if known is not None and isinstance(error, known):
            return (BadResponse, unreadable) if _is_cut_short(error) else (kind, words)
    if isinstance(error, exceptions.BotoCoreError):
        return GatewayError, other
    return (Unreachable, _http_failure) if isinstance(error, OSError) else None


def _is_cut_short(error: BaseException) -> bool:
    """Tell whether the body ended before its announced length, which some versions of urllib3 notice by themselves."""
    inner = _facts(error).get("error")
    return any(type(reason).__name__ == "IncompleteRead" for reason in (inner, *getattr(inner, "args", ())))
