from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.importing.names import spelled
from hedgerow.stores.importing.patterns import as_name


@pytest.mark.parametrize("pattern, name", [
    (r"(^|\.)casino\.example\.com", "casino.example.com"),
    (r"^https?://(www\.)?casino\.com/bets", "casino.com/bets"),
    (r"^http://([^/]*\.)?casino\.com(/|$)", "casino.com"),
    (r"casino\.com$", "casino.com"),
    (r"(google.com\/video)", "google.com/video"),
    (r".*\.casino\.com/.*", "casino.com"),
])  # fmt: skip
def test_a_pattern_that_is_a_name(pattern: str, name: str) -> None:
    found = as_name(pattern)
    assert found is not None and spelled(found) == name


@pytest.mark.parametrize("pattern", [
    "mock_ajax_proxy.php", "(proxy)", r"^[^?]*\.css($|\?)", "(casino|bet)", "news", r"\.com", r"co\.uk", "",
    r"(/banner/|/sponsor/)", r"casino[0-9]+\.com", "(((", "^" * 50, r"a\d\.com",
])  # fmt: skip
def test_a_pattern_that_is_more_than_a_name(pattern: str) -> None:
    assert as_name(pattern) is None


@given(st.text(alphabet=st.sampled_from("acom.()|\\^$*?/[]+:htps-"), max_size=60))
def test_anything_may_be_a_pattern(pattern: str) -> None:
    as_name(pattern)
