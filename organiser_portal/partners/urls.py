from django.urls import path

from organiser_portal.partners import views, views_batches, views_campaigns, views_do, views_groups

app_name = "partners"
urlpatterns = [
    path("", views.partner_list, name="partner-list"),
    path("partners.csv", views.partner_list_export, name="partner-list-export"),
    path("remind/", views_batches.remind, name="remind"),
    path("release/", views_batches.release, name="release"),
    path("campaigns/", views_campaigns.campaign_list, name="campaign-list"),
    path("campaigns/add/<int:network_id>/", views_campaigns.campaign_add, name="campaign-add"),
    path("campaigns/link.svg", views_campaigns.link_picture, name="link-picture"),
    path("campaigns/<int:campaign_id>/", views_campaigns.campaign_detail, name="campaign-detail"),
    path("campaigns/<int:campaign_id>/race/", views_campaigns.campaign_race, name="campaign-race"),
    path("campaigns/<int:campaign_id>/<str:verb>/", views_campaigns.campaign_do, name="campaign-do"),
    path("places/", views_groups.group_list, name="group-list"),
    path("races/<int:pk>/", views_groups.race_places, name="race-places"),
    path("places/add/", views_groups.own_group_event, name="own-group-event"),
    path("places/add/<int:event_listing_id>/", views_groups.own_group_add, name="own-group-add"),
    path("add/<int:connection_id>/", views_do.partner_add, name="partner-add"),
    path("<int:partner_id>/", views.partner_detail, name="partner-detail"),
    path("<int:partner_id>/runners.csv", views.partner_export, name="partner-export"),
    path("<int:partner_id>/places/", views_groups.group_event, name="group-event"),
    path("<int:partner_id>/places/<int:event_listing_id>/", views_groups.group_add, name="group-add"),
    path("<int:partner_id>/<str:verb>/", views_do.partner_do, name="partner-do"),
    path("places/<int:group_id>/<str:verb>/", views_groups.group_do, name="group-do"),
]
