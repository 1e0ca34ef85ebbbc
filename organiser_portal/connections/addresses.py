"""Which addresses the portal may call for a connection.

A provider's own hosts always. Any other base URL only with an administrator's permission, over https, and never on a
private network: a name is looked up, each of its addresses is judged, and only those judged are called. While the
sandbox is switched on, plain http and this machine's own addresses are fine.
"""

import socket
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

import httpx
from django.conf import settings

from providers.errors import AddressRefused, HostUnreachable
from providers.port import Provider
from providers.trust import trusted

type Address = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")
SITE_LOCAL = IPv6Network("fec0::/10")  # private once, and still where old networks are
HTTPS_PORT = 443


def check_address(provider: type[Provider], base_url: str, *, allowed: bool) -> list[Address]:
    """Refuse what may not be called; give the addresses to pin, or none where the usual way of connecting is fine.

    ``allowed``: an administrator has permitted this base URL. "" is the provider's own. Looks the name up when it has
    to. Raises AddressRefused or HostUnreachable.
    """
    if not base_url:
        return []
    parts = _parts(provider, base_url)
    if parts.scheme != "https" and not settings.PROVIDER_SANDBOX:
        raise AddressRefused("The base URL must start with https://, or the key could be read on the way.")
    if parts.hostname in provider.known_hosts and parts.port in (None, HTTPS_PORT):
        return []
    if not allowed and not (settings.PROVIDER_SANDBOX and _is_this_machine(parts.hostname or "")):
        raise AddressRefused(
            f"{provider.label} is called at {provider.default_base_url}. The address {parts.hostname} needs the "
            "permission of an administrator of this portal. Ask them to enter it, or leave the base URL empty."
        )
    return [] if settings.PROVIDER_SANDBOX else _public_addresses(parts)


def _parts(provider: type[Provider], base_url: str) -> SplitResult:
    try:
        parts = urlsplit(base_url)
        plain = not (parts.username or parts.password or parts.query or parts.fragment)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = plain = False
    if not (usable and plain and base_url.isascii()):
        raise AddressRefused(
            f"This is not a base URL. It looks like {provider.default_base_url}: a scheme, a host and a path."
        )
    return parts


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _public_addresses(parts: SplitResult) -> list[Address]:
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, parts.port or HTTPS_PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HostUnreachable(
            f"The name {host} is not known. Check the spelling of the base URL.", reason="dns"
        ) from None
    addresses = [ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    if not all(_is_public(address) for address in addresses):
        raise AddressRefused(
            f"{host} leads into a private network, which the portal does not call. Use the provider's public address."
        )
    return list(dict.fromkeys(addresses))


def _is_public(address: Address) -> bool:
    return all(
        each.is_global and not (each.is_multicast or each.is_reserved or each.is_unspecified or each in SITE_LOCAL)
        for each in _unwrapped(address)
    )


def _unwrapped(address: Address) -> Iterator[Address]:
    """The address, or the IPv4 address that travels inside it."""
    if isinstance(address, IPv4Address):
        yield address
    elif address in NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    else:
        inner = address.ipv4_mapped or address.sixtofour
        yield inner or address


class PinnedTransport(httpx.BaseTransport):
    """Connects to the addresses that were judged, whatever the name leads to by now; TLS still checks the name."""

    def __init__(self, addresses: Sequence[Address]) -> None:
        self._addresses = addresses
        self._wire = httpx.HTTPTransport(verify=trusted())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for address in self._addresses[:-1]:
            try:
                return self._wire.handle_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._wire.handle_request(_pinned(request, self._addresses[-1]))

    def close(self) -> None:
        self._wire.close()


def _pinned(request: httpx.Request, address: Address) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
