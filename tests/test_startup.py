"""What a fresh process loads, and what it never needs: looked at from outside."""

import subprocess
import sys

from tests.conftest import ROOT


def printed(program: str) -> str:
    """What a new Python prints that runs this program in the project."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_every_topic_trains_pauses_and_goes_on_without_the_compiler() -> None:
    """The first optimiser of PyTorch's would import it: 75 MB and a second for everybody."""
    told = printed(
        "import sys\n"
        "from core import chunks\n"
        "from core.runs import Run\n"
        "from tests.conftest import topics\n"
        "def paused(training):\n"
        "    training.advance()\n"
        "    chunks.restore(training, chunks.paused(training))\n"
        "    training.advance()\n"
        "for topic in topics():\n"
        "    Run(topic.training, topic.Config()).resumed(0, paused)\n"
        "    assert 'torch._dynamo' not in sys.modules, topic.__name__\n"
        "print(len(topics()))"
    )
    assert int(told) >= 17


def test_whoever_visits_a_page_computes_in_one_thread() -> None:
    """Asked in a new thread, as every rerun is one, after pages have loaded their libraries."""
    told = printed(
        "import threading\n"
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('streamlit_app.py', default_timeout=60).run()\n"
        "for page in ('foundations/network', 'learning/clustering'):\n"
        "    assert not app.switch_page(f'pages/{page}/page.py').run().exception\n"
        "import sklearn.cluster\n"
        "import torch\n"
        "from threadpoolctl import threadpool_info\n"
        "def ask():\n"
        "    counts = [library['num_threads'] for library in threadpool_info()]\n"
        "    print(len(counts), {torch.get_num_threads(), *counts})\n"
        "thread = threading.Thread(target=ask)\n"
        "thread.start(), thread.join()"
    )
    n_libraries, threads = told.split(" ", 1)
    assert int(n_libraries) >= 3
    assert threads == "{1}"


def test_the_first_page_needs_no_library_that_few_pages_use() -> None:
    told = printed(
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('streamlit_app.py', default_timeout=60).run()\n"
        "assert not app.switch_page('pages/foundations/network/page.py').run().exception\n"
        "rare = ('sklearn', 'scipy', 'skimage', 'captum', 'gymnasium', 'matplotlib')\n"
        "print([name for name in (*rare, 'torch._dynamo') if name in sys.modules])"
    )
    assert told == "[]"
