"""A click in a picture outlives a request that was sent before the browser knew of it."""

from streamlit.testing.v1 import AppTest

from pages.elements import edits


def page() -> None:
    import streamlit as st

    from pages.elements import edits
    from pages.elements.presets import choose

    st.button("click", on_click=edits.write, args=("page",), kwargs={"word": "new"})
    st.button("again", on_click=edits.write, args=("page",), kwargs={"word": "newer"})
    st.button("preset", on_click=choose, args=("page", {"word": "old"}))
    edits.hold("page_word")
    st.text_input("Word", "old", key="page_word")


def test_a_late_old_value_does_not_undo_a_click() -> None:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert app.text_input[0].value == "new"
    app.text_input[0].set_value("old").run()
    assert app.text_input[0].value == "new"
    app.text_input[0].set_value("other").run()
    assert app.text_input[0].value == "other"


def test_a_value_is_held_for_a_moment_only() -> None:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    edit = app.session_state["page_word-edit"]
    app.session_state["page_word-edit"] = edit._replace(written=edit.written - edits.SECONDS)
    app.text_input[0].set_value("old").run()
    assert app.text_input[0].value == "old"


def test_of_several_clicks_in_a_row_the_last_one_stays() -> None:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    app.button[1].click().run()
    app.text_input[0].set_value("old").run()
    assert app.text_input[0].value == "newer"


def test_a_preset_is_not_held_back() -> None:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    app.button[2].click().run()
    assert app.text_input[0].value == "old"


def basic_page() -> None:
    import streamlit as st

    from pages.elements import edits, rows
    from pages.elements.controls import Controls

    st.button("click", on_click=edits.write, args=("page",), kwargs={"n": 3})
    found = rows.draw(
        Controls("page", {"n": 1}, {}), [rows.Slider("n", "N", low=0, high=9, step=1)]
    )
    st.session_state["found"] = found["n"]


def test_a_late_old_address_does_not_undo_a_click_on_a_hidden_control() -> None:
    app = AppTest.from_function(basic_page).run()
    app.button[0].click().run()
    assert (app.session_state["found"], app.query_params["page_n"]) == (3, "3")
    del app.query_params["page_n"]  # as a request brings it that was sent before the click
    assert app.run().session_state["found"] == 3
    edit = app.session_state["page_n-edit"]
    app.session_state["page_n-edit"] = edit._replace(written=edit.written - edits.SECONDS)
    del app.query_params["page_n"]  # Back
    assert app.run().session_state["found"] == 1
