"""What a list was asked for, kept under a name."""

from django.db import models
from django.db.models import Q

from organiser_portal.organisations.models import Membership, Organisation, User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def of(self, organisation: Organisation) -> "SavedViewQuerySet":
        return self.filter(organisation=organisation)

    def for_member(self, membership: Membership) -> "SavedViewQuerySet":
        """Their own and those shared with the team."""
        return self.filter(Q(owner=membership.user_id) | Q(shared=True), organisation=membership.organisation_id)


class SavedView(models.Model):
    """Filters, columns and sort of one list.

    ``listing`` is what `listings.listed` knows; ``query`` the address after the question mark, as `query.kept` leaves
    it: no page and no other view in it. A shared view outlives whoever made it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="saved_views")
    listing = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, related_name="saved_views", null=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["organisation", "listing"], name="saved_view_of_a_list")]

    def __str__(self) -> str:
        return self.name


class UsualView(models.Model):
    """The view somebody starts with when they open a list."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    listing = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "listing"], name="one_usual_view_of_each_list")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.view}"
