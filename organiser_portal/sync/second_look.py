"""What a whole walk did not name, looked for by walking once more. Pure: pages in, pages out."""

from collections.abc import Collection, Iterable, Iterator

from providers.port import Page


def picked(pages: Iterable[Page], ids: Collection[str]) -> Iterator[Page]:
    """Of these pages what has one of these ids, and what it cost; no page after the one with the last of them."""
    left = set(ids)
    for page in pages:
        items = tuple(each for each in page.items if each.external_id in left)
        rejected = tuple(each for each in page.rejected if each.external_id in left)
        left.difference_update(each.external_id for each in items)
        left.difference_update(each.external_id for each in rejected)
        yield Page(items=items, rejected=rejected, requests=page.requests, bytes=page.bytes)
        if not left:
            return
