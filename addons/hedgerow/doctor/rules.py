"""The firewall's rules in force against those of site.yaml, for the ports and the account this gateway runs with."""

from __future__ import annotations

import pwd
from collections.abc import Iterator, Sequence
from dataclasses import fields

from hedgerow.doctor.model import check
from hedgerow.doctor.patient import Patient
from hedgerow.stores.network import kernel
from hedgerow.stores.network.nftables import Box, ruleset


@check(
    "rules-differ",
    "broken",
    "the firewall's rules in force are not those of site.yaml: somebody changed them, or nobody applied a change",
    "`hedgerow network nftables --apply --out /etc/hedgerow/firewall.nft` puts site.yaml's in force, with the options "
    "that the finding names; with `--diff` in place of `--apply` it shows the lines first.",
)
def rules_differ(patient: Patient) -> Iterator[str]:
    """Only where ``firewall: outside`` is written: elsewhere the firewall is the school's own."""
    if patient.files is None or not patient.site.firewall.outside:
        return
    box = own_box(patient)
    try:
        changes = kernel.difference(ruleset(patient.site, box))
    except kernel.NftError as error:
        raise OSError(str(error)) from error
    lines = [line for line in changes[2:] if line[0] in "+-"]
    if lines:
        yield f"{len(lines)} lines differ (`hedgerow network nftables --diff{_options(box)}`); the first: {lines[0]}"


def own_box(patient: Patient) -> Box:
    """The machine as ``hedgerow network nftables`` has to be told of it."""
    listening = {
        mode: [port for _, port, kind in patient.served if kind == mode] for mode in ("regular", "transparent")
    }
    plain = Box()
    explicit, transparent = (
        (listening["regular"] or [plain.explicit]),
        (listening["transparent"] or [plain.transparent]),
    )
    portal = str(patient.running.get("portal", "")).partition("/")[0].rpartition(":")[2]
    _, metrics = patient.running.get("metrics", patient.metrics)
    return Box(
        user=_account(patient),
        explicit=explicit[0],
        transparent=transparent[0],
        portal=int(portal) if portal.isdigit() else plain.portal,
        metrics=int(metrics),
        also=_more(explicit, transparent),
    )


def _more(*ports: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({port for some in ports for port in some[1:]}))


def _account(patient: Patient) -> str:
    """Whose the state folder is; a number when the machine has no name for it."""
    owner = patient.state.root.stat().st_uid
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return str(owner)


def _options(box: Box) -> str:
    """The options that tell of this machine, without what the command takes anyway."""
    plain, told = Box(), []
    for field in fields(Box):
        value, usual = getattr(box, field.name), getattr(plain, field.name)
        each = value if isinstance(value, tuple) else (value,) if value != usual else ()
        told += [f" --{field.name} {one}" for one in each]
    return "".join(told)
