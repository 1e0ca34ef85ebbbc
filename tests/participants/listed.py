"""The list of entries, asked for as a browser does."""

from django.urls import reverse


def ask(browser, organisation, fragment=True, **query):
    headers = {"HX-Request": "true"} if fragment else {}
    return browser.get(reverse("participants:entry-list", args=[organisation.slug]), query, headers=headers)


def names(response):
    return [f"{line.row['first_name']} {line.row['last_name']}" for line in response.context["lines"]]
