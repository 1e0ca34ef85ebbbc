"""A provider that answers as fast as a socket takes it: participants made beforehand, cut into pages of bytes.

    python -m benchmarks.remote --rows 100000 --port 8971

It speaks the dialect of Let's Do This, whose sheet permits pages of 500 and one walk at a time for each key. Three
calls of its own: ``POST /latency?seconds=0.05``, ``POST /change?rows=1000`` (so many participants get another bib), and
``GET /asked``, how many requests came since it was asked last.
"""

import argparse
import socket
import subprocess
import sys
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import msgspec

from benchmarks import records

EMPTY = b'{"data":[],"page":{"totalResults":0,"first":null,"last":null,"prev":null,"next":null}}'
LISTING = "/v0/participants"


class World:
    """Every participant as bytes, in the order of ``updatedAt``."""

    def __init__(self, count: int) -> None:
        self.latency = 0.0
        self.asked = 0
        self._step = count
        self._stamps = [records.moment(number) for number in range(count)]
        self._rows = [records.encoded(body) for body in records.rows(count)]

    def page(self, query: dict[str, list[str]]) -> bytes:
        after, since = query.get("page[after]", [""])[0], query.get("updatedAt[after]", [""])[0]
        lowest = bisect_right(self._stamps, since) if since else 0
        start = int(after) if after else lowest
        end = min(start + int(query["page[size]"][0]), len(self._rows))
        following = b'"%d"' % end if end < len(self._rows) else b"null"
        return b'{"data":[%b],"page":{"totalResults":%d,"first":null,"last":null,"prev":null,"next":%b}}' % (
            b",".join(self._rows[start:end]),
            len(self._rows) - lowest,
            following,
        )

    def change(self, count: int) -> None:
        """The participants at the front move to the end, with another bib."""
        # A while after the last change: outside the overlap that every incremental walk reads again.
        self._step += 1_000
        for body in [msgspec.json.decode(row) for row in self._rows[:count]]:
            self._step += 1
            self._rows.append(records.encoded(records.changed(body, self._step)))
            self._stamps.append(records.moment(self._step))
        del self._rows[:count], self._stamps[:count]


def serve(world: World, port: int) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/asked":
                told, world.asked = world.asked, 0
                return self._answer(b"%d" % told)
            world.asked += 1
            if world.latency:
                time.sleep(world.latency)
            return self._answer(world.page(parse_qs(url.query)) if url.path == LISTING else EMPTY)

        def do_POST(self) -> None:
            url = urlsplit(self.path)
            given = parse_qs(url.query)
            if url.path == "/latency":
                world.latency = float(given["seconds"][0])
            if url.path == "/change":
                world.change(int(given["rows"][0]))
            self._answer(b"{}")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        server.daemon_threads = True
        print("ready", flush=True)
        server.serve_forever()


@contextmanager
def running(count: int) -> Iterator[str]:
    """A server of ``count`` participants in a process of its own; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.remote", "--rows", str(count), "--port", str(port)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        if child.stdout is None or not child.stdout.readline():
            raise SystemExit("The remote did not start.")
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, required=True)
    arguments.add_argument("--port", type=int, required=True)
    given = arguments.parse_args()
    serve(World(given.rows), given.port)


if __name__ == "__main__":
    main()
