"""``{% load organisations %}``: words for roles."""

from django import template

from organiser_portal.organisations.roles import Role

register = template.Library()


@register.filter
def role_noun(value: str) -> str:
    """ "owner" → "Owner". A role nobody knows is shown as it came."""
    return Role(value).noun if value in Role.values else value
