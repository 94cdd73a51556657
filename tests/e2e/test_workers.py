"""A worker that dies under load: nobody gets an unfiltered answer, and its place is filled."""
