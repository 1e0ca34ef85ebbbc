"""Which base URLs may be called."""

import socket
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from pytest_django.fixtures import Settings

from organiser_portal.connections.addresses import PinnedTransport, check_address
from providers.errors import AddressRefused, HostUnreachable
from providers.eventrac.client import Eventrac
from tests.connections.certificates import make_certificate

PUBLIC = "93.184.215.14"


@pytest.fixture
def outside(settings: Settings) -> None:
    """No sandbox: the rules of production."""
    settings.PROVIDER_SANDBOX = False


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The name service: host → addresses."""
    book: dict[str, list[str]] = {}

    def look_up(host: str, port: int, **kwargs: Any) -> list[tuple[Any, ...]]:
        if host not in book:
            raise socket.gaierror
        return [(0, 0, 0, "", (address, port)) for address in book[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return book


@pytest.mark.parametrize("base_url", ["", Eventrac.default_base_url, "https://www.eventrac.co.uk/api/v4"])
def test_the_providers_own_host_needs_no_permission(outside: None, base_url: str) -> None:
    assert check_address(Eventrac, base_url, allowed=False) == []


def test_another_host_needs_an_administrators_permission(outside: None) -> None:
    with pytest.raises(AddressRefused, match=r"permission of an administrator.*leave the base URL empty"):
        check_address(Eventrac, f"https://{PUBLIC}/v3", allowed=False)


def test_a_permitted_host_is_pinned_to_the_addresses_that_were_judged(
    outside: None, names: dict[str, list[str]]
) -> None:
    names["mirror.example"] = [PUBLIC, "2606:2800:21f::1"]
    pinned = check_address(Eventrac, "https://mirror.example/v3", allowed=True)
    assert [str(address) for address in pinned] == names["mirror.example"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse, not one to listen at
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fec0::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_a_private_address_is_never_called_whoever_permits_it(
    outside: None, names: dict[str, list[str]], address: str
) -> None:
    names["inside.example"] = [address]
    with pytest.raises(AddressRefused, match="private network"):
        check_address(Eventrac, "https://inside.example/v3", allowed=True)


def test_one_private_address_among_public_ones_is_enough_to_refuse(outside: None, names: dict[str, list[str]]) -> None:
    names["both.example"] = [PUBLIC, "10.0.0.1"]
    with pytest.raises(AddressRefused, match="private network"):
        check_address(Eventrac, "https://both.example/", allowed=True)


def test_a_name_nobody_knows_is_unreachable(outside: None, names: dict[str, list[str]]) -> None:
    with pytest.raises(HostUnreachable, match=r"nowhere\.example is not known"):
        check_address(Eventrac, "https://nowhere.example/", allowed=True)


def test_plain_http_is_refused_even_to_the_providers_own_host(outside: None) -> None:
    with pytest.raises(AddressRefused, match="https://"):
        check_address(Eventrac, "http://www.eventrac.co.uk/api/v3", allowed=True)


@pytest.mark.parametrize(
    "base_url",
    [
        "ftp://www.eventrac.co.uk/",
        "https://",
        "https://who:what@www.eventrac.co.uk/",
        "https://www.eventrac.co.uk/?a=b",
        "https://www.eventrac.co.uk:port/",
        "https://еventrac.example/",
        "www.eventrac.co.uk",
    ],
)
def test_what_is_no_base_url_is_refused(base_url: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(Eventrac, base_url, allowed=True)


def test_with_the_sandbox_this_machine_needs_no_permission() -> None:
    assert check_address(Eventrac, "http://127.0.0.1:8001/eventrac/api/v3", allowed=False) == []


def test_with_the_sandbox_another_machine_still_does() -> None:
    with pytest.raises(AddressRefused, match="permission"):
        check_address(Eventrac, "http://192.168.1.20:8001/", allowed=False)


class Answering(BaseHTTPRequestHandler):
    """Says which host it was asked for."""

    def do_GET(self) -> None:
        body = self.headers["host"].encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture
def port(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server on this machine; with the parameter "tls", one with a certificate for mirror.example."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    if getattr(request, "param", "") == "tls":
        certificate = make_certificate(tmp_path, "mirror.example")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def pinned_client(*addresses: str) -> httpx.Client:
    return httpx.Client(transport=PinnedTransport([ip_address(address) for address in addresses]))


def test_a_pinned_name_is_called_at_its_address_and_under_its_name(port: int) -> None:
    reply = pinned_client("127.0.0.1").get(f"http://mirror.example:{port}/")
    assert reply.text == f"mirror.example:{port}"
    assert reply.request.url.host == "mirror.example"


def test_the_next_address_is_tried_when_one_does_not_answer(port: int) -> None:
    assert pinned_client("127.0.0.9", "127.0.0.1").get(f"http://mirror.example:{port}/").status_code == 200
    with pytest.raises(httpx.ConnectError):
        pinned_client("127.0.0.1", "127.0.0.9").get("http://mirror.example:1/")


@pytest.mark.parametrize("port", ["tls"], indirect=True)
def test_the_certificate_has_to_bear_the_name(port: int) -> None:
    assert pinned_client("127.0.0.1").get(f"https://mirror.example:{port}/").status_code == 200
    with pytest.raises(httpx.ConnectError, match="certificate"):
        pinned_client("127.0.0.1").get(f"https://other.example:{port}/")
