"""Where a request comes from. A header can say anything: only what a trusted proxy wrote is taken."""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

from hangshi.access.log import Caller


def caller(request: HttpRequest) -> Caller:
    return Caller(_address(request), request.headers.get("User-Agent", "")[:400])


def _address(request: HttpRequest) -> str:
    """The caller's address, of IPv6 the network (/64) that one household or office has; "" where it is none."""
    address = request.META.get("REMOTE_ADDR", "").strip()
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    while address in settings.TRUSTED_PROXIES and forwarded and forwarded[-1].strip():
        address = forwarded.pop().strip()  # from the right: what stands further left the caller may have written
    return _network(address)


@lru_cache(maxsize=4096)  # an office asks all day long from one
def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
