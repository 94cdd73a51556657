"""A band's verdicts as a file for a resolver, for networks where nothing but names is seen.

``verdicts`` asks ``core.policy.decide`` about names, ``wanted`` finds the fewest names a file must hold, ``changes``
says how long the file is right, ``writing`` puts it on the disk. To add a format: write a module with a function from
``Wanted`` and an answer to lines, name it in ``writing.FORMATS``, and let ``tests/stores/exports/resolvers.py`` start
the real program with it.
"""
