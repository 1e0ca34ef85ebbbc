"""The portal's components. ``{% load portal %}``; ``templates/components/README.md`` lists them with their usage."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organiser_portal.core import bars, display, form_fields, states
from organiser_portal.core.markup import filled

register = template.Library()
register.filter("number", display.number)
register.filter("money", display.money)
register.filter("price", display.price)
register.filter("age", display.age)
register.filter("day", display.day)
register.filter("moment", display.moment)
register.filter("clock", display.clock)
register.filter("born", display.born)
register.filter("initials", display.initials)
register.filter("browser", display.browser)
register.filter("tone_of_level", states.tone_of_level)
register.filter("icon_of_tone", states.icon_of_tone)


@register.simple_tag
def icon(name: str, size: str = "", *, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. ``size``: "" (18 px), "s" or "l". With ``label`` it speaks, else it is decoration."""
    return _drawn(name, " ".join(part for part in ("icon", f"icon-{size}" if size else "", css) if part), label)


@lru_cache(maxsize=1_000)  # a list draws two hundred
def _drawn(name: str, classes: str, label: str) -> SafeString:
    use = format_html('<use href="{}#{}"></use>', static("dist/icons.svg"), name)
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="{}" {}>{}</svg>', classes, said, use)


@register.simple_tag
def mark(provider: Any, *, decorative: bool = False) -> SafeString:
    """Two letters in the provider's colour; ``decorative`` when its name stands beside it."""
    if decorative:
        return filled('<span class="mark ch-%s" aria-hidden="true">%s</span>', provider.channel, provider.mark)
    return filled(
        '<span class="mark ch-%s" role="img" aria-label="%s" title="%s">%s</span>',
        provider.channel,
        provider.label,
        provider.label,
        provider.mark,
    )


@register.simple_tag
def badge(tone: str, icon_name: str, text: str, *, title: str = "", fold: bool = False) -> SafeString:
    """A badge of one's own: tone, icon, word. ``fold``: on a phone only the icon is seen."""
    return filled(
        '<span class="state is-%s%s"%s>%s<span>%s</span></span>',
        tone,
        " state-fold" if fold else "",
        filled(' title="%s"', title) if title else "",
        icon(icon_name),
        text,
    )


@register.simple_tag
def state(kind: str, value: str, *, text: str = "", fold: bool = False) -> SafeString | str:
    """The badge of a stored state. ``kind``: push, standing, run, entry, listing, application. No value, no badge."""
    if not value:
        return ""
    look = states.look(kind, str(value))
    return badge(look.tone, look.icon, text or look.word, title=look.sentence, fold=fold)


@register.inclusion_tag("components/ring.html")
def ring(provider: Any, state: str = "ok", left: float = 100) -> dict[str, Any]:
    """The ring alone: ``left`` is the percentage of the interval until the next look."""
    return {"provider": provider, "css": states.FRESHNESS[state][0], "left": _left(state, left)}


@register.inclusion_tag("components/fresh.html")
def fresh(
    provider: Any,
    state: str = "ok",
    words: str = "",
    *,
    left: float = 100,
    at: datetime | None = None,
    label: str = "",
    href: str = "",
) -> dict[str, Any]:
    """Freshness chip. ``state``: ok, running, late, refused, paused, never; ``words`` default to the age of ``at``."""
    css, icon_name = states.FRESHNESS[state]
    return {
        "provider": provider,
        "state": state,
        "css": css,
        "icon_name": icon_name,
        "left": left,
        "words": words or display.age(at),
        "label": label or provider.label,
        "href": href,
    }


def _left(state: str, left: float) -> int | None:
    if state == "running":
        return 25
    return None if states.FRESHNESS[state][0] else max(0, min(100, round(left)))


@register.inclusion_tag("components/coverage.html")
def coverage(
    provider: Any,
    seen: int,
    promised: int | None = None,
    *,
    at: datetime | None = None,
    href: str = "",
    stale: bool = False,
) -> dict[str, Any]:
    """What they say, what we see, what is missing. ``href`` leads to what can be done about the missing ones."""
    missing = max(0, (promised or 0) - seen)
    if stale:
        segments = [(1, provider.channel, True)]
    else:
        segments = [(seen if promised else 0, provider.channel, False), (missing, provider.channel, True)]
    return {
        "provider": provider,
        "seen": seen,
        "promised": promised,
        "missing": missing,
        "at": at,
        "href": href,
        "stale": stale,
        "segments": segments,
        "total": 1 if stale else promised or 0,
    }


