"""Whom we believe over TLS: one context for all clients, because making one keeps a processor busy for 40 ms."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """The usual authorities, or those that SSL_CERT_FILE or SSL_CERT_DIR name. For sharing between threads."""
    return httpx.create_ssl_context()
