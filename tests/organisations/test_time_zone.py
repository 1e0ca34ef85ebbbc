"""Times are told where the organisation is."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from organiser_portal.core.logs import binding
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.organisations.roles import Role

HALF_PAST_EIGHT_UTC = datetime(2001, 5, 23, 8, 30, tzinfo=UTC)


@organisation_role(Role.VIEWER)
def page(request: TenantRequest) -> HttpResponse:
    return HttpResponse(Template("{% load portal %}{{ at|clock }}").render(Context({"at": HALF_PAST_EIGHT_UTC})))


def ask(user: User, organisation: Organisation) -> str:
    request: HttpRequest = RequestFactory().get("/")
    request.user = user
    with binding():  # as the middleware would: what the view binds ends with it
        return page(request, organisation=organisation.slug).content.decode()


def test_a_tenants_pages_tell_the_time_where_the_tenant_is(organisation: Organisation, viewer: User):
    assert ">09:30<" in ask(viewer, organisation)
    organisation.time_zone = "America/New_York"
    organisation.save()
    assert ">04:30<" in ask(viewer, organisation)
