"""The verdict table again, with real saved pages and real names: python -m tests.e2e.real_data."""
