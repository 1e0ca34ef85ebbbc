from django.urls import path

from organiser_portal.connections import views, views_contract, views_rejected

app_name = "connections"
urlpatterns = [
    path("", views.connection_list, name="connection-list"),
    path("add/", views.connection_add, name="connection-add"),
    path("add/<slug:provider>/", views.connection_new, name="connection-new"),
    path("<int:connection_id>/", views.connection_detail, name="connection-detail"),
    path("<int:connection_id>/abilities/", views.connection_abilities, name="connection-abilities"),
    path("<int:connection_id>/contract/", views_contract.contract_watch, name="contract-watch"),
    path(
        "<int:connection_id>/contract/understood/", views_contract.contract_understood, name="contract-all-understood"
    ),
    path(
        "<int:connection_id>/contract/<int:surprise_id>/understood/",
        views_contract.contract_understood,
        name="contract-understood",
    ),
    path("<int:connection_id>/edit/", views.connection_edit, name="connection-edit"),
    path("<int:connection_id>/test/", views.connection_test, name="connection-test"),
    path("<int:connection_id>/pause/", views.connection_pause, name="connection-pause"),
    path("<int:connection_id>/resume/", views.connection_resume, name="connection-resume"),
    path("<int:connection_id>/mapping/", views.connection_mapping, name="connection-mapping"),
    path("<int:connection_id>/rejected/", views_rejected.rejected_list, name="rejected-list"),
    path("<int:connection_id>/rejected/<int:rejected_id>/", views_rejected.rejected_detail, name="rejected-detail"),
]
