"""Every component says what it should, to eyes and to screen readers, and escapes what it is given."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db.models import TextChoices
from django.test import RequestFactory

from organiser_portal.connections.models import PushState, Standing
from organiser_portal.core import states
from organiser_portal.core.bars import Segment
from organiser_portal.core.charts import Series, day_chart, nice_step
from organiser_portal.sync.models import Outcome
from providers.records import EntryStatus, ListingStatus
from tests.core.drawn import NOW, render

ROOT = Path(__file__).resolve().parents[2]


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render('{% icon "plus" %}')
    assert 'role="img" aria-label="locked"' in render('{% icon "lock" label="locked" %}')


def test_a_mark_speaks_its_provider_unless_the_name_stands_beside_it():
    assert 'aria-label="eventrac"' in render("{% mark source %}")
    assert "eventrac" not in render("{% mark source decorative=True %}")


@pytest.mark.parametrize(
    "kind, values",
    [
        ("push", PushState.values),
        ("standing", Standing.values),
        ("run", Outcome.values),
        ("entry", [status.value for status in EntryStatus]),
        ("listing", [status.value for status in ListingStatus]),
    ],
)
def test_every_stored_state_has_a_look_of_its_own(kind: str, values: list[str]):
    assert set(values) <= set(states.KINDS[kind])


@pytest.mark.parametrize("kind, stored", [("push", PushState), ("standing", Standing), ("run", Outcome)])
def test_a_state_is_called_the_same_in_a_badge_a_filter_and_an_announcement(kind: str, stored: type[TextChoices]):
    assert {value: states.look(kind, value).word for value in stored.values} == dict(stored.choices)


def test_a_state_nobody_has_met_is_shown_as_it_came():
    assert "<span>Awaiting draw</span>" in render('{% state "application" "awaiting_draw" %}')


def test_no_state_is_no_badge():
    assert render('{% state "push" "" %}') == ""


def test_a_stale_chip_says_so_in_words_and_shape():
    html = render('{% fresh source "late" "stale 4 h" %}')
    assert "is-late" in html
    assert "#alert-triangle" in html
    assert "stale 4 h" in html


def test_a_fresh_chip_shows_how_much_of_the_interval_is_left():
    html = render('{% fresh source "ok" left=27 at=then %}', then=datetime.now(UTC) - timedelta(minutes=11))
    assert 'stroke-dasharray="27 100"' in html
    assert "11 min</time>" in html


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        ("112 150", "we see <b>112</b>. 38 not visible"),
        ("3726 3726", "says <b>3,726</b>, and we see all of them."),
        ("418", "has not said how many there are. We hold <b>418</b>."),
        ("160 150", "says <b>150</b>, we hold <b>160</b>."),
        ("793 793 stale=True", "said <b>793</b>"),
    ],
)
def test_a_coverage_line_says_what_is_missing(arguments: str, sentence: str):
    assert sentence in render("{% coverage source " + arguments + " %}")


def test_a_bar_is_drawn_in_shares_and_hatches_what_is_not_seen():
    html = render(
        '{% bar parts 200 "60 of 200" line=150 %}', parts=[(50, 1), Segment(value=10, channel=2, hatched=True)]
    )
    assert '<rect x="0%" y="-10%" width="25%" height="120%" class="ch-1">' in html
    assert '<rect x="25%" y="-10%" width="5%" height="120%" fill="url(#held-2)">' in html
    assert 'x1="75%"' in html
    assert 'aria-label="60 of 200"' in html


def test_a_bar_that_holds_more_than_its_total_ends_at_the_edge():
    assert 'x="75%" y="-10%" width="25%"' in render('{% bar parts 10 "over" %}', parts=[(30, 1), (10, 2)])


def test_progress_without_a_total_is_indeterminate():
    assert "max=" in render('{% progress 3 4 "3 of 4" %}')
    assert "max=" not in render('{% progress 3 None "3 so far" %}')


def test_the_title_of_a_note_is_the_next_heading_below_that_of_the_page():
    assert '<h2 class="h3">Why</h2>' in render('{% note "bad" "Why" %}It is down.{% endnote %}')


def test_a_note_escapes_what_it_is_given():
    assert "&lt;b&gt;" in render('{% note "bad" title %}{{ title }}{% endnote %}', title="<b>")
    assert "<b>" not in render('{% note "bad" title %}{{ title }}{% endnote %}', title="<b>")


def test_an_empty_state_says_why():
    html = render('{% blank "users" "Nobody yet" %}<p>why</p>{% endblank %}')
    assert "<h2>Nobody yet</h2><p>why</p>" in html


def test_a_sorted_heading_says_its_direction_and_turns_it():
    html = render('{% sort_th "Name" "name" target="#entry-table" %}')
    assert 'aria-sort="ascending"' in html
    assert 'href="?q=jo&amp;sort=-name"' in html
    assert 'hx-target="#entry-table"' in html


def test_an_unsorted_heading_keeps_the_filters_and_forgets_the_place():
    html = render('{% sort_th "Bib" "bib" %}')
    assert "aria-sort" not in html
    assert 'href="?q=jo&amp;sort=bib"' in html


def test_a_pager_without_a_way_back_shows_it_disabled():
    html = render('{% pager "1–25 of 2,417" following="?after=x" target="#entry-table" %}')
    assert 'aria-disabled="true"' in html
    assert 'href="?after=x" rel="next" hx-get="?after=x"' in html


def test_an_active_chip_can_be_removed_with_a_plain_link():
    assert '<a href="?q=jo" aria-label="Remove filter Race: 10K"' in render('{% chip "Race: 10K" remove="?q=jo" %}')


def test_a_pair_marks_what_is_ours_and_what_is_missing():
    assert 'class="ours">Zoë' in render('{% pair "First name" "Zoë" ours=True %}')
    assert "missing</span>" in render('{% pair "Mobile" "" missing="missing" %}')
    assert "<dd><a>x</a></dd>" in render('{% pairof "Race" %}<a>x</a>{% endpairof %}')


def test_a_log_line_takes_a_tone_or_a_channel():
    assert '<li class="is-bad">' in render('{% logline "bad" %}x{% endlogline %}')
    assert '<li class="ch-3">' in render("{% logline channel=3 %}x{% endlogline %}")


def test_navigation_leaves_out_pages_that_do_not_exist():
    assert render('{% load navigation %}{% nav_link "nowhere:list" "Nowhere" "run" %}') == ""


def test_navigation_marks_the_room_one_is_in():
    request = RequestFactory().get("/accounts/login/")
    request.resolver_match = SimpleNamespace(view_name="account_login")
    html = render('{% load navigation %}{% nav_link "account_login" "Sign in" "key" %}', request=request)
    assert 'aria-current="page"' in html


@pytest.mark.parametrize(
    "markup, text",
    [
        ("{{ 2417|number }}", "2,417"),
        ("{{ None|number }}", "–"),
        ('{{ 1050|money:"GBP" }}', "£10.50"),
        ('{{ 1234567|money:"EUR" }}', "€12,345.67"),
        ('{{ 1500|money:"JPY" }}', "JPY 1,500"),
        ('{{ -250|money:"GBP" }}', "−£2.50"),
        ('{{ None|money:"GBP" }}', "–"),
        ("{{ None|age }}", "never"),
        ("{{ None|moment }}", "–"),
        ("{{ born|born }}", "3 March 1989"),
        ("{{ person|initials }}", "MP"),
        ('{{ "olive@fellgate.example"|initials }}', "OL"),
        ('{{ "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"|browser }}', "Firefox on Linux"),
    ],
)
def test_a_filter_writes_what_a_person_reads(markup: str, text: str):
    assert render(markup, born=date(1989, 3, 3), person="Morwenna Pascoe") == text


def test_a_price_without_a_unit_is_shown_raw_with_a_hint():
    item = SimpleNamespace(price_minor=None, price_unknown=Decimal("24.5000"), currency="")
    html = render("{{ item|price }}", item=item)
    assert ">24.5<" in html
    assert "does not say whether" in html


def test_a_price_with_a_unit_is_money():
    item = SimpleNamespace(price_minor=2600, price_unknown=None, currency="GBP")
    assert render("{{ item|price }}", item=item) == "£26.00"


def test_an_age_has_the_absolute_time_behind_it():
    html = render("{{ then|age:now }}", then=NOW - timedelta(hours=4))
    assert html == ('<time datetime="2027-05-14T05:00:00+00:00" title="Friday 14 May 2027, 05:00:00 UTC">4 h</time>')


def test_a_moment_is_told_in_the_zone_asked_for():
    html = render('{{ then|moment:"Europe/London" }}', then=datetime(2001, 5, 23, 8, 30, tzinfo=UTC))
    assert ">Wed 23 May 2001 09:30<" in html


def test_columns_by_day_stack_up_to_a_round_line_and_have_a_table_behind():
    days = [date(2027, 5, 1) + timedelta(days=n) for n in range(3)]
    chart = day_chart(days, [Series(label="eventrac", channel=2, values=[10, 0, 18])], "18 on Monday")
    html = render("{% load charts %}{% day_chart chart %}", chart=chart)
    assert [tick.value for tick in chart.ticks] == [0, 5, 10, 15, 20]
    assert chart.columns[0].blocks[0].height == 100
    assert chart.columns[1].blocks == ()
    assert 'aria-label="18 on Monday"' in html
    assert html.count('<th scope="row">') == 3


@pytest.mark.parametrize("highest, step", [(0, 1), (3, 1), (8, 2), (18, 5), (58, 20), (4_000, 1_000)])
def test_lines_of_a_chart_stand_at_round_figures(highest: int, step: int):
    assert nice_step(highest) == step


def test_no_template_holds_an_inline_script_or_style():
    inline: Callable[[str], bool] = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|\bhx-on").search
    assert [str(path) for path in (ROOT / "templates").rglob("*.html") if inline(path.read_text())] == []
