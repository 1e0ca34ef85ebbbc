"""Where everything answers. Tenant pages live under /o/<organisation>/."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

tenant: list[URLPattern | URLResolver] = [
    path("", include("organiser_portal.console.urls")),
    path("", include("organiser_portal.events.urls")),
    path("", include("organiser_portal.participants.urls")),
    path("views/", include("organiser_portal.saved_views.urls")),
    path("partners/", include("organiser_portal.partners.urls")),
    path("admissions/", include("organiser_portal.admissions.urls")),
    path("connections/", include("organiser_portal.connections.urls")),
    path("sync/", include("organiser_portal.sync.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("organiser_portal.organisations.urls")),
    path("o/<slug:organisation>/", include(tenant)),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("organiser_portal.operations.urls")),
]

handler500 = "organiser_portal.core.request_ids.server_error"
