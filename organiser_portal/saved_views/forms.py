"""What somebody says about a view."""

from typing import Any

from django import forms

from organiser_portal.core.form_fields import dress
from organiser_portal.organisations.models import Membership
from organiser_portal.saved_views.models import SavedView
from organiser_portal.saved_views.query import LONGEST, kept_text
from organiser_portal.saved_views.services import may_change, may_share


class SavedViewForm(forms.Form):
    """Name, who sees it, and whether one starts with it. ``view`` None: a new one, made of ``query``."""

    name = forms.CharField(label="Name", max_length=60)
    shared = forms.BooleanField(label="Share it with the team", required=False)
    usual = forms.BooleanField(label="Start with it when I open this list", required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST)

    def __init__(
        self, *args: Any, membership: Membership, listing: str, view: SavedView | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.membership, self.listing, self.view = membership, listing, view
        if not may_share(membership):
            del self.fields["shared"]
        if view and not may_change(view, membership):
            self.fields["name"].disabled = True
            self.fields.pop("shared", None)
        for bound in self:
            dress(bound)

    def clean_query(self) -> str:
        return kept_text(self.cleaned_data["query"])

    def clean_name(self) -> str:
        """Two tabs of one name could not be told apart."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        same = SavedView.objects.for_member(self.membership).filter(listing=self.listing, name__iexact=name)
        if self.view:
            same = same.exclude(pk=self.view.pk)
        if same.exists():
            raise forms.ValidationError("There is a view of this name already. Choose another name.")
        return name
