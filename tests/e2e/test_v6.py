"""The whole way over IPv6."""
