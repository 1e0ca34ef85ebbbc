"""A form says what it asks, what is optional and what is wrong, to eyes and to screen readers."""

from django import forms

from tests.core.drawn import render


class Form(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="Where the number goes.")
    gender = forms.ChoiceField(choices=[("f", "Female"), ("m", "Male")], widget=forms.RadioSelect)
    mobile = forms.CharField(required=False)
    agreed = forms.BooleanField(label="I agree")


def test_a_field_ties_label_help_and_error_to_its_input():
    html = render("{% field form.email %}", form=Form({"email": "x"}))
    assert '<label class="form-label" for="id_email">E-mail' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html
    assert "form-control is-invalid" in html


def test_an_optional_field_says_so():
    assert ">optional</span>" in render("{% field form.mobile %}", form=Form())
    assert "optional" not in render("{% field form.email %}", form=Form())


def test_a_field_that_is_locked_is_not_called_optional():
    form = Form()
    form.fields["mobile"].disabled = True
    assert "optional" not in render("{% field form.mobile %}", form=form)


def test_radios_are_a_fieldset_described_by_their_error():
    html = render("{% field form.gender %}", form=Form({}))
    assert '<fieldset id="id_gender" tabindex="-1" aria-describedby="id_gender_error">' in html
    assert html.count("form-check-input") == 2


def test_drawing_a_field_twice_does_not_double_its_classes():
    form = Form()
    render("{% field form.email %}", form=form)
    assert 'class="form-control"' in render("{% field form.email %}", form=form)


def test_an_error_summary_links_to_each_field():
    html = render('{% error_summary form "Refused." %}', form=Form({"email": "x"}))
    assert 'href="#id_email"' in html
    assert 'href="#id_gender"' in html
    assert "<h2>Refused.</h2>" in html


def test_what_is_wrong_with_no_answer_is_not_called_an_answer_to_fix():
    form = Form({"email": "a@b.example", "gender": "f", "agreed": "on"})
    form.add_error(None, "Far asks us to wait before we call again.")
    assert "<h2>That did not work.</h2>" in render("{% error_summary form %}", form=form)
    form.add_error("email", "Not this one.")
    assert "<h2>One answer to fix.</h2>" in render("{% error_summary form %}", form=form)


def test_a_valid_form_has_no_error_summary():
    assert render("{% error_summary form %}", form=Form()) == ""
