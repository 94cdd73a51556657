"""Thirty reloads under load, ten of them broken: nothing fails, one policy version an answer, the new one within 2 s."""
