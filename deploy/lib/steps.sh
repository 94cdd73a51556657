# shellcheck shell=bash disable=SC2154  # sourced: what it reads is set by deploy/install
# Sourced by deploy/install: the steps, each harmless when it is already done.

usage() { say "$*"; say "deploy/install --help says what there is"; exit 2; }

# Do it, or in a dry run say it.
act() {
    if [ "$dry" = yes ]; then say "  would run: $*"; else "$@"; fi
}

# Two at once would remove each other's versions.
only_one() {
    [ "$dry" = no ] || return 0
    exec 9> /run/hedgerow-install.lock
    flock -n 9 || { say "deploy/install runs already"; exit 2; }
}

# Debian's own packages, and only those that are missing.
add_packages() {
    local one missing=()
    for one in ca-certificates $([ -n "$python" ] || echo python3 python3-venv); do
        dpkg-query -W -f '${Status}' "$one" 2> /dev/null | grep -q 'ok installed' || missing+=("$one")
    done
    if [ "${#missing[@]}" -gt 0 ]; then
        say "installing ${missing[*]}"
        act apt-get -qq update || say "apt-get update failed; trying with what is known"
        DEBIAN_FRONTEND=noninteractive act apt-get -qq -y --no-install-recommends install "${missing[@]}" > /dev/null
    fi
    [ -n "$python" ] || [ "$dry" = yes ] || python="$(find_python)"
}

add_user() {
    getent passwd hedgerow > /dev/null && return
    say "making the system user hedgerow"
    act useradd --system --user-group --home-dir "$state" --no-create-home --shell /usr/sbin/nologin --comment "Hedgerow web filter" hedgerow
}

# /etc/hedgerow: root writes, the service reads. /var/lib/hedgerow: nobody but the service looks in.
add_folders() {
    act install -d -o root -g hedgerow -m 2750 "$etc" "$etc/bands" "$etc/blocklists"
    act install -d -o hedgerow -g hedgerow -m 700 "$state"
    add_file "$source/policies/site.example.yaml" "$etc/site.yaml"
    add_file "$source/deploy/systemd/gateway.env" "$etc/gateway.env"
    add_file "$source/blocklists/local/README.md" "$etc/blocklists/README.md"
}

# A first copy of a file that belongs to the school from then on.
add_file() {
    [ ! -e "$2" ] || return 0
    say "making $2"
    act install -o root -g hedgerow -m 640 "$1" "$2"
}

same_units() {
    local unit
    for unit in "${units[@]}"; do cmp -s "$opt/$1/deploy/systemd/$unit" "$systemd/$unit" || return 1; done
    cmp -s "$opt/$1/deploy/systemd/hedgerow" "$bin/hedgerow"
}

# What of deploy/NETWORK.md is still in force here: a firewall that leads the school to a filter that is gone, or a boot
# that reads a file that is gone, cuts the school off; a router without its rules lets everything out.
still_routed() {
    local nft; nft="$(PATH="$PATH:/usr/sbin:/sbin" command -v nft || true)"
    if [ -n "$nft" ] && "$nft" list table inet hedgerow > /dev/null 2>&1; then say "  - nft delete table inet hedgerow"; fi
    if grep -sq '^[^#]*/etc/hedgerow/' /etc/nftables.conf; then say "  - take the line 'include \"/etc/hedgerow/firewall.nft\"' out of /etc/nftables.conf"; fi
    if [ -e "$systemd/nftables.service.d/hedgerow.conf" ]; then say "  - rm $systemd/nftables.service.d/hedgerow.conf && systemctl daemon-reload"; fi
    if grep -rsq '^[^#]*/etc/unbound/hedgerow/' /etc/unbound/unbound.conf.d; then say "  - rm /etc/unbound/unbound.conf.d/hedgerow.conf && systemctl restart unbound"; fi
}

refuse_while_routed() {
    local left; left="$(still_routed 2>&1)"
    [ -n "$left" ] || return 0
    say "Nothing was removed: this machine still leads the school to the filter, and without it nobody has internet. First"
    say "(deploy/NETWORK.md, \"Go back\", says why in this order):"
    say "  - sysctl net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0"
    say "$left"
    exit 2
}

uninstall() {
    local unit
    refuse_while_routed
    stop_services
    # One by one: for a unit that an older version lacks, systemctl disables none of the others.
    for unit in "${started[@]}"; do act systemctl -q disable "$unit" 2> /dev/null || true; done
    for unit in "${units[@]}"; do act rm -f "$systemd/$unit"; done
    running && act systemctl daemon-reload
    act rm -f "$bin/hedgerow"
    act rm -rf "$opt"
    if [ "$purge" = no ]; then
        say "removed. Your edits stay in $etc, the CA and all that pupils wrote in $state, and the user hedgerow, who owns them"
        return
    fi
    act rm -rf "$etc" "$state"
    ! getent passwd hedgerow > /dev/null || act userdel hedgerow
    say "removed, with $etc, $state and the user hedgerow. Devices still trust the old CA: take it off them"
}

next_steps() {
    say ""
    say "Next (deploy/INSTALL.md tells it at length):"
    say "  write your networks into $etc/site.yaml; hedgerow check says what it does not understand"
    say "  hedgerow ca                        what devices must trust"
    say "  systemctl start hedgerow-lists     fetches the lists now; later it happens by itself"
    say "  systemctl status hedgerow"
}
