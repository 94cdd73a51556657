"""The pure core: no clock, file, socket, mitmproxy or Django. Everything it needs is an argument."""
