"""From a warning to the page behind it: for one person, one site, one rule and half an hour."""
