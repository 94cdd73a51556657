"""The script that Unbound's ``python`` module runs: there are no HTTPS and SVCB records (RFC 9460, types 65 and 64).

They tell browsers to speak QUIC (``alpn=h3``) and hold the keys that hide the site's name (``ech=``): the firewall
refuses the first, and of the second no filter sees anything but a front. Without them browsers do as they did before,
by TCP and with the name in the open. To take the two parameters out would break DNSSEC's signature of the rest, and a
device that validates by itself would refuse the site; an answer that says "nothing of this type" is only missing.
Unbound has no setting for it (1.17 to 1.22).
"""

SCRIPT = """\
# Hedgerow: no HTTPS (65) and SVCB (64) records, RFC 9460. Made by `hedgerow network unbound`; do not edit.
# Run by Unbound's python module, first in module-config: such questions end here, all others go on.
NOT_ANSWERED = (64, 65)
INDETERMINATE = 2  # sec_status of Unbound's util/data/packed_rrset.h: nobody vouches for it, and it is not bogus


def init_standard(id, env):
    return True


def deinit(id):
    return True


def inform_super(id, qstate, superqstate, qdata):
    return True


def operate(id, event, qstate, qdata):
    if event in (MODULE_EVENT_NEW, MODULE_EVENT_PASS):
        if qstate.qinfo.qtype not in NOT_ANSWERED:
            qstate.ext_state[id] = MODULE_WAIT_MODULE
            return True
        return nothing(id, qstate)
    qstate.ext_state[id] = MODULE_FINISHED if event == MODULE_EVENT_MODDONE else MODULE_ERROR
    return True


def nothing(id, qstate):
    answer = DNSMessage(qstate.qinfo.qname_str, qstate.qinfo.qtype, RR_CLASS_IN, PKT_QR | PKT_RA)
    if not answer.set_return_msg(qstate):
        qstate.ext_state[id] = MODULE_ERROR
        return True
    qstate.return_msg.rep.security = INDETERMINATE
    qstate.return_rcode = RCODE_NOERROR
    qstate.ext_state[id] = MODULE_FINISHED
    return True
"""
