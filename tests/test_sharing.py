"""What is taken home: the script, the link and the files, once somebody asks for them."""

from streamlit.testing.v1 import AppTest

from core.foundations.network.model import Config
from core.foundations.network.script import script
from tests.conftest import ROOT


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.query_params.update(query)
    app.run()
    app.session_state["network-home"] = True
    return app.switch_page("pages/foundations/network/page.py").run()


def test_the_script_is_that_of_the_run_and_the_moment() -> None:
    app = opened(network_seed="7", network_record="12")
    shown = [code.value for code in app.code]
    assert script(Config(seed=7), 12).strip() in [code.strip() for code in shown]


def test_the_link_reopens_the_settings_and_the_moment() -> None:
    app = opened(network_seed="7", network_record="12")
    links = [code.value for code in app.code if "network_record" in code.value]
    assert len(links) == 1
    assert "network_seed=7" in links[0]
    assert "network_record=12" in links[0]
