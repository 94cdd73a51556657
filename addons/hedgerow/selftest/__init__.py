"""The self-test: synthetic clients of each band ask the running gateway for canaries, and compare it with ``decide``.

The gateway decides; this room only asks. What is expected is computed by the same ``core.explain`` that traffic, the
log and ``hedgerow explain`` rest on, from the very snapshot the workers serve by; what is received is compared by its
code, which is a hash of policy, band, rule and host. A difference is a fault of the path between: a list that is not
loaded, a worker that hangs on to an old policy, an addon that fails, a certificate that has ended.
"""
