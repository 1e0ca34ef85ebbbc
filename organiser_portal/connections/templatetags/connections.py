"""Providers in templates."""

from django import template

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection

register = template.Library()


@register.filter
def provider(key: object) -> gateway.Face:
    """``connection.provider|provider``: label, mark, channel, capabilities. A neutral stand-in for an unknown key."""
    return gateway.face(str(key or ""))


@register.filter
def connection_name(connection: Connection) -> str:
    """The provider's label, and the connection's own where it has one."""
    return gateway.connection_name(connection)
