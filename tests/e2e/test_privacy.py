"""After a thousand visits to a helpline no byte of its name is anywhere on the box."""
