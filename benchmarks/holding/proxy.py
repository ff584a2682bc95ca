"""The proxy on this machine: deploy/nginx.conf itself, with what differs from server to server put in.

So is the call of a process of the program taken from deploy/kpi@.service.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
CONF = DEPLOY / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
OPENSSL = shutil.which("openssl")
HOST = "localhost"
AROUND = """
{user}
worker_processes 2;
daemon off;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/kpi.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def free_ports() -> list[int]:
    """Of HTTP, of TLS, of the first process and of the second."""
    return [free_port() for _ in range(4)]


def trusted(folder: Path) -> Path:
    """The certificate that the proxy shows."""
    return folder / "certificate.pem"


def serve(folder: Path, ports: list[int]) -> subprocess.Popen:
    """Start the proxy before the two processes. Raises ValueError where a value to be put in does not stand there."""
    _certificate(folder)
    _configure(folder, ports)
    return subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "all.conf")])


def call_of(port: int) -> list[str]:
    """One process, as deploy/kpi@.service starts it."""
    unit = (DEPLOY / "kpi@.service").read_text(encoding="utf-8")
    told = re.search(r"^ExecStart=\S+/python (.*)$", unit, re.MULTILINE)[1]
    return [sys.executable, *told.replace("%i", str(port)).split()]


def _certificate(folder: Path) -> None:
    call = [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    call += ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(folder / "key.pem"), "-out", str(trusted(folder))]
    subprocess.run(call, check=True, capture_output=True)


def _configure(folder: Path, ports: list[int]) -> None:
    text = CONF.read_text(encoding="utf-8")
    web, tls, first, second = ports
    for old, new in {
        "listen 80": f"listen 127.0.0.1:{web}",
        "listen 443 ": f"listen 127.0.0.1:{tls} ",
        "server_name kpi.example.vn;": f"server_name {HOST};",
        "/etc/nginx/kpi/certificate.pem": f"{trusted(folder)}",
        "/etc/nginx/kpi/key.pem": f"{folder}/key.pem",
        "/var/log/nginx/kpi.log": f"{folder}/access.log",
        "127.0.0.1:8501": f"127.0.0.1:{first}",
        "127.0.0.1:8502": f"127.0.0.1:{second}",
    }.items():
        if old not in text:
            raise ValueError(f"deploy/nginx.conf has no {old!r}; expected it, to be put in place here")
        text = text.replace(old, new)
    # Started by root, its workers would be another user, who may not write into a folder of ours.
    user = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    (folder / "kpi.conf").write_text(text, encoding="utf-8")
    (folder / "all.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
