"""Who wins where both sides have changed a field."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from organiser_portal.core.rendering import render_page
from organiser_portal.organisations.access import TenantRequest, organisation_role, see_other
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.conflicts import open_conflicts
from organiser_portal.participants.rules import RulesForm, set_rules


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.OWNER)
def conflict_rules(request: TenantRequest) -> HttpResponseBase:
    form = RulesForm(request.POST or None, organisation=request.organisation)
    if form.is_valid():
        changed = set_rules(organisation=request.organisation, rules=form.rules(), by=request.user, now=timezone.now())
        messages.success(request, "Saved. It holds from the next sync on." if changed else "Nothing was changed.")
        return see_other(request, "participants:conflict-rules")
    counted = open_conflicts(request.organisation).order_by().values_list("field").annotate(Count("id"))
    waiting = dict(counted)
    context = {"form": form, "rows": [(bound, waiting.get(bound.name, 0)) for bound in form]}
    status = 422 if form.is_bound else 200
    return render_page(request, "participants/conflict_rules.html", context, status=status)
