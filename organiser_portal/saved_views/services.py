"""Keeping, changing and sharing views. Who made a view changes it; a manager changes every shared one."""

from django.db import transaction

from organiser_portal.organisations.models import Membership
from organiser_portal.organisations.roles import Role
from organiser_portal.saved_views.models import SavedView, UsualView

MOST = 100  # views of one list that one person sees


class TooManyViews(Exception):
    """``str()`` is a sentence."""

    def __init__(self) -> None:
        super().__init__(f"There are {MOST} views of this list already. Remove one that nobody uses.")


def may_change(view: SavedView, membership: Membership) -> bool:
    return view.owner_id == membership.user_id or (view.shared and membership.has_role(Role.MANAGER))


def may_share(membership: Membership) -> bool:
    return membership.has_role(Role.EDITOR)


@transaction.atomic
def keep_view(*, membership: Membership, listing: str, name: str, query: str, shared: bool, usual: bool) -> SavedView:
    """A new view. Raises TooManyViews."""
    if SavedView.objects.for_member(membership).filter(listing=listing).count() >= MOST:
        raise TooManyViews
    view = SavedView.objects.create(
        organisation=membership.organisation,
        listing=listing,
        name=name,
        query=query,
        owner=membership.user,
        shared=shared and may_share(membership),
    )
    set_usual(view, membership, usual=usual)
    return view


@transaction.atomic
def change_view(view: SavedView, *, membership: Membership, name: str, shared: bool, usual: bool) -> None:
    """Give it another name or share it; those who may not change it still say whether they start with it."""
    if may_change(view, membership):
        view.name = name
        if may_share(membership):
            view.shared = shared
        view.save(update_fields=["name", "shared", "changed_at"])
        if not view.shared:  # nobody starts with what they cannot see
            UsualView.objects.filter(view=view).exclude(user=view.owner_id).delete()
    set_usual(view, membership, usual=usual)


def usual_view(membership: Membership, listing: str) -> SavedView | None:
    """The view that this person starts the list with."""
    mine = UsualView.objects.filter(user=membership.user, organisation=membership.organisation, listing=listing)
    usual = mine.select_related("view").first()
    return usual.view if usual else None


def set_usual(view: SavedView, membership: Membership, *, usual: bool) -> None:
    """Whether this person starts with this view. One list has one such view."""
    user, organisation, listing = membership.user, membership.organisation, view.listing
    if usual:
        UsualView.objects.update_or_create(
            user=user, organisation=organisation, listing=listing, defaults={"view": view}
        )
    else:
        UsualView.objects.filter(user=user, view=view).delete()