@register.inclusion_tag("components/bar.html")
def bar(
    segments: Iterable[Any], total: float, label: str, *, size: str = "", line: float | None = None, css: str = ""
) -> dict[str, Any]:
    """Stacked bar. ``segments``: ``bars.Segment`` or (value, channel[, hatched]) tuples; ``line``: licence, target."""
    parts = [bars.segment_of(value) for value in segments]
    whole = max(float(total or 0), float(line or 0), sum(part.value for part in parts)) or 1.0
    return {
        "rects": bars.rects(parts, whole),
        "label": label,
        "css": " ".join(part for part in ("bar", f"bar-{size}" if size else "", css) if part),
        "line": None if line is None else bars.percent(line / whole),
    }


@register.inclusion_tag("components/progress.html")
def progress(value: int, total: int | None, text: str, aside: str = "", *, tone: str = "move") -> dict[str, Any]:
    """Numbers first, the bar second. ``total`` None: nobody has said how many."""
    return {"value": value, "total": total, "text": text, "aside": aside, "tone": tone}


@register.simple_block_tag
def note(content: str, tone: str, title: str = "", *, icon_name: str = "", role: str = "") -> SafeString:
    """``{% note "wait" title="..." %} ... {% endnote %}``. Tones: good, wait, bad, move, ours, idle."""
    return format_html(
        '<div class="note is-{}"{}>{}<div>{}<div class="small">{}</div></div></div>',
        tone,
        format_html(' role="{}"', role) if role else "",
        icon(icon_name or states.icon_of_tone(tone)),
        format_html('<h2 class="h3">{}</h2>', title) if title else "",
        content,
    )


@register.simple_block_tag
def blank(content: str, icon_name: str, title: str, *, tone: str = "") -> SafeString:
    """Nothing here: why, and the one thing to do next. ``{% blank "users" "No entries yet" %} ... {% endblank %}``."""
    return format_html(
        '<div class="empty{}">{}<h2>{}</h2>{}</div>',
        f" is-{tone}" if tone else "",
        icon(icon_name, "l", css="on mb-2" if tone else "mb-2"),
        title,
        content,
    )


@register.simple_block_tag
def logline(content: str, tone: str = "idle", *, channel: int = 0) -> SafeString:
    """One line of an ``<ol class="log">``: a dot in a tone, or in a provider's channel colour."""
    return format_html('<li class="{}">{}</li>', f"ch-{channel}" if channel else f"is-{tone}", content)


@register.inclusion_tag("components/pair.html")
def pair(label: str, value: Any = "", *, missing: str = "–", ours: bool = False, title: str = "") -> dict[str, Any]:
    """One line of a ``<dl>``. ``ours``: staff's value stands over the provider's; ``title`` says what it was."""
    return {"label": label, "value": value, "missing": missing, "ours": ours, "title": title}


@register.simple_block_tag
def pairof(content: str, label: str) -> SafeString:
    """A line of a ``<dl>`` with markup as its value: ``{% pairof "Race" %}<a ...>{% endpairof %}``."""
    return format_html('<div class="pair"><dt>{}</dt><dd>{}</dd></div>', label, content)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, *, mark: Any = None, column: str = "", label: str = "") -> dict[str, Any]:
    """A form field: label, help, error, tied together. ``mark``: the provider that asks; ``column``: as "col-md-6"."""
    return {
        "field": form_fields.dress(bound),
        "shape": form_fields.shape(bound.field.widget),
        "describedby": form_fields.described_by(bound),
        "label": label or bound.label,
        "provider": mark,
        "column": column,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm, title: str = "", *, after: str = "") -> dict[str, Any]:
    """What is wrong, each linked to its field; takes the focus. Nothing when nothing is wrong."""
    found = list(form_fields.faults(form))
    answers = sum(bool(fault.label) for fault in found)
    words = {0: "That did not work.", 1: "One answer to fix."}.get(answers, f"{answers} answers to fix.")
    return {"faults": found, "title": title or words, "after": after}


@register.inclusion_tag("components/chip.html")
def chip(text: str, *, remove: str = "", href: str = "", icon_name: str = "", target: str = "") -> dict[str, Any]:
    """Filter chip. ``remove``: the address without this filter (it is active); ``href``: it opens something."""
    return {"text": text, "remove": remove, "href": href, "icon_name": icon_name, "target": target}


@register.inclusion_tag("components/pager.html")
def pager(
    text: str, *, previous: str = "", following: str = "", target: str = "", label: str = "Pages"
) -> dict[str, Any]:
    """``text`` such as "1–25 of 2,417", and the two addresses ("" when there is none).

    ``label``: what it is called beside another one, as in a panel: "Pages of runners".
    """
    return {"text": text, "previous": previous, "following": following, "target": target, "label": label}
