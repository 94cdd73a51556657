from __future__ import annotations

from hedgerow.stores.sources.facts import ListFacts
from hedgerow.supervisor_lists import list_metrics


def test_every_source_has_its_numbers() -> None:
    facts = (ListFacts("ut1", 100.0, 5000, True, 86_400.0, True), ListFacts("urlhaus"))
    found = {
        (sample.name.removeprefix("hedgerow_list_"), sample.labels["source"]): sample.value
        for family in list_metrics(facts)
        for sample in family.samples
    }
    assert found["fetched_timestamp_seconds", "ut1"] == 100 and found["names", "ut1"] == 5000
    assert found["refused", "ut1"] == 1 and found["refused", "urlhaus"] == 0
    assert found["refresh_seconds", "ut1"] == 86_400 and found["required", "urlhaus"] == 0
    assert found["fetched_timestamp_seconds", "urlhaus"] == 0
