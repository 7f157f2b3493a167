"""What deploy/ and .devcontainer say holds: files, pins, health, origins, the proxy."""

import getpass
import gzip
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port

INSTRUCTIONS = {"FROM", "ARG", "WORKDIR", "COPY", "RUN", "USER", "ENV", "EXPOSE"}
START = {"HEALTHCHECK", "CMD"}
TESTS_ONLY = {"pytest", "pytest-xdist"}
STREAM = "/_stcore/stream"


def pins(path: str) -> dict[str, str]:
    """Return name → version of a requirements file in which every line is a pin."""
    lines = (ROOT / path).read_text(encoding="utf-8").split()
    return dict(line.split("==") for line in lines)


def instructions() -> list[tuple[str, str]]:
    """Return the Containerfile's instructions in order, comments left out, lines joined."""
    text = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    words = (line.split(None, 1) for line in text.splitlines() if line.strip())
    return [(instruction, rest) for instruction, rest in words]


def told(instruction: str) -> list[str]:
    """Return what each instruction of one kind says."""
    return [rest for name, rest in instructions() if name == instruction]


def health_command() -> list[str]:
    return json.loads(told("HEALTHCHECK")[0].split("CMD", 1)[1])


def container_environment() -> dict[str, str]:
    """Return what the container sets, for a server that only this machine reaches."""
    said = dict(pair.split("=", 1) for line in told("ENV") for pair in shlex.split(line))
    here = {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "STREAMLIT_SERVER_PORT": str(free_port())}
    return {**os.environ, **said, **here}


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[str]:
    """Run a server of the app until the block ends; give its address."""
    scripts = str(Path(sys.executable).parent)  # of this Python's own streamlit
    environment = {**environment, "PATH": f"{scripts}{os.pathsep}{environment['PATH']}"}
    address = f"127.0.0.1:{environment['STREAMLIT_SERVER_PORT']}"
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_until_it_answers(address, process)
            yield address
        finally:
            process.kill()


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    host, port = address.split(":")
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {address}")


def answer(address: str, path: str, **headers: str) -> tuple[int, Message, bytes]:
    """Return status, headers and body of a GET."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://{address}{path}", headers=named)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def handshake(address: str, origin: str) -> str:
    """Return the first line that answers a browser page of some origin asking for the stream."""
    host, port = address.split(":")
    lines = [f"GET {STREAM} HTTP/1.1", f"Host: {address}", f"Origin: {origin}"]
    lines += ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
    lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: streamlit"]
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return connection.makefile("rb").readline().decode().strip()


@pytest.fixture(scope="module")
def container() -> Iterator[tuple[str, dict[str, str]]]:
    """Run the app as the container does: its command, its environment."""
    environment = container_environment()
    with running(json.loads(told("CMD")[0]), environment) as address:
        yield address, environment


def test_a_server_installs_the_pins_of_the_app_without_those_of_the_tests() -> None:
    complete = pins("requirements.txt")
    assert set(complete) >= TESTS_ONLY
    wanted = {name: version for name, version in complete.items() if name not in TESTS_ONLY}
    assert pins("deploy/requirements.txt") == wanted


def test_the_container_is_made_of_known_instructions_and_files_that_exist() -> None:
    assert {name for name, _ in instructions()} == INSTRUCTIONS | START
    sources = [source for line in told("COPY") for source in line.split()[:-1]]
    assert not [source for source in sources if not (ROOT / source).exists()]
    # All that the app is made of at its root, so that a new part cannot be forgotten.
    assert {"core/", "pages/", "streamlit_app.py", ".streamlit/config.toml"} <= set(sources)


def test_the_container_runs_as_a_user_of_its_own_who_starts_the_app() -> None:
    names = [name for name, _ in instructions()]
    assert told("USER") == ["explorer"]
    assert any("useradd" in line and "explorer" in line for line in told("RUN"))
    assert names.index("USER") < names.index("CMD") == len(names) - 1


def test_the_health_check_passes_on_a_server_and_fails_without(
    container: tuple[str, dict[str, str]],
) -> None:
    _, environment = container
    command = [sys.executable, *health_command()[1:]]
    assert subprocess.run(command, env=environment, check=False).returncode == 0
    nobody = {**environment, "STREAMLIT_SERVER_PORT": str(free_port())}
    silent = subprocess.run(command, env=nobody, check=False, stderr=subprocess.DEVNULL)
    assert silent.returncode != 0


def test_a_codespace_lets_in_its_own_origin_alone() -> None:
    said = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    environment = {
        **container_environment(),
        "CODESPACE_NAME": "quiet-pond",
        "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN": "codespace.example",
    }
    command = ["bash", "-c", f"exec {said['postAttachCommand']}"]
    with running(command, environment) as address:
        own = f"https://quiet-pond-{said['forwardPorts'][0]}.codespace.example"
        assert handshake(address, own).split()[1] == "101"
        assert handshake(address, "https://other.example").split()[1] == "403"


@pytest.fixture
def proxy(container: tuple[str, dict[str, str]], tmp_path: Path) -> Iterator[str]:
    """Run nginx with the shipped file; only addresses and the folder of its cache differ."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed: apt-get install nginx")
    site = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    address = f"127.0.0.1:{free_port()}"
    for theirs, ours in (
        ("127.0.0.1:8501", container[0]),
        ("80 default_server", address),
        ("/var/lib/nginx/explorer", f"{tmp_path}/cache"),
    ):
        assert site.count(theirs) == 1
        site = site.replace(theirs, ours)
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{folder}_temp_path {tmp_path}/{folder};" for folder in folders)
    (tmp_path / "nginx.conf").write_text(
        # Root's nginx gives its work to another user, who may not enter the test's folder.
        f"user {getpass.getuser()}; daemon off; pid {tmp_path}/pid;"
        f"error_log {tmp_path}/error.log; events {{}}"
        f" http {{ {paths} include {tmp_path}/site.conf; }}",
        encoding="utf-8",
    )
    command = [nginx, "-e", f"{tmp_path}/error.log", "-c", f"{tmp_path}/nginx.conf"]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until_it_answers(address, process)
            yield address
        finally:
            process.terminate()  # its workers go with it, as they would not by a kill


def test_the_proxy_compresses_caches_upgrades_and_guards(
    proxy: str, container: tuple[str, dict[str, str]]
) -> None:
    _, headers, page = answer(proxy, "/")
    assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"

    script = re.search(rb"/static/js/index\.[^\"]+\.js", page)
    assert script is not None
    path = script[0].decode()
    _, plain, whole = answer(container[0], path)
    status, headers, packed = answer(proxy, path, Accept_Encoding="gzip")
    assert status == 200
    assert gzip.decompress(packed) == whole
    assert len(packed) < len(whole) / 2
    assert headers["Cache-Control"] == plain["Cache-Control"]
    assert "immutable" in headers["Cache-Control"]

    assert handshake(proxy, f"http://{proxy}").split()[1] == "101"
    assert handshake(proxy, "https://other.example").split()[1] == "403"
    assert answer(container[0], "/_stcore/metrics")[0] == 200
    for hidden in ("/_stcore/metrics", "/_stcore/metrics/", "//_stcore/%6detrics"):
        assert answer(proxy, hidden)[0] == 404
