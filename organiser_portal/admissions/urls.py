from django.urls import path

from organiser_portal.admissions import views, views_redeem, views_tokens

app_name = "admissions"
urlpatterns = [
    path("", views.gate_list, name="gate-list"),
    path("<int:gate_id>/", views.gate_detail, name="gate-detail"),
    path("<int:gate_id>/redeem/", views_redeem.redeem, name="redeem"),
    path("<int:gate_id>/tokens/", views_tokens.token_list, name="token-list"),
    path("<int:gate_id>/tokens/issue/", views_tokens.token_issue, name="token-issue"),
    path("<int:gate_id>/tokens/<int:token_id>/card/", views_tokens.token_card, name="token-card"),
    path("<int:gate_id>/tokens/<int:token_id>/change/", views_tokens.token_edit, name="token-edit"),
    path("<int:gate_id>/tokens/<int:token_id>/withdraw/", views_tokens.token_revoke, name="token-revoke"),
]
