"""Accounts, sessions and attempts: who may sign in, for how long, and how often one may try."""

import json
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from access import attempts as waiting
from access.__main__ import main
from access.accounts import AccountError, Accounts
from access.attempts import Attempts
from access.guard import Guard
from access.reader import DEEDS, OWN_MACHINE, ROLE_NAMES, Reader
from access.settings import Settings, SettingsError, read_settings
from warehouse.audit import Audit

PASSWORD = "mật khẩu dài 2025"


@pytest.fixture
def guard(tmp_path):
    (tmp_path / "access.toml").write_text('hosts = ["kpi.test"]\n', encoding="utf-8")
    guard = Guard.of(tmp_path)
    guard.accounts.add("so-tttt.tong-hop", "officer")
    guard.accounts.set_password("so-tttt.tong-hop", PASSWORD)
    return guard


def signed_in(guard: Guard) -> str:
    token, _ = guard.sign_in("so-tttt.tong-hop", PASSWORD, "10.0.0.1")
    return token


# Roles


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_each_role_may_do_what_the_one_below_it_may(role):
    order = list(ROLE_NAMES)
    below = order[max(order.index(role) - 1, 0)]
    assert DEEDS[below] <= DEEDS[role]
    assert Reader("a", role).may("look")
    assert Reader("a", role).may("administer") == (role == "administrator")


@pytest.mark.parametrize("role", [each for each in ROLE_NAMES if each != "viewer"])
def test_only_a_viewer_is_kept_to_a_branch(role):
    with pytest.raises(ValueError, match="expected a viewer"):
        Reader("a", role, "724")


# Accounts


def test_the_password_is_nowhere_on_the_disk(guard):
    signed_in(guard)
    there = [path for path in guard.data.rglob("*") if path.is_file()]
    assert there
    assert [path for path in there if PASSWORD.encode() in path.read_bytes()] == []
    line = json.loads(guard.accounts.file.read_text(encoding="utf-8").splitlines()[1])
    assert line["password"].startswith("$argon2id$")


@pytest.mark.parametrize("name", ["Nguyễn Văn A", "0912345678", "a@b.vn", "", "A", "-x", "x" * 50, "../x"])
def test_an_account_is_called_after_a_post(name, guard):
    before = guard.accounts.file.read_bytes()
    with pytest.raises(AccountError):
        guard.accounts.add(name, "viewer")
    assert guard.accounts.file.read_bytes() == before


@pytest.mark.parametrize("password", ["", "ngắn quá", "so-tttt.tong-hop!", "aaaaaaaaaaaaaaaa", "x" * 257])
def test_a_weak_password_is_refused(password, guard):
    with pytest.raises(AccountError):
        guard.accounts.set_password("so-tttt.tong-hop", password)
    assert guard.accounts.of_password("so-tttt.tong-hop", PASSWORD)


@pytest.mark.parametrize(("role", "unit"), [("officer", "724"), ("chairman", "")])
def test_a_role_that_cannot_be_is_refused_and_nothing_is_written(role, unit, guard):
    before = guard.accounts.file.read_bytes()
    with pytest.raises(AccountError):
        guard.accounts.add("huyen.xem", role, unit)
    assert guard.accounts.file.read_bytes() == before


def test_the_file_only_grows_and_every_change_is_in_the_log(guard):
    before = guard.accounts.file.read_bytes()
    guard.accounts.change("so-tttt.tong-hop", by="so-tttt.quan-tri", active=False)
    assert guard.accounts.file.read_bytes().startswith(before)
    *_, last = guard.audit.all()
    assert (last.who, last.did, last.of["account"], last.of["active"]) == (
        "so-tttt.quan-tri", "account", "so-tttt.tong-hop", False,
    )  # fmt: skip


def test_another_process_knows_of_a_change_at_once(guard):
    other = Accounts(guard.data)
    assert other.all()["so-tttt.tong-hop"].role == "officer"
    guard.accounts.change("so-tttt.tong-hop", role="viewer", unit="724")
    assert other.all()["so-tttt.tong-hop"].reader == Reader("so-tttt.tong-hop", "viewer", "724")


def test_of_a_login_at_the_provider_only_a_hash_is_kept(guard):
    guard.accounts.tie("so-tttt.tong-hop", "Ai.Do@binhduong.gov.vn")
    assert guard.accounts.of_login("ai.do@binhduong.gov.vn ").name == "so-tttt.tong-hop"
    assert guard.accounts.of_login("khac@binhduong.gov.vn") is None
    kept = b"".join(path.read_bytes() for path in guard.data.rglob("*") if path.is_file())
    assert b"binhduong.gov.vn" not in kept
    guard.accounts.add("tinh.xem", "viewer")
    with pytest.raises(AccountError):
        guard.accounts.tie("tinh.xem", "ai.do@binhduong.gov.vn")


# Sessions


def test_without_settings_everybody_is_at_their_own_machine(tmp_path):
    assert Guard.of(tmp_path).reader(None) == OWN_MACHINE


@pytest.mark.parametrize("token", [None, "", "x", "../so-tttt", "a" * 10_000, "\x00"])
def test_a_forged_cookie_is_nobody(token, guard):
    signed_in(guard)
    assert guard.reader(token) is None


def test_the_name_of_a_session_file_is_no_way_in(guard):
    signed_in(guard)
    (file,) = guard.sessions.folder.iterdir()
    assert guard.reader(file.name) is None


