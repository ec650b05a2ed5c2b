"""A small OpenID Connect provider on the loopback: one client, whoever a test says is signed in there, and lies on request."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "hangshi", "a-secret-of-the-test"


@dataclass
class Provider:
    """`says` replaces claims of the identity token; `signs` is the key it is signed with, `algorithm` how."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    says: dict[str, Any] = field(default_factory=dict)
    signs: Any = None
    algorithm: str = "RS256"
    issuer: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def visit(self, address: str) -> str:
        """Somebody signs in at the address to which the browser was sent; returns the address it is sent back to."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return f"{self.asked['redirect_uri']}?code=code-1&state={self.asked['state']}"

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
        }

    def token(self, said: dict[str, str], authorization: str, now: int) -> dict[str, Any] | None:
        """The answer to a code: the right client, the right verifier, and only once."""
        client = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        proof = base64.urlsafe_b64encode(hashlib.sha256(said.get("code_verifier", "").encode()).digest()).decode()
        proven = proof.rstrip("=") == self.asked["code_challenge"] and self.asked["code_challenge_method"] == "S256"
        if client != f"{CLIENT}:{SECRET}" or not proven or said["code"] != "code-1" or said["code"] in self.used:
            return None
        self.used.add(said["code"])
        claims = {"iss": self.address, "aud": CLIENT, "sub": "17", "nonce": self.asked["nonce"]}
        claims |= {"iat": now, "exp": now + 300} | self.says
        header = {"alg": self.algorithm, "kid": "one"}
        signed = jwt.encode(header, claims, self.signs or self.key, algorithms=[self.algorithm])
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}


@contextmanager
def serving(provider: Provider, now: int) -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {
                "/.well-known/openid-configuration": provider.metadata(),
                "/jwks": KeySet([provider.key]).as_dict(),
            }
            self.answer(pages.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(provider.token(said, self.headers.get("Authorization", ""), now), otherwise=400)

        def answer(self, page: dict[str, Any] | None, otherwise: int = 404) -> None:
            body = json.dumps(page if page is not None else {"error": "invalid_grant"}).encode()
            self.send_response(200 if page is not None else otherwise)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """A test run prints no requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    provider.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


SHARED = OctKey.import_key("a-key-that-both-sides-know-and-so-proves-nothing")
FOREIGN = RSAKey.generate_key(2048, {"kid": "one"})
