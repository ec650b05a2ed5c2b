"""Single sign-on by OpenID Connect (code flow with PKCE): who somebody is says the provider, what they may do says a grant here.

Nobody is ever created: an account must exist under the name that the claim gives. Off unless an issuer is set.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from hangshi.access.log import Caller, event
from hangshi.access.models import Account, Session
from hangshi.access.services import at_the_door
from hangshi.access.signin import Entered, admit, first_grant
from hangshi.refusal import Refused

PATIENCE = 10  # seconds for each answer of the provider
LEEWAY = 60  # seconds by which its clock may be out
ALGORITHMS = ["RS256", "PS256", "ES256"]  # ours to say, not the provider's: never "none", never a shared secret
SECOND_FACTOR = {"mfa", "otp", "hwk", "swk", "sc"}  # values of `amr` (RFC 8176) that mean more than a password


@dataclass(frozen=True)
class Journey:
    """What the browser keeps, signed, while it is at the provider."""

    state: str
    nonce: str
    verifier: str


def on() -> bool:
    return bool(settings.OIDC["issuer"])


def depart(back: str) -> tuple[str, Journey]:
    """Where to send the browser; `back` is our address to which it returns. Raises `Refused` when the provider cannot be asked."""
    journey = Journey(generate_token(30), generate_token(30), generate_token(64))
    with _client(back) as client:
        endpoint = _metadata(client)["authorization_endpoint"]
        address, _ = client.create_authorization_url(
            endpoint, state=journey.state, nonce=journey.nonce, code_verifier=journey.verifier
        )
    return str(address), journey


def arrive(
    answer: str, journey: Journey, back: str, *, caller: Caller, now: datetime, before: Session | None
) -> Entered:
    """The session of the person whom the provider vouches for. `answer` is the address with which the browser came back.

    Raises `Refused` for whatever does not agree, and for somebody without an account here.
    """
    claims = _claims(answer, journey, back)
    username = claims.get(settings.OIDC["claim"])
    with at_the_door():
        account = Account.objects.filter(username=username, active=True).first() if isinstance(username, str) else None
        if account is None:
            event("sso_unknown", None, caller=caller)
    if account is None:
        raise Refused("sso.account", "您的身份已经确认，但这里没有为您开设账号。请联系管理员。")
    grant = first_grant(account)
    with at_the_door():
        passed = now if SECOND_FACTOR & set(claims.get("amr") or ()) else None
        return admit(account, grant, caller=caller, now=now, before=before, passed=passed)


def _claims(answer: str, journey: Journey, back: str) -> dict[str, Any]:
    try:
        with _client(back, state=journey.state) as client:
            found = _metadata(client)
            token = client.fetch_token(
                found["token_endpoint"], authorization_response=answer, code_verifier=journey.verifier, timeout=PATIENCE
            )
            keys = KeySet([import_key(key) for key in _get(client, found["jwks_uri"])["keys"]])
            decoded = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
    except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, ValueError) as error:
        raise Refused("sso.answer", "统一身份认证没有通过，没有登录。请重新登录。") from error
    return _checked(decoded, token, journey)


def _checked(decoded: jwt.Token, token: dict[str, Any], journey: Journey) -> dict[str, Any]:
    issued = CodeIDToken(
        decoded.claims,
        decoded.header,
        {"iss": {"values": [settings.OIDC["issuer"]]}, "aud": {"values": [settings.OIDC["client"]]}},
        {"nonce": journey.nonce, "client_id": settings.OIDC["client"], "access_token": token.get("access_token")},
    )
    try:
        issued.validate(leeway=LEEWAY)
    except JoseError as error:
        raise Refused("sso.claims", "统一身份认证的答复与本次登录不符，没有登录。请重新登录。") from error
    return dict(decoded.claims)


def _client(back: str, state: str | None = None) -> Any:
    said = settings.OIDC
    return OAuth2Session(
        said["client"],
        said["secret"],
        scope="openid profile",
        redirect_uri=back,
        state=state,
        code_challenge_method="S256",
    )


def _metadata(client: Any) -> dict[str, Any]:
    issuer = settings.OIDC["issuer"]
    try:
        found = _get(client, f"{issuer}/.well-known/openid-configuration")
    except (requests.RequestException, ValueError) as error:
        raise Refused("sso.away", "统一身份认证暂时连不上。请稍后再试，或用密码登录。") from error
    if found.get("issuer") != issuer:
        raise Refused("sso.issuer", "统一身份认证的设置与本系统不符，没有登录。请联系管理员。")
    return found


def _get(client: Any, address: str) -> dict[str, Any]:
    if urlsplit(address).scheme not in ("https", "http"):
        raise ValueError(address)
    answer = client.get(address, timeout=PATIENCE, withhold_token=True)
    answer.raise_for_status()
    read: dict[str, Any] = answer.json()
    return read
