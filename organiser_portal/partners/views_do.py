"""What managers do at a provider about partners and their places: a form, one call, and its outcome in a sentence."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from organiser_portal.connections.models import Connection
from organiser_portal.connections.operations import NotDone
from organiser_portal.core.rendering import render_page
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.partners import jobs
from organiser_portal.partners.forms import OperationForm
from organiser_portal.partners.jobs import Job, NoSuchJob
from organiser_portal.partners.models import Partner, ReservedGroup
from organiser_portal.partners.services import perform
from organiser_portal.partners.views import find_partner
from providers.operations import Done, Verb


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def partner_add(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = get_object_or_404(Connection.objects.of(request.organisation), pk=connection_id)
    try:
        return operate(request, jobs.new_partner(connection))
    except NoSuchJob:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def partner_do(request: TenantRequest, partner_id: int, verb: str) -> HttpResponse:
    try:
        return operate(request, jobs.of_partner(find_partner(request, partner_id), verb))
    except NoSuchJob:
        raise Http404 from None


@require_safe
@organisation_role(Role.MANAGER)
def group_event(request: TenantRequest, partner_id: int) -> HttpResponse:
    partner = find_partner(request, partner_id)
    if not jobs.offered(partner.connection, [Verb.CREATE_GROUP]):
        raise Http404
    context = {"partner": partner, "events": _events(partner).order_by("event__name", "pk")}
    return render_page(request, "partners/group_event.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def group_add(request: TenantRequest, partner_id: int, event_listing_id: int) -> HttpResponse:
    partner = find_partner(request, partner_id)
    event = get_object_or_404(_events(partner), pk=event_listing_id)
    try:
        return operate(request, jobs.new_group(partner, event))
    except NoSuchJob:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def group_do(request: TenantRequest, group_id: int, verb: str) -> HttpResponse:
    groups = ReservedGroup.objects.of(request.organisation).listed()
    group = get_object_or_404(groups.select_related("connection", "partner", "event_listing"), pk=group_id)
    try:
        return operate(request, jobs.of_group(group, verb))
    except NoSuchJob:
        raise Http404 from None


def _events(partner: Partner) -> QuerySet[EventListing]:
    return EventListing.objects.filter(connection=partner.connection, gone_at=None).select_related("event")


def operate(request: TenantRequest, job: Job) -> HttpResponse:
    """The form; and after a valid POST the one call. What was typed stays, whatever comes of it."""
    form = job.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            done = perform(connection=job.connection, wish=job.wish(form), actor=request.user, now=timezone.now())
        except NotDone as refused:
            form.object_to(refused.field_errors, str(refused))
        else:
            return _done(request, job, done)
    return form_page(request, job, form)


def form_page(request: TenantRequest, job: Job, form: OperationForm) -> HttpResponse:
    return render_page(
        request,
        "partners/operation_form.html",
        {"job": job, "form": form, "back": _back(request, job)},
        fragment="operation-form",
        status=422 if form.is_bound else 200,
    )


def _done(request: TenantRequest, job: Job, done: Done) -> HttpResponse:
    """Back to the page it belongs to. Facts are told once and kept nowhere."""
    facts = " ".join(f"{name}: {value}" for name, value in done.facts)
    messages.success(request, f"{job.operation.label}: done. {facts}".strip())
    made = job.operation.verb == Verb.CREATE_PARTNER
    new = Partner.objects.filter(connection=job.connection, external_id=done.external_id).first() if made else None
    url = reverse("partners:partner-detail", args=[request.organisation.slug, new.pk]) if new else _back(request, job)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)


def _back(request: TenantRequest, job: Job) -> str:
    slug = request.organisation.slug
    if job.campaign:
        return reverse("partners:campaign-detail", args=[slug, job.campaign.pk])
    if job.partner:
        return reverse("partners:partner-detail", args=[slug, job.partner.pk])
    if job.group:
        return reverse("partners:group-list", args=[slug])
    return reverse("partners:partner-list", args=[slug])
