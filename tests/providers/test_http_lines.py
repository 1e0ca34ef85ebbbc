"""Lines that do not come about, over real sockets: each told apart, each naming the host."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import pytest

from providers.errors import HostUnreachable, OutcomeUnknown
from providers.http import Http


@contextmanager
def listening(answer: bytes | None) -> Iterator[int]:
    """A port that reads a request and sends ``answer`` (None: says nothing) to whoever connects, then hangs up."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                    connection.recv(65536)
                except OSError:
                    return
                if answer is None:
                    held.append(connection)
                    continue
                connection.sendall(answer)
                connection.close()

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.close()
        for connection in held:
            connection.close()


def ask(address: str, method: str = "GET") -> None:
    timeout = httpx.Timeout(0.3)
    http = Http(label="Example", base_url=address, headers={}, timeout=timeout, sleep=lambda _: None, pace_per_second=0)
    try:
        http.get("/x") if method == "GET" else http.send(method, "/x", json={})
    finally:
        http.close()


def reason_of(address: str) -> str:
    with pytest.raises(HostUnreachable) as caught:
        ask(address)
    assert httpx.URL(address).host in str(caught.value)
    assert "base URL" in str(caught.value) or caught.value.reason == "dropped"
    return caught.value.reason


def test_an_unknown_name() -> None:
    assert reason_of("https://no-such-host.invalid") == "dns"


def test_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert reason_of(f"http://127.0.0.1:{port}") == "refused"


def test_a_server_that_does_not_speak_tls() -> None:
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        assert reason_of(f"https://127.0.0.1:{port}") == "tls"


def test_a_server_that_hangs_up() -> None:
    with listening(b"") as port:
        assert reason_of(f"http://127.0.0.1:{port}") == "dropped"


def test_a_body_that_breaks_off() -> None:
    with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1, 2") as port:
        assert reason_of(f"http://127.0.0.1:{port}") == "dropped"


def test_a_server_that_never_answers() -> None:
    with listening(None) as port:
        assert reason_of(f"http://127.0.0.1:{port}") == "timeout"


@pytest.mark.parametrize("answer", [b"", None, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"])
def test_a_write_that_is_not_answered_stays_open(answer: bytes | None) -> None:
    with listening(answer) as port, pytest.raises(OutcomeUnknown):
        ask(f"http://127.0.0.1:{port}", "POST")
