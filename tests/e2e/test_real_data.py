"""The script with real data says that everything agreed."""
