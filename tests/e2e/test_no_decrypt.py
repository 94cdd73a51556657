"""A connection that is passed on shows the origin's own certificate."""
