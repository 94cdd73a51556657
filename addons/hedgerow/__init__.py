"""Hedgerow: a school's content-filtering proxy."""

__version__ = "0.1.0"
