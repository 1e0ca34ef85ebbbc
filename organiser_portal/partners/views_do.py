"""What managers do at a provider about partners and their places: a form, one call, and its outcome in a sentence."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organiser_portal.connections.gateway import face
from organiser_portal.connections.models import Connection
from organiser_portal.connections.operations import NotDone
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.partners import jobs
from organiser_portal.partners.forms import OperationForm
from organiser_portal.partners.jobs import Job, NoSuchJob
from organiser_portal.partners.models import Campaign, Partner
from organiser_portal.partners.services import is_shown, last_sent, perform
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


def operate(request: TenantRequest, job: Job) -> HttpResponse:
    """The form; and after a valid POST the one call. What was typed stays, whatever comes of it."""
    form = job.form(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, job, form)
    wish = job.wish(form)
    if form.is_edit and not wish.values:
        return _on(request, _back(request, job), "Nothing was changed, so nothing was sent.")
    try:
        done = perform(connection=job.connection, wish=wish, actor=request.user, now=timezone.now())
    except NotDone as refused:
        form.object_to(refused.field_errors, str(refused))
        return form_page(request, job, form)
    return _done(request, job, done)


def form_page(request: TenantRequest, job: Job, form: OperationForm) -> HttpResponse:
    asks_for_link = job.operation.verb == Verb.SEND_CLAIM_LINK
    context = {
        "job": job,
        "form": form,
        "back": _back(request, job),
        "sent": last_sent(job.partner) if job.partner and asks_for_link else None,
        "asks_for_link": asks_for_link,
        "gives_places": asks_for_link and jobs.offered(job.connection, [Verb.CREATE_GROUP]),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "partners/operation_form.html", context, fragment="operation-form", status=status)


def _done(request: TenantRequest, job: Job, done: Done) -> HttpResponse:
    """To the page it belongs to. Facts are told once and kept nowhere."""
    facts = " ".join(f"{name.capitalize()}: {value.rstrip('.')}." for name, value in done.facts)
    label = face(job.connection.provider).label
    asked = "" if is_shown(job.operation.verb, done) else f"{label} is asked again: what it says now shows in a minute."
    return _on(request, _made(request, job, done), f"{job.operation.label}: done. {facts} {asked}")


def _on(request: TenantRequest, url: str, sentence: str) -> HttpResponse:
    messages.success(request, " ".join(sentence.split()))
    return HttpResponseRedirect(url, status=303)


def _made(request: TenantRequest, job: Job, done: Done) -> str:
    """The page of what was made, where that is known already."""
    slug, there = request.organisation.slug, {"connection": job.connection, "external_id": done.external_id}
    if job.operation.verb == Verb.CREATE_PARTNER and (partner := Partner.objects.filter(**there).first()):
        return reverse("partners:partner-detail", args=[slug, partner.pk])
    if job.operation.verb == Verb.CREATE_CAMPAIGN and (campaign := Campaign.objects.filter(**there).first()):
        return reverse("partners:campaign-detail", args=[slug, campaign.pk])
    return _back(request, job)


def _back(request: TenantRequest, job: Job) -> str:
    slug = request.organisation.slug
    if job.campaign:
        return reverse("partners:campaign-detail", args=[slug, job.campaign.pk])
    if job.partner:
        return reverse("partners:partner-detail", args=[slug, job.partner.pk])
    if job.group or job.event:
        return reverse("partners:group-list", args=[slug])
    if job.operation.verb == Verb.CREATE_CAMPAIGN:
        return reverse("partners:campaign-list", args=[slug])
    return reverse("partners:partner-list", args=[slug])
