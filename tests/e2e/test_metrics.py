"""One scrape tells of all workers, and ten thousand hosts add no series."""
