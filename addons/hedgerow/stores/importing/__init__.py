"""From another filter's configuration to a school's folder: what ``hedgerow import`` reads, plans and writes.

``e2guardian`` and ``squidguard`` read an installation into a ``model.Installation``: named lists, and for each of its
groups the order in which they speak. ``planning`` turns that order into ours (the most specific site rule, then
categories), ``written`` writes it down, and ``report`` says of every line what became of it. To add another filter:
a module that makes an Installation, and a command in ``cli/importing.py``.
"""
