# shellcheck shell=bash disable=SC2154  # sourced: what it reads is set by deploy/install
# Sourced by deploy/install: everything that is looked at before anything is touched. Each check adds its faults, so that
# all of them are told at once, each with its cure.

faults=() notes=()
fault() { faults+=("$*"); }
note() { notes+=("$*"); }

# A version is 220 MB, and three are kept (measured, deploy/INSTALL.md). The rest is room for lists, their index, log and
# reports.
least_disk_mib=2500
# deploy/INSTALL.md, "How large": on two cores the gateway takes 870 MiB, its self-test 240 for seconds, Debian some 300; building
# three million names 870 more for a minute, which a machine of 2 GB (it shows some 1,900) has in its swap only. Below the
# second, without swap, `hedgerow doctor` (memory-small) warns as well.
least_memory_mib=1800
good_memory_mib=3500

check_root() {
    [ "$(id -u)" = 0 ] || fault "this must run as root: sudo $0"
}

# Debian 13 and Ubuntu 24.04 bring a Python >= 3.12. Debian 12 brings 3.11: only with another one beside it.
check_system() {
    local ID='' VERSION_ID='' PRETTY_NAME='this system'
    # shellcheck disable=SC1091
    [ ! -r /etc/os-release ] || . /etc/os-release
    case "$ID $VERSION_ID" in
        "debian 13") system=debian-13 ;;
        "ubuntu 24.04") system=ubuntu-24.04; note "Ubuntu 24.04 is supported by its packages, but nobody has tried it yet: tell us how it went" ;;
        "debian 12") system=debian-12 ;;
        *) system=other
           fault "$PRETTY_NAME is not supported. Supported: Debian 13, Ubuntu 24.04, and Debian 12 with a Python 3.12 or newer" ;;
    esac
}

# Sets $python, or leaves it empty where apt-get will bring one.
check_python() {
    python="$(find_python 2> /dev/null || true)"
    case "$python" in
        /root/*|/home/*) fault "the only Python 3.12 or newer is $python: the service may not look into home folders. Install one elsewhere (/usr/local, /opt) and name it: PYTHON=/path/to/python3 $0" ;;
        '') case "$system" in
                debian-13|ubuntu-24.04) [ -z "${PYTHON:-}" ] || fault "PYTHON=$PYTHON is no Python 3.12 or newer with venv" ;;
                debian-12) fault "Debian 12 has Python 3.11; Hedgerow needs 3.12 or newer. Upgrade to Debian 13, or build one under /usr/local and name it: PYTHON=/usr/local/bin/python3.13 $0" ;;
            esac ;;
    esac
}

check_disk() {
    local folder free
    for folder in /opt /var/lib; do
        free="$(df --output=avail -m "$folder" | tail -1)"
        [ "$free" -ge "$least_disk_mib" ] || fault "$folder has $((free)) MB free, $least_disk_mib are needed: make room, or mount a larger disk there"
    done
}

check_memory() {
    local total swap
    total="$(mib_of MemTotal)" swap="$(mib_of SwapTotal)"
    if [ "$total" -lt "$least_memory_mib" ]; then
        fault "this machine has $total MB of memory, $least_memory_mib are needed"
    elif [ "$total" -lt "$good_memory_mib" ] && [ "$swap" = 0 ]; then
        note "$total MB of memory and no swap: a list update may end a worker. Give it 4 GB, or a swap file: fallocate -l 2G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile"
    fi
}

mib_of() { echo "$(($(sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo) / 1024))"; }

# A clock that is wrong makes certificates invalid, breaks begin at the wrong time, and lets lists look fresh for ever.
check_clock() {
    local released
    released="$(stat -c %Y "$source/requirements.lock")"
    [ "$(date +%s)" -ge "$((released - 86400))" ] || fault "the clock says $(date -u +%F), before this version was made: set it (timedatectl set-ntp true)"
    if [ -d /run/systemd/system ] && [ "$(timedatectl show -p NTPSynchronized --value 2> /dev/null)" = no ]; then
        note "the clock is not kept right by any time server: apt-get install systemd-timesyncd && timedatectl set-ntp true"
    fi
}

# Ports that gateway.env names, or those of the shipped one; our own gateway may hold them.
check_ports() {
    local options port taken
    case "$(systemctl show -p ActiveState --value hedgerow 2> /dev/null)" in active|activating|reloading|deactivating) return ;; esac
    options="$(sed -n 's/^HEDGEROW_OPTIONS=//p' "$(first_of "$etc/gateway.env" "$source/deploy/systemd/gateway.env")")"
    for port in $(grep -oE ':[0-9]+' <<< "$options" | tr -d : | sort -un); do
        # /proc/net/tcp: the local address's port in hexadecimal, 0A is LISTEN (proc(5)); no tool is needed for it
        taken="$(cat /proc/net/tcp /proc/net/tcp6 2> /dev/null | awk -v port="$(printf '%04X' "$port")" '$4 == "0A" && $2 ~ ":" port "$"' | head -1)"
        [ -z "$taken" ] || fault "port $port is taken by another program (ss -ltnp 'sport = :$port'): stop it, or choose another in $etc/gateway.env"
    done
}

first_of() { local one; for one in "$@"; do [ ! -e "$one" ] || { printf '%s' "$one"; return; }; done; }

check_systemd() {
    [ -d /run/systemd/system ] || note "systemd does not run here: everything is put in place, and begins at the next boot"
    command -v systemctl > /dev/null || fault "there is no systemd: Hedgerow's services are its units (or see deploy/container)"
}

check_source() {
    local one
    for one in "${shipped[@]}"; do [ -e "$source/$one" ] || fault "$source is not whole: $one is missing"; done
    [ -z "$wheels" ] || [ -d "$wheels" ] || fault "--wheels $wheels: no such folder"
    [ -z "${SSLKEYLOGFILE:-}${MITMPROXY_SSLKEYLOGFILE:-}" ] || fault "SSLKEYLOGFILE is set: it would write TLS secrets to a file. Unset it"
}

# Every check, then all faults at once. Ends the script with 2 when there is one; nothing was touched then.
check_all() {
    check_root; check_system; check_source
    [ "${#faults[@]}" -gt 0 ] || { check_python; check_disk; check_memory; check_clock; check_ports; check_systemd; }
    local one
    for one in "${notes[@]}"; do say "note: $one"; done
    [ "${#faults[@]}" -gt 0 ] || return 0
    say "Nothing was touched. First:"
    for one in "${faults[@]}"; do say "  - $one"; done
    exit 2
}
