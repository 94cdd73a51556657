"""The portal: the gateway's own pages, in a process of their own. No mitmproxy, no filter: nothing here lets anything
through. Requests come from the workers over a unix socket (``proxy.relay``), or over ``--portal HOST:PORT``."""
