"""The monthly sheet: what a school is asked for, what was checked, how often, the result, what is not covered.

Its rows are those of "What buyers score", one each, and one for what comes before them all: help. What was tested is
counted from the self-test's runs; what is only stated is called so.
"""
