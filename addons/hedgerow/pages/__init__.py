"""What every page of ours looks like: one frame, one style, no script, nothing from outside.

The proxy and the portal both make their pages with it.
"""
