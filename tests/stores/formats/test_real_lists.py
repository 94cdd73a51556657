"""Real lists, unpacked where a machine has them: each format reads its own, and nearly every line of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

import pytest

from hedgerow.stores.formats import Found, Options, Skipped, parts

pytestmark = pytest.mark.data
RAW, RULES, LISTS = "domains/raw_formats", "vectors/adblock", "domains"


class Sample(NamedTuple):
    """A list, how many names it has at least, and how many lines may be bad or unusable at most."""

    format: str
    path: str
    names: int
    bad: int = 0
    unusable: int = 0
    options: Options = Options()


SAMPLES = [
    Sample("domains", f"{RAW}/hostsVN_extensions_adult_domain.txt", 22_495),
    Sample("domains", f"{RAW}/blocklistproject_alt-version_drugs-nl.txt", 26_029),
    Sample("domains", f"{LISTS}/hostsVN", 121_000),
    Sample("hosts", f"{RAW}/hostsVN_extensions_adult_hosts", 22_622),
    Sample("hosts", f"{RAW}/blocklistproject_drugs.txt", 26_029),
    Sample("hosts", f"{RULES}/urlfilter_hosts", 55_983, unusable=5),
    Sample("dnsmasq", f"{RAW}/hostsVN_option_dnsmasq-hostsVN.conf", 18_298),
    Sample("dnsmasq", f"{RAW}/blocklistproject_dnsmasq-version_drugs-dnsmasq.txt", 26_029),
    Sample("adblock", f"{RAW}/blocklistproject_adguard_tracking-ags.txt", 143_876),
    Sample("adblock", f"{RAW}/hostsVN_extensions_adult_filter.txt", 22_495),
    Sample("adblock", f"{RULES}/urlfilter_adguard_sdn_filter.txt", 27_200, unusable=300),
    Sample("adblock", f"{RULES}/adblock_rust_easyprivacy.txt", 49_000, unusable=6_000),
    Sample("adblock", f"{RULES}/adblock_rust_easylist.txt", 53_000, unusable=28_000),
    Sample("wildcard", f"{RAW}/hostsVN_option_dnscrypt-hostsVN.txt", 8_572, unusable=55),
    Sample("surge", f"{RAW}/hostsVN_extensions_adult_surge-rule.conf", 22_495),
    Sample("surge", f"{RAW}/hostsVN_extensions_adult_quantumult-rule.conf", 22_495),
    Sample("clash", f"{RAW}/hostsVN_option_hostsVN-clash-rule.yaml", 8_572, unusable=55),
    Sample("sing-box", f"{RAW}/hostsVN_extensions_adult_sing-box-rule.json", 22_495),
    Sample("v2fly", f"{RAW}/v2fly_data.tar.gz", 100_000, unusable=400),
    Sample("squidguard", f"{RAW}/squidguard_ut1", 178_000, unusable=100),
    Sample("ips", f"{LISTS}/hostsVN/ips", 1),
    Sample(
        "json",
        f"{LISTS}/adguardhome_services/services.json",
        2_300,
        unusable=60,
        options=Options(field="rules", category_field="group"),
    ),
    Sample("swot", "benign/swot_education_domains.json", 23_971),
    Sample("csv", f"{LISTS}/merged/ALL.tsv", 2_946_000, options=Options(field="1", category_field="2")),
    Sample("json", f"{RULES}/urlfilter_requests.json.zip", 15_000, 20, 13_000, Options(field="url")),
]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.format}-{Path(sample.path).name}")
def test_a_real_list(data: Path, sample: Sample) -> None:
    found, bad, unusable = 0, [], 0
    for part in parts(data / sample.path, sample.format, sample.options):
        for row in part.rows():
            if isinstance(row, Found):
                found += 1
            elif row.unusable:
                unusable += 1
            else:
                bad.append((part.name, row))
    assert found >= sample.names
    assert len(bad) <= sample.bad, bad[:9]
    assert unusable <= sample.unusable


@pytest.mark.long
@pytest.mark.parametrize("path", ["ut1/redirector.txt", "blocklistproject"])
def test_plain_names_are_read_in_three_microseconds(data: Path, path: str) -> None:
    start, count = time.process_time(), 0
    for part in parts(data / LISTS / path, "domains"):
        for row in part.rows():
            assert not isinstance(row, Skipped)
            count += 1
    assert count > 100_000 and (time.process_time() - start) / count < 3e-6
