from django.urls import path

from organiser_portal.partners import views, views_campaigns, views_do, views_groups

app_name = "partners"
urlpatterns = [
    path("", views.partner_list, name="partner-list"),
    path("campaigns/", views_campaigns.campaign_list, name="campaign-list"),
    path("campaigns/<int:campaign_id>/", views_campaigns.campaign_detail, name="campaign-detail"),
    path("campaigns/<int:campaign_id>/race/", views_campaigns.campaign_race, name="campaign-race"),
    path("campaigns/<int:campaign_id>/<str:verb>/", views_campaigns.campaign_do, name="campaign-do"),
    path("places/", views_groups.group_list, name="group-list"),
    path("add/<int:connection_id>/", views_do.partner_add, name="partner-add"),
    path("<int:partner_id>/", views.partner_detail, name="partner-detail"),
    path("<int:partner_id>/runners.csv", views.partner_export, name="partner-export"),
    path("<int:partner_id>/places/", views_do.group_event, name="group-event"),
    path("<int:partner_id>/places/<int:event_listing_id>/", views_do.group_add, name="group-add"),
    path("<int:partner_id>/<str:verb>/", views_do.partner_do, name="partner-do"),
    path("places/<int:group_id>/<str:verb>/", views_do.group_do, name="group-do"),
]
