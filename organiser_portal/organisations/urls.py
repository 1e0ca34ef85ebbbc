from django.urls import URLPattern, URLResolver, include, path

from organiser_portal.organisations import views, views_invitations

app_name = "organisations"
tenant: list[URLPattern] = [
    path("people/", views.member_list, name="member-list"),
    path("people/invite/", views_invitations.invite, name="invite"),
    path("people/<int:pk>/", views.member_detail, name="member-detail"),
    path("people/<int:pk>/role/", views.member_role, name="member-role"),
    path("people/<int:pk>/sensitive/", views.member_sensitive, name="member-sensitive"),
    path("people/<int:pk>/remove/", views.member_remove, name="member-remove"),
    path("people/invitations/<int:pk>/resend/", views_invitations.invitation_resend, name="invitation-resend"),
    path("people/invitations/<int:pk>/revoke/", views_invitations.invitation_revoke, name="invitation-revoke"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.choose, name="choose"),
    path("invitations/", views_invitations.invitation_accept, name="invitation-accept"),
    path("invitations/<str:token>/", views_invitations.invitation_open, name="invitation-open"),
    path("o/<slug:organisation>/", include(tenant)),
    # In front of allauth's own, which lets one take an address without proof: an invitation would then open to two.
    path("accounts/email/", views.own_address, name="own-address"),
]