@pytest.mark.parametrize(
    "end",
    [
        lambda guard, token, file: guard.sign_out(token),
        lambda guard, token, file: os.utime(file, (time.time() - 31 * 60,) * 2),
        lambda guard, token, file: file.write_text(
            json.dumps({"account": "so-tttt.tong-hop", "started": time.time() - 11 * 3600})
        ),
        lambda guard, token, file: guard.accounts.change("so-tttt.tong-hop", active=False),
        lambda guard, token, file: guard.accounts.change("so-tttt.tong-hop", role="viewer"),
        lambda guard, token, file: guard.accounts.set_password("so-tttt.tong-hop", PASSWORD + "!"),
        lambda guard, token, file: file.write_text("{"),
    ],
    ids=["signed out", "idle", "too old", "closed", "another role", "another password", "spoilt"],
)
def test_a_session_ends(end, guard):
    token = signed_in(guard)
    assert guard.reader(token) == Reader("so-tttt.tong-hop", "officer")
    (file,) = guard.sessions.folder.iterdir()
    end(guard, token, file)
    assert guard.reader(token) is None


def test_signing_in_and_out_is_in_the_log(guard):
    guard.sign_out(signed_in(guard))
    guard.sign_in("so-tttt.tong-hop", "sai mật khẩu", "10.0.0.1")
    guard.sign_in("Nguyen Van A", "sai mật khẩu", "10.0.0.1")
    told = [(each.who, each.did) for each in guard.audit.all() if each.did != "account"]
    who = "so-tttt.tong-hop"
    assert told == [(who, "signed_in"), (who, "signed_out"), (who, "refused"), ("unknown", "refused")]


# Attempts


@pytest.fixture
def clock(monkeypatch):
    now = [1_000_000.0]
    monkeypatch.setattr(waiting.time, "time", lambda: now[0])
    return now


def tried(attempts: Attempts, account: str, address: str) -> float:
    """A wrong attempt; what it must wait, where it comes too soon."""
    with attempts.turn():
        if not (wait := attempts.wait(account, address)):
            attempts.failed(account, address)
    return wait


def test_each_wrong_attempt_waits_longer_than_the_one_before(tmp_path, clock):
    attempts, waits = Attempts(tmp_path), []
    for _ in range(waiting.FREE["account"] + 6):
        while wait := tried(attempts, "a", "10.0.0.1"):
            waits.append(wait)
            clock[0] += wait
    assert waits == sorted(waits)
    assert waits[-1] > 10
    assert max(waits) <= waiting.LONGEST


def test_many_attempts_at_the_same_moment_are_no_way_round(tmp_path, clock):
    attempts = Attempts(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: tried(attempts, "a", "10.0.0.1"), range(40)))
    assert told.count(0) == waiting.FREE["account"]


def test_many_accounts_tried_from_one_address_are_slowed_too(tmp_path, clock):
    attempts = Attempts(tmp_path)
    told = [tried(attempts, f"account-{number}", "10.0.0.1") for number in range(waiting.FREE["address"] + 5)]
    assert told.count(0) == waiting.FREE["address"]
    assert tried(attempts, "account-x", "10.0.0.2") == 0


def test_many_who_know_the_password_come_in_at_the_same_moment(guard):
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: guard.sign_in("so-tttt.tong-hop", PASSWORD, "10.0.0.1"), range(24)))
    assert all(token and wait == 0 for token, wait in told)
    assert len({token for token, _ in told}) == 24


# Settings


def test_without_a_file_only_this_machine_is_served(tmp_path):
    assert read_settings(tmp_path) == Settings(on=False)


@pytest.mark.parametrize(
    "text",
    [
        "hosts = [",
        "hosts = []",
        "hosts = 'kpi.test'",
        "host = ['kpi.test']",
        "https = 'no'",
        "[sessions]\nidle_minutes = 0",
        "[sessions]\nhours = -1",
        "[oidc]\nclient_id = 'x'",
        "[oidc]\nclient_id='x'\nclient_secret='y'\nserver_metadata_url='z'\nredirect_uri='https://kpi.test/'",
    ],
)
def test_settings_that_cannot_be_followed_open_nothing(text, tmp_path):
    (tmp_path / "access.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        read_settings(tmp_path)
    assert "access.toml" in told.value.text.vi
    assert "access.toml" in told.value.text.en


def test_the_file_that_is_deployed_can_be_followed_also_with_a_provider(tmp_path):
    text = (Path(__file__).parent.parent / "deploy" / "access.toml").read_text(encoding="utf-8")
    (tmp_path / "access.toml").write_text(text, encoding="utf-8")
    assert read_settings(tmp_path) == Settings(on=True, hosts=("kpi.example.vn",))
    (tmp_path / "access.toml").write_text(re.sub(r"^# (?=\[oidc\]|\w+ = )", "", text, flags=re.M), encoding="utf-8")
    assert read_settings(tmp_path).oidc.origin == "https://kpi.example.vn"


def test_a_file_that_was_named_but_is_not_there_opens_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("KPI_ACCESS", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError):
        read_settings(tmp_path)


# On the command line


def test_accounts_are_made_on_the_command_line(tmp_path, monkeypatch, capsys):
    class Piped:
        def isatty(self) -> bool:
            return False

        def readline(self) -> str:
            return f"{PASSWORD}\n"

    monkeypatch.setattr("sys.stdin", Piped())
    call = ["--data", str(tmp_path)]
    assert main([*call, "add", "tinh.xem", "--role", "viewer"]) == 0
    assert main([*call, "add", "tinh.xem", "--role", "viewer"]) == 1
    assert Accounts(tmp_path).of_password("tinh.xem", PASSWORD).role == "viewer"
    assert main([*call, "close", "tinh.xem"]) == 0
    assert Accounts(tmp_path).of_password("tinh.xem", PASSWORD) is None
    assert main([*call, "list"]) == 0
    assert "tinh.xem" in capsys.readouterr().out
    assert {each.who for each in Audit(tmp_path).all()} == {"command_line"}
