from django.urls import URLPattern, path

from organiser_portal.events.views import change, lists, race

app_name = "events"
urlpatterns: list[URLPattern] = [
    path("events/", lists.event_list, name="event-list"),
    path("events/<int:pk>/", lists.event_detail, name="event-detail"),
    path("events/<int:pk>/last-claims/", lists.event_last_claims, name="event-last-claims"),
    path("events/listings/<int:listed_id>/<str:verb>/", change.event_change, name="event-change"),
    path("races/", lists.race_list, name="race-list"),
    path("races/<int:pk>/", race.race_detail, name="race-detail"),
    path("races/<int:pk>/licence/", race.race_licence, name="race-licence"),
    path("races/<int:pk>/link/", race.race_link, name="race-link"),
    path("races/listings/<int:pk>/split/", race.race_split, name="race-split"),
]
