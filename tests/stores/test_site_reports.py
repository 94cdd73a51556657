from __future__ import annotations

import pytest

from hedgerow.stores.site import Mail, Site
from tests.stores.test_site_reader import read

SERVER = "server: mail.school.test, from: g@school.test"


def site(text: str) -> Site:
    found, mistakes = read(text)
    assert mistakes == []
    return found


def test_recipients() -> None:
    text = '["mailto:a.b+c@school.test", "https://h.school.test:8443/x?k=1", "desk:Cô Lan"]'
    assert site(f'reports: {{help: {text}, hurt: "desk:x"}}').reports == {
        "help": ("mailto:a.b+c@school.test", "https://h.school.test:8443/x?k=1", "desk:Cô Lan"),
        "hurt": ("desk:x",),
    }


@pytest.mark.parametrize(
    "recipient",
    [
        *(
            "lead@school.test",
            "mailto:lead",
            "mailto:a@b.test,c@d.test",
            "mailto:a@b.test?bcc=c@d.test",
            "desk:",
            "desk: x",
        ),
        *(
            "http://hooks.school.test/",
            "https:hooks.school.test",
            "https:// x",
            "mailto:<a@b.test>",
            "ftp://x/",
            "https",
        ),
    ],
)
def test_what_is_no_recipient_is_told_with_what_is(recipient: str) -> None:
    found, mistakes = read(f'reports: {{help: "{recipient}"}}')
    assert mistakes == [f"'mailto:name@school', 'https://...' or 'desk:NAME' expected, not {recipient!r}"]
    assert found.reports == {"help": ()}


@pytest.mark.parametrize("url", ["https:///x", "https://user:word@school.test/", "https://[::1/", "https://x:99999/"])
def test_what_is_no_web_address(url: str) -> None:
    assert "without a user name" in read(f'reports: {{help: "{url}"}}')[1][0]


@pytest.mark.parametrize(
    "name, private, fine",
    [
        ("10.0.0.9", "", False),
        ("10.0.0.9", "10.0.0.9", True),
        ("10.0.0.9", "10.0.0.0/24", True),
        ("10.0.0.9", "10.0.1.0/24", False),
        ("[::ffff:10.0.0.9]", "", False),
        ("127.0.0.1", "", False),
        ("localhost", "", False),
        ("8.8.8.8", "", True),
        ("hooks.school.test", "", True),  # a name is judged by what it answers with, at each delivery
    ],
)
def test_a_private_address_must_be_named_twice(name: str, private: str, fine: bool) -> None:
    found, mistakes = read(f'private: [{private}]\nreports: {{help: "https://{name}/x"}}')
    assert bool(found.reports["help"]) is fine
    assert fine or "is a private address; if it is meant, name it under 'private' too" in mistakes[0]


def test_an_unknown_topic_is_told_with_the_legal_ones() -> None:
    assert "hurt" in read('reports: {helpp: "desk:x"}')[1][0]


@pytest.mark.parametrize(
    "text, mail",
    [
        ("", None),
        ("mail: {}", None),
        ("mail:", None),
        (f"mail: {{{SERVER}}}", Mail("mail.school.test", 587, "starttls", "g@school.test")),
        (f"mail: {{{SERVER}, security: tls}}", Mail("mail.school.test", 465, "tls", "g@school.test")),
        ("mail: {server: 10.0.0.5, from: g@s.test, security: none}", Mail("10.0.0.5", 25, "none", "g@s.test")),
        (
            f"mail: {{{SERVER}, port: 2525, user: gw, password-file: /etc/p}}",
            Mail("mail.school.test", 2525, "starttls", "g@school.test", "gw", "/etc/p"),
        ),
    ],
)
def test_mail(text: str, mail: Mail | None) -> None:
    assert site(text).mail == mail


@pytest.mark.parametrize(
    "text, mistake",
    [
        ("from: g@s.test", "'mail' needs 'server'"),
        ("server: s.test", "'mail' needs 'from'"),
        ("server: s.test, from: gateway", "such as 'gateway@school.example'"),
        (f"{SERVER}, security: ssl", "none, starttls, tls"),
        (f"{SERVER}, user: x", "belong together"),
        (f"{SERVER}, user: x, password-file: p", "whole path"),
        (f"{SERVER}, user: x, password-file: /p, security: none", "in the clear"),
        (f"{SERVER}, port: 70000", "65535"),
        (f"{SERVER}, password: x", "password-file"),
    ],
)
def test_mistakes_about_mail(text: str, mistake: str) -> None:
    told = read(f"mail: {{{text}}}")[1]
    assert len(told) == 1 and mistake in told[0], told
