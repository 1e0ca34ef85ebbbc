"""Campaigns: what they pay, which race they are for, and what managers do about them at the provider."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from organiser_portal.connections.gateway import face
from organiser_portal.connections.models import Connection
from organiser_portal.connections.operations import NotDone
from organiser_portal.core import qr
from organiser_portal.core.address import settle, tidy
from organiser_portal.core.neighbours import neighbours, opened_from
from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.partners import campaigns, jobs, picture
from organiser_portal.partners.forms import RaceForm
from organiser_portal.partners.history import tell
from organiser_portal.partners.jobs import Job, NoSuchJob
from organiser_portal.partners.models import Campaign, Partner
from organiser_portal.partners.selection import select_campaigns
from organiser_portal.partners.services import perform
from organiser_portal.partners.views import whole
from organiser_portal.partners.views_do import form_page, operate
from organiser_portal.saved_views.listings import address_of
from providers.operations import Verb

NEWEST = 20  # lines of what happened
LINK_SALT = "tracking link"


@require_safe
@organisation_role(Role.VIEWER)
def campaign_list(request: TenantRequest) -> HttpResponse:
    selection = select_campaigns(request.organisation, tidy(request))
    address = settle(request, selection.view)
    shown = selection.page(lambda rows: rows.select_related("connection", "race"))
    results = campaigns.results_of(shown.rows)
    context = {
        **selection.context(),
        "page": shown,
        "lines": [(campaign, results.get(campaign.pk, 0)) for campaign in shown.rows],
        "open_connections": jobs.connections_that(request.organisation, Verb.CREATE_CAMPAIGN),
        "may_write": request.membership.has_role(Role.MANAGER),
    }
    return render_page(request, "partners/campaign_list.html", context, fragment="campaign-table", address=address)


@require_safe
@organisation_role(Role.VIEWER)
def campaign_detail(request: TenantRequest, campaign_id: int) -> HttpResponse:
    campaign = _find(request, campaign_id)
    may_write = request.membership.has_role(Role.MANAGER)
    query = opened_from(request, "campaigns", address_of("campaigns", request.organisation))
    context = {
        "campaign": campaign,
        "earners": campaigns.earners(campaign),
        "statuses": picture.by_status(campaign=campaign),
        "lately": picture.lately_at(campaign, face(campaign.connection.provider).channel, timezone.now()),
        **campaigns.offers(campaign),
        "links": jobs.offered(campaign.connection, [Verb.ENSURE_LINK]),
        "happened": tell(campaigns.done_to(campaign)[:NEWEST]),
        "race_form": RaceForm(campaign=campaign) if may_write else None,
        "may_write": may_write,
        "neighbours": neighbours(select_campaigns(request.organisation, query), campaign.pk, query),
    }
    return render_page(request, "partners/campaign_detail.html", context, fragment="campaign")


@require_POST
@organisation_role(Role.MANAGER)
def campaign_race(request: TenantRequest, campaign_id: int) -> HttpResponse:
    """Which of our races it is for; nothing of that goes to the provider."""
    campaign = _find(request, campaign_id)
    form = RaceForm(request.POST, campaign=campaign)
    if form.is_valid():
        campaigns.link(campaign, form.chosen(), actor=request.user)
        messages.success(
            request, f"{campaign} is linked to {campaign.race}." if campaign.race else "Linked to no race."
        )
    else:
        messages.error(request, "That race is not there any more. Choose another.")
    return redirect("partners:campaign-detail", request.organisation.slug, campaign.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def campaign_add(request: TenantRequest, network_id: int) -> HttpResponse:
    network = get_object_or_404(Connection.objects.of(request.organisation), pk=network_id)
    try:
        return operate(request, jobs.new_campaign(network))
    except NoSuchJob:
        raise Http404 from None


@require_GET
@organisation_role(Role.MANAGER)
def link_picture(request: TenantRequest) -> HttpResponse:
    """The QR code of a tracking link as a file. Only of a link that a page of ours has just shown."""
    try:
        link = signing.loads(request.GET.get("of", ""), salt=LINK_SALT)
    except signing.BadSignature:
        messages.error(request, "That was no link of ours. Fetch the tracking link again.")
        return redirect("partners:campaign-list", request.organisation.slug)
    named = {"Content-Disposition": 'attachment; filename="tracking-link.svg"'}
    return HttpResponse(qr.file(link), content_type="image/svg+xml", headers=named)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@organisation_role(Role.MANAGER)
def campaign_do(request: TenantRequest, campaign_id: int, verb: str) -> HttpResponse:
    campaign = _find(request, campaign_id)
    partners = Partner.objects.of(request.organisation).filter(connection=campaign.connection_id)
    partner = partners.filter(pk=whole(request.GET.get("partner", "")) or 0).first()
    try:
        job = jobs.of_campaign(campaign, verb, partner)
    except NoSuchJob:
        raise Http404 from None
    return _link(request, job) if job.operation.verb == Verb.ENSURE_LINK else operate(request, job)


def _link(request: TenantRequest, job: Job) -> HttpResponse:
    """A tracking link is shown on a page of its own, to be copied."""
    form = job.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wish = job.wish(form)
        try:
            done = perform(connection=job.connection, wish=wish, actor=request.user, now=timezone.now())
        except NotDone as refused:
            form.object_to(refused.field_errors, str(refused))
        else:
            context = {"job": job, "partner": wish.partner, **_with_picture(campaigns.link_first(done.facts))}
            return render_page(request, "partners/tracking_link.html", context, fragment="operation-form")
    return form_page(request, job, form)


def _with_picture(facts: list[tuple[str, str]]) -> dict[str, Any]:
    link = next((value for _, value in facts[:1] if campaigns.is_address(value)), "")
    picture_of = qr.svg(link, label="QR code of the tracking link") if link else ""
    return {"facts": facts, "picture": picture_of, "signed": signing.dumps(link, salt=LINK_SALT)}


def _find(request: TenantRequest, campaign_id: int) -> Campaign:
    """Through the tenant, or 404."""
    found = Campaign.objects.of(request.organisation).select_related("connection", "organisation", "race__event")
    return get_object_or_404(found, pk=campaign_id)
