"""Whom we believe over TLS: one context for all clients, because making one keeps a processor busy for 40 ms."""

import os
import ssl
from functools import lru_cache

import httpx


def trusted() -> ssl.SSLContext:
    """The usual authorities, or those that SSL_CERT_FILE or SSL_CERT_DIR name. For sharing between threads."""
    return _context(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@lru_cache(maxsize=1)
def _context(_file: str, _folder: str) -> ssl.SSLContext:
    return httpx.create_ssl_context()  # reads the two by itself
