"""The network around the filter, made from site.yaml: firewall rules and the name server's configuration.

``model`` is what site.yaml says (read by ``stores.site_firewall``), ``addresses`` the private ranges, ``nftables`` the
rules as text, ``kernel`` the rules in force, ``unbound`` the name server's configuration, ``folder`` its files.
"""
