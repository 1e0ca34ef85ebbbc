"""What a provider says of us is shown and stored: on one line, without signs that no database or page can bear."""

import pytest

from providers.errors import LONGEST_TEXT, AlreadyThere, FieldError, OutcomeUnknown, Refused

HOSTILE = {
    "NUL\x00byte": "NUL byte",
    "line\nbreak\ttab\r\nend": "line break tab end",
    "‮turned ⁦around": "turned around",
    " wide\u00a0blank ": "wide blank",
    "<b>&amp;</b> {{ x }} %s 李": "<b>&amp;</b> {{ x }} %s 李",
}


@pytest.mark.parametrize(("sent", "shown"), HOSTILE.items())
def test_a_text_is_one_line_that_can_be_stored(sent: str, shown: str) -> None:
    error = Refused(sent, detail=sent, field_errors={sent: [FieldError(rule=sent, text=sent)]})
    assert (error.sentence, str(error), error.detail) == (shown, shown, shown)
    assert error.field_errors == {shown: (FieldError(rule=shown, text=shown),)}
    assert OutcomeUnknown(sent).sentence == shown


def test_a_text_without_end_is_cut() -> None:
    error = AlreadyThere("taken", field_errors={"email": [FieldError(rule="long", text="x" * 100_000)]})
    (told,) = error.field_errors["email"]
    assert len(told.text) == LONGEST_TEXT
    assert told.text.endswith("…")
