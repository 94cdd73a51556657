from __future__ import annotations

from hedgerow.stores.report_facts import ReportFacts
from hedgerow.supervisor_reports import report_metrics


def samples(facts: ReportFacts) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value for one in report_metrics(facts) for sample in one.samples
    }


def test_every_kind_has_a_number_from_the_first_day() -> None:
    found = samples(ReportFacts(counts={("asked", "help"): 3, ("sent", "mail"): 2}, oldest={"help": 3700.0}, untold=1))
    assert found[("hedgerow_reports_asked_total", "help")] == 3
    assert found[("hedgerow_reports_asked_total", "hurt")] == 0
    assert found[("hedgerow_reports_oldest_unread_school_seconds", "help")] == 3700
    assert found[("hedgerow_report_deliveries_total", "mail", "sent")] == 2
    assert found[("hedgerow_report_messages_waiting",)] == 1 and found[("hedgerow_reports_readable",)] == 1


def test_alerts_are_counted_by_closed_sets() -> None:
    counts = {("alert-new", "grooming high"): 2, ("alert-held", "other low"): 7, ("alert-new", "vaping high"): 9}
    found = samples(ReportFacts(counts=counts, alerts_unread={"high": 1}, alerts_oldest={"high": 90.0}))
    assert found[("hedgerow_alerts_total", "grooming", "high", "new")] == 2
    assert found[("hedgerow_alerts_total", "other", "low", "held")] == 7
    assert found[("hedgerow_alerts_total", "self-harm", "medium", "repeated")] == 0
    assert not [key for key in found if "vaping" in key]
    assert len([key for key in found if key[0] == "hedgerow_alerts_total"]) == 16 * 3 * 3
    assert found[("hedgerow_alerts_unread", "high")] == 1 and found[("hedgerow_alerts_unread", "low")] == 0
    assert found[("hedgerow_alerts_oldest_unread_school_seconds", "high")] == 90
    assert found[("hedgerow_reports_open", "alert")] == 0
    assert ("hedgerow_reports_asked_total", "alert") not in found  # nobody asked


def test_a_store_that_cannot_be_read_has_no_zero() -> None:
    assert samples(ReportFacts(readable=False)) == {("hedgerow_reports_readable",): 0.0}
