"""Work begun by a button is done once, whatever comes between the press and its end."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from pages import long_work

    told = st.session_state
    if long_work.asked("Go", "go", told.get("what", "a")):
        with long_work.done("go"):
            told["begun"] = told.get("begun", 0) + 1
            if told["begun"] in told.get("broken_at", ()):
                st.rerun()
            if told.get("fails"):
                raise ValueError("no")
            told["made"] = told.get("made", 0) + 1


def pressed(**state: object) -> AppTest:
    app = AppTest.from_function(page)
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert "begun" not in app.session_state
    return app.button("go").click().run()


def test_it_is_begun_again_until_it_is_done_and_then_no_more():
    app = pressed(broken_at=(1, 2))
    assert (app.session_state.begun, app.session_state.made) == (3, 1)
    app.run()
    assert app.session_state.made == 1
    app.button("go").click().run()
    assert app.session_state.made == 2


def test_work_that_failed_is_not_begun_again_unasked():
    app = pressed(fails=True)
    assert len(app.exception) == 1
    app.session_state.fails = False
    app.run()
    assert (app.session_state.begun, "made" in app.session_state) == (1, False)


def test_another_choice_is_not_what_was_asked_for():
    app = AppTest.from_function(page)
    app.session_state["go-asked"], app.session_state["what"] = "b", "a"
    app.run()
    assert "made" not in app.session_state
