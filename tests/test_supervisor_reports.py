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


def test_a_store_that_cannot_be_read_has_no_zero() -> None:
    assert samples(ReportFacts(readable=False)) == {("hedgerow_reports_readable",): 0.0}
