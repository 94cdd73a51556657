"""The doctor: looks for what is usually wrong with a gateway, and says the cure. Each check is one small function.

It only looks: it changes nothing, needs no right it does not have, and says what it could not see. To add a check: a
function with ``@check`` in one of the modules that ``table`` names, and a test with ``@makes`` in which the
check finds it.
"""
