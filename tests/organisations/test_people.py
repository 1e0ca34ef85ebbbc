"""The people of an organisation: who sees them, who changes them, and that one owner stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from organiser_portal.organisations.models import AuditRecord, Membership, Organisation, User
from organiser_portal.organisations.roles import Role

PEOPLE = "/o/fellgate/people/"


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def last_line() -> AuditRecord:
    return AuditRecord.objects.order_by("-id")[0]


def test_everybody_sees_who_is_in_and_as_what(viewer: User, owner: User, sign_in):
    page = sign_in(viewer).get(PEOPLE).text
    assert owner.email in page
    assert "Owner" in page
    assert "Invite somebody" not in page
    assert "Last signed in" not in page


def test_an_owner_changes_a_role(owner: User, viewer: User, sign_in):
    member = membership_of(viewer)
    response = sign_in(owner).post(f"{PEOPLE}{member.pk}/role/", {"role": "manager"}, follow=True)
    assert response.redirect_chain == [(PEOPLE, 303)]
    assert f"{viewer.email} is manager now." in response.text
    member.refresh_from_db()
    assert member.role == Role.MANAGER
    assert last_line().action == "person.role_changed"
    assert last_line().detail == {"before": "viewer", "role": "manager"}


def test_a_role_that_does_not_exist_is_refused(owner: User, viewer: User, sign_in):
    member = membership_of(viewer)
    response = sign_in(owner).post(f"{PEOPLE}{member.pk}/role/", {"role": "emperor"})
    assert response.status_code == 422
    assert membership_of(viewer).role == Role.VIEWER


def test_the_last_owner_stays_owner(owner: User, viewer: User, sign_in):
    member = membership_of(owner)
    response = sign_in(owner).post(f"{PEOPLE}{member.pk}/role/", {"role": "viewer"})
    assert response.status_code == 422
    assert "This is the last owner." in response.text
    assert membership_of(owner).role == Role.OWNER


def test_the_last_owner_cannot_leave(owner: User, sign_in):
    response = sign_in(owner).post(f"{PEOPLE}{membership_of(owner).pk}/remove/", follow=True)
    assert "This is the last owner." in response.text
    assert Membership.objects.filter(user=owner).exists()


def test_an_owner_who_cannot_sign_in_does_not_count(owner: User, organisation: Organisation, sign_in):
    gone = User.objects.create_user("gone@fellgate.example", "correct horse battery", is_active=False)
    Membership.objects.create(organisation=organisation, user=gone, role=Role.OWNER)
    sign_in(owner).post(f"{PEOPLE}{membership_of(owner).pk}/remove/")
    assert Membership.objects.filter(user=owner).exists()


def test_an_owner_leaves_when_there_is_another(owner: User, manager: User, sign_in):
    Membership.objects.filter(user=manager).update(role=Role.OWNER)
    client = sign_in(owner)
    response = client.post(f"{PEOPLE}{membership_of(owner).pk}/remove/")
    assert response["Location"] == "/"
    assert client.get(PEOPLE).status_code == 404


def test_whoever_is_removed_is_out_at_once(owner: User, editor: User, sign_in):
    theirs = sign_in(editor)
    assert theirs.get(PEOPLE).status_code == 200
    sign_in(owner).post(f"{PEOPLE}{membership_of(editor).pk}/remove/")
    assert theirs.get(PEOPLE).status_code == 404
    assert last_line().action == "person.removed"
    assert last_line().subject == editor.email


def test_sensitive_data_opens_until_the_end_of_a_day_where_the_organisation_is(owner: User, viewer: User, sign_in):
    day = timezone.now().date() + timedelta(days=30)
    member = membership_of(viewer)
    sign_in(owner).post(f"{PEOPLE}{member.pk}/sensitive/", {"last_day": day.isoformat()})
    member.refresh_from_db()
    assert member.sensitive_until is not None
    local = member.sensitive_until.astimezone(timezone.zoneinfo.ZoneInfo("Europe/London"))
    assert (local.date(), local.hour, local.minute) == (day, 23, 59)
    assert member.may_see_sensitive(datetime.combine(day, datetime.min.time(), UTC))
    assert last_line().action == "person.sensitive_granted"


@pytest.mark.parametrize("day", ["2001-01-01", "2999-01-01", "soon", ""])
def test_sensitive_data_opens_for_no_day_that_makes_no_sense(day: str, owner: User, viewer: User, sign_in):
    member = membership_of(viewer)
    response = sign_in(owner).post(f"{PEOPLE}{member.pk}/sensitive/", {"last_day": day})
    assert response.status_code == 422
    assert membership_of(viewer).sensitive_until is None


def test_sensitive_data_is_closed_again(owner: User, viewer: User, sign_in):
    Membership.objects.filter(user=viewer).update(sensitive_until=timezone.now() + timedelta(days=3))
    sign_in(owner).post(f"{PEOPLE}{membership_of(viewer).pk}/sensitive/", {"withdraw": "1"})
    assert membership_of(viewer).sensitive_until is None
    assert last_line().action == "person.sensitive_withdrawn"


def test_people_of_another_organisation_are_not_there(owner: User, stranger: User, sign_in):
    theirs = membership_of(stranger)
    client = sign_in(owner)
    assert client.get(f"{PEOPLE}{theirs.pk}/").status_code == 404
    assert client.post(f"{PEOPLE}{theirs.pk}/role/", {"role": "viewer"}).status_code == 404
    assert client.post(f"{PEOPLE}{theirs.pk}/remove/").status_code == 404
    assert membership_of(stranger).role == Role.OWNER
