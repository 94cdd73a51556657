"""What a refused request gets: a page in five languages, or the smallest fitting answer where none can be shown."""

from __future__ import annotations

from hedgerow.proxy.pages.choose import choose_answer, choose_language
from hedgerow.proxy.pages.render import render
from hedgerow.stores.messages import LANGUAGES, shipped_messages

__all__ = ["LANGUAGES", "choose_answer", "choose_language", "render", "topic_name"]


def topic_name(topic: str, language: str) -> str:
    """A word topic in a pupil's language; "" for a topic nobody named."""
    texts = shipped_messages().get(language) or shipped_messages()["en"]
    return texts.texts.get(f"topic.{topic}", "")
