"""Puts our own site in the place of Django's admin. Apart from ``core.admin``, which needs the apps to be loaded."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "organiser_portal.core.admin.PortalAdminSite"
    default = False  # named in full in the settings
