"""What was logged explains itself: for every event, explain with the logged facts gives the same decision."""
