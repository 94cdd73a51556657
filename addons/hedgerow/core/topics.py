"""The topics of words that Hedgerow ships lists for; a school may add its own (``words/<topic>.<language>.yaml``).

A band may have a rule for each of them, with a list or before there is one in every language.
"""

from __future__ import annotations

TOPICS = frozenset(
    {
        "adult",
        "gambling",
        "drugs",
        "violence",
        "weapons",
        "hate",
        "bullying",  # insults and threats
        "self-harm",  # crisis, in the first person
        "eating-disorders",
        "grooming",  # and sextortion
        "extremism",
        "avoidance",  # ways round the filter
        "strong-language",
        "cheating",
        "help-seeking",  # no danger: a search for somebody to talk to
    }
)
