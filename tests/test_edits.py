"""A click in a picture outlives a request that was sent before the browser knew of it."""

from streamlit.testing.v1 import AppTest

from pages.elements import edits


def page() -> None:
    import streamlit as st

    from pages.elements import edits

    if st.button("click"):
        edits.write("word", "new")
    edits.hold("word")
    st.text_input("Word", "old", key="word")


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
    before, value, written = app.session_state["word-edit"]
    app.session_state["word-edit"] = (before, value, written - edits.SECONDS)
    app.text_input[0].set_value("old").run()
    assert app.text_input[0].value == "old"
