from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.portal.mail import NotDelivered, make_mail, send_mail
from hedgerow.stores.site import Mail
from tests.portal.receivers import Taken, Trust, login, make_trust, smtp_server

FROM, TO = "gateway@school.example", "lead@school.example"


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return make_trust(tmp_path_factory.mktemp("trust"))


def mail(port: int, security: str = "none", **more: str) -> Mail:
    return Mail("localhost", port, security, FROM, **more)


def test_a_letter_arrives_whole_in_any_script() -> None:
    taken = Taken()
    with smtp_server(taken) as port:
        send_mail(mail(port), TO, "کسی کمک می‌خواهد", "سلام\n.\nҚазақша\n", "abc1")
    (letter,) = taken.letters
    assert letter["Subject"] == "کسی کمک می‌خواهد" and letter.get_content().replace("\r\n", "\n") == "سلام\n.\nҚазақша\n"
    assert letter["Message-ID"] == "<abc1@school.example>" and letter["Auto-Submitted"] == "auto-generated"


def test_a_subject_cannot_add_a_header() -> None:
    letter = make_mail(FROM, TO, "help\r\nBcc: all@school.example", "x", "1")
    assert "Bcc" not in letter and letter["Subject"] == "help Bcc: all@school.example"


def test_starttls_and_login(trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.root))
    password = tmp_path / "password"
    password.write_text("correct horse\n")
    password.chmod(0o600)
    taken, context = Taken(), trust.context()
    with smtp_server(taken, tls_context=context, require_starttls=True, authenticator=login) as port:
        send_mail(mail(port, "starttls", user="gateway", password_file=str(password)), TO, "s", "t", "1")
        password.write_text("wrong")
        with pytest.raises(NotDelivered, match="535"):
            send_mail(mail(port, "starttls", user="gateway", password_file=str(password)), TO, "s", "t", "2")
    assert len(taken.letters) == 1


def test_tls_from_the_first_byte(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Taken()
    with smtp_server(taken, ssl_context=trust.context()) as port:
        with pytest.raises(NotDelivered, match="certificate verify failed"):
            send_mail(mail(port, "tls"), TO, "s", "t", "1")
        monkeypatch.setenv("SSL_CERT_FILE", str(trust.root))
        send_mail(mail(port, "tls"), TO, "s", "t", "1")
        with pytest.raises(NotDelivered, match="IP address mismatch"):
            send_mail(Mail("127.0.0.1", port, "tls", FROM), TO, "s", "t", "1")
    assert len(taken.letters) == 1


def test_nothing_goes_out_unencrypted_when_starttls_is_asked_for() -> None:
    taken = Taken()
    with smtp_server(taken) as port, pytest.raises(NotDelivered, match="STARTTLS"):
        send_mail(mail(port, "starttls"), TO, "s", "t", "1")
    assert not taken.letters


@pytest.mark.parametrize("said", ["451 later", "550 no such user"])
def test_what_the_server_says_is_told(said: str) -> None:
    with smtp_server(Taken(refuse=lambda: said)) as port, pytest.raises(NotDelivered, match=said):
        send_mail(mail(port), TO, "s", "t", "1")


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(NotDelivered, match="localhost: .*refused"):
        send_mail(mail(9), TO, "s", "t", "1")


def test_a_password_others_can_read_is_not_used(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("secret")
    password.chmod(0o644)
    taken = Taken()
    for path, words in ((password, "chmod 600"), (tmp_path / "none", "No such file")):
        with smtp_server(taken) as port, pytest.raises(NotDelivered, match=words):
            send_mail(mail(port, user="gateway", password_file=str(path)), TO, "s", "t", "1")
    assert not taken.letters
