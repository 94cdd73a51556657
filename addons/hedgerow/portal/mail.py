"""A message by mail, over the school's own SMTP server (RFC 5321, 3207, 8314). Blocking: runs in a thread."""

from __future__ import annotations

import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from pathlib import Path

from hedgerow.stores.site import Mail

TIMEOUT_SECONDS = 15.0
"""For each answer of the server."""


THREADS = ThreadPoolExecutor(8, "deliver")
"""What waits for servers waits here, so that no page of the portal waits behind it for a thread."""


class NotDelivered(Exception):
    """This message was not taken now. The text is for the operator; it is tried again."""


def send_mail(mail: Mail, recipient: str, subject: str, text: str, number: str) -> None:
    """Hands one message over; returns when the server has taken it. ``number`` makes the Message-ID, the same each try.

    Raises NotDelivered.
    """
    letter = make_mail(mail.sender, recipient, subject, text, number)
    try:
        with _connected(mail) as server:
            if mail.user:
                server.login(mail.user, _password(mail))
            server.send_message(letter, mail.sender, [recipient])
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise NotDelivered(f"{mail.server}: {_said(error)}") from error


def make_mail(sender: str, recipient: str, subject: str, text: str, number: str) -> EmailMessage:
    """The letter. ``Auto-Submitted`` (RFC 3834) keeps holiday replies away."""
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = Address("Hedgerow", addr_spec=sender), recipient
    letter["Subject"] = " ".join(subject.split())
    letter["Date"] = format_datetime(localtime())
    letter["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    return letter


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(mail.server, mail.port, _own_name(), timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(mail.server, mail.port, _own_name(), timeout=TIMEOUT_SECONDS)
    if mail.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())  # raises when the server does not offer it
        except BaseException:
            server.close()
            raise
    return server


def _own_name() -> str:
    """For EHLO. The library's own way asks the DNS for it, which may take longer than the mail."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _password(mail: Mail) -> str:
    """Raises OSError; NotDelivered when others may read the file."""
    path = Path(mail.password_file)
    if path.stat().st_mode & 0o077:
        raise NotDelivered(f"{path}: others may read this password; run: chmod 600 {path}")
    return path.read_text().strip()


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {said.decode('utf-8', 'replace')}" for code, said in error.recipients.values())
    return str(error) or type(error).__name__
