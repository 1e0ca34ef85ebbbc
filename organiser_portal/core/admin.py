"""The admin site, and how its pages behave: they count no further than they must, and most only show."""

from collections.abc import Callable
from functools import cached_property, update_wrapper
from typing import TYPE_CHECKING, Any, cast, override

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from organiser_portal.core import keyset

if TYPE_CHECKING:
    AnyPaginator = Paginator[Model]
    BaseAdmin = admin.ModelAdmin[Model]
else:
    AnyPaginator = Paginator
    BaseAdmin = admin.ModelAdmin


class PortalAdminSite(admin.AdminSite):
    """For administrators alone, who come in by the same rate-limited door as everybody. Others find nothing here."""

    site_title = site_header = "Organiser Portal administration"
    index_title = "Administration"
    site_url = "/"

    @override
    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take only what was written for this site: an installed app's own pages know nothing of our rules."""
        if admin_class and issubclass(admin_class, LeanAdmin):
            super().register(model_or_iterable, admin_class, **options)

    @override
    def admin_view[V: Callable[..., HttpResponseBase]](self, view: V, cacheable: bool = False) -> V:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            self._refuse_others(request)
            return inner(request, *args, **kwargs)

        return cast("V", update_wrapper(guarded, inner))

    @override
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        self._refuse_others(request)
        return _door(request)

    @override
    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    @override
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")

    def _refuse_others(self, request: HttpRequest) -> None:
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404


@never_cache
def _door(request: HttpRequest) -> HttpResponseRedirect:
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("admin:index"))
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), "account_login")


class AtLeast(int):
    """A count that stopped. Computes as the number, reads as what it is."""

    def __str__(self) -> str:
        return f"more than {int(self):,}"


class CappedPaginator(AnyPaginator):
    """Counts as far as anybody leafs, and says so."""

    @cached_property
    def count(self) -> int:
        found = keyset.count(cast("QuerySet[Model, Model]", self.object_list))
        return AtLeast(found.number) if found.capped else found.number


class LeanAdmin(BaseAdmin):
    """Shows. What may be done besides is said by the three switches. Every administrator may do the same."""

    may_add = may_change = may_delete = False

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # facets count every row
    list_per_page = 50
    list_max_show_all = 0
    ordering = ("-id",)

    @override
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    @override
    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and self.admin_site.has_permission(request)

    @override
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_change and self.admin_site.has_permission(request)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_delete and self.admin_site.has_permission(request)
