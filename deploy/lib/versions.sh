# shellcheck shell=bash disable=SC2154  # sourced: what it reads is set by deploy/install
# Sourced by deploy/install: versions lie side by side in /opt/hedgerow/<version>; `current` and `previous` point to one.

units=(hedgerow.service hedgerow-{lists,names,retention}.{service,timer})
started=(hedgerow.service hedgerow-{lists,names,retention}.timer)
shipped=(addons policies blocklists deploy pyproject.toml requirements.lock README.md CHANGELOG.md SECURITY.md LICENSE)
not_shipped=(--exclude=__pycache__ --exclude='*.egg-info' --exclude=policies/local --exclude=blocklists/local --exclude='.*')
keep_versions=3

# What of the checkout is installed, always in the same order and with the same owner and times: the same files, the same bytes.
shipped_tar() {
    tar -C "$source" -c "${not_shipped[@]}" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX "${shipped[@]}"
}

# 0.1.0-3f2a9c1b77: the number a person knows, and a digest of the files, so that an edited checkout is another version.
version_of_source() {
    printf '%s-%s' "$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$source/addons/hedgerow/__init__.py")" "$(shipped_tar | sha256sum | cut -c1-10)"
}

version_at() { [ ! -L "$opt/$1" ] || basename "$(readlink "$opt/$1")"; }
whole() { [ -n "$1" ] && [ -e "$opt/$1/.complete" ]; }

# Make /opt/hedgerow/<version> in its final place (a virtual environment cannot be moved); `.complete` is written last, so
# that what a power failure left half-made is made anew. Root owns it: the service cannot change its own code.
make_version() {
    local version="$1" folder="$opt/$1"
    if whole "$version"; then say "version $version is already here"; return; fi
    say "making version $version in $folder"
    act rm -rf "$folder"
    act install -d -m 755 "$opt" "$folder"
    [ "$dry" = no ] || { say "  would copy: ${shipped[*]}"; say "  would make its Python environment from requirements.lock, every package checked against its hash"; return 0; }
    shipped_tar | tar -C "$folder" -x --no-same-owner
    link_school "$folder"
    (
        cd "$folder" || exit 1
        [ -z "$wheels" ] || export PIP_NO_INDEX=1 PIP_FIND_LINKS="$wheels"
        PYTHON="$python" make_environment requirements.lock
        .venv/bin/python -m compileall -q addons
        install -d -m 755 .venv/var/hedgerow  # root's compiled words
    )
    touch "$folder/.complete"
}

# Commands find the school's edits and the state where a checkout has them.
link_school() {
    rmdir "$1/blocklists/local" 2> /dev/null || true
    ln -sfnT "$etc" "$1/policies/local"
    ln -sfnT "$etc/blocklists" "$1/blocklists/local"
    ln -sfnT "$state" "$1/state"
}

# The new code reads the school's files before it gets any request. Raises nothing: 1 when it finds a mistake.
try_version() {
    [ "$dry" = no ] || { say "  would let version $1 read $etc (hedgerow check)"; return 0; }
    as_hedgerow "$1" check --brief
}

as_hedgerow() {
    local version="$1"; shift
    (cd / && HEDGEROW_HOME="$opt/$version" HOME="$state" setpriv --reuid=hedgerow --regid=hedgerow --init-groups --no-new-privs \
        "$opt/$version/.venv/bin/hedgerow" "$@")
}

# Put one version in force: its units, its command, the link. The old gateway is stopped before the link moves, so that
# none of its workers is ever replaced by one of the other version.
activate() {
    local version="$1" unit
    stop_services
    for unit in "${units[@]}"; do
        if has_unit "$version" "$unit"; then
            act install -m 644 "$opt/$version/deploy/systemd/$unit" "$systemd/$unit" || return 1
        else
            act systemctl -q disable "$unit" 2> /dev/null || true
            act rm -f "$systemd/$unit"
        fi
    done
    act install -m 755 "$opt/$version/deploy/systemd/hedgerow" "$bin/hedgerow" || return 1
    act ln -sfnT "$version" "$opt/current" || return 1
    ! running || act systemctl daemon-reload || return 1
    begin_of "$version"
    act systemctl -q enable "${begin[@]}"
}

# An older version that comes back may lack a unit of this one; of a dry run's version there is no folder yet.
has_unit() { [ "$dry" = yes ] || [ -e "$opt/$1/deploy/systemd/$2" ]; }

# Sets $begin: what of this version is started.
begin_of() {
    local unit
    begin=()
    for unit in "${started[@]}"; do ! has_unit "$1" "$unit" || begin+=("$unit"); done
}

running() { [ -d /run/systemd/system ]; }

stop_services() {
    ! running || act systemctl stop "${started[@]}" hedgerow-{lists,names,retention}.service 2> /dev/null || true
}

# 0 when the gateway filters. Type=notify: `systemctl start` returns when every worker judges by the policy in force.
start_services() {
    if [ "$start" = no ] || ! running; then say "not started (start it: systemctl start hedgerow)"; return 0; fi
    act systemctl reset-failed hedgerow.service 2> /dev/null || true
    begin_of "$(version_at current)"
    act systemctl start "${begin[@]}" || return 1
    [ "$dry" = no ] || return 0
    systemctl is-active -q hedgerow.service && touch "$opt/current/.filtered"
}

# The new version, or the old one again. What was in force stays `previous`.
switch_to() {
    local new="$1" old; old="$(version_at current)"
    if [ "$dry" = no ] && running && systemctl is-active -q hedgerow.service; then touch "$opt/$old/.filtered"; fi
    if activate "$new" && start_services; then
        # Only what once filtered is worth going back to.
        if [ "$old" != "$new" ] && [ -e "$opt/${old:-none}/.filtered" ]; then act ln -sfnT "$old" "$opt/previous"; fi
        return 0
    fi
    say "version $new did not become ready:"
    journalctl -u hedgerow -n 15 --no-pager -o cat 2> /dev/null | sed 's/^/    /' >&2 || true
    if ! whole "$old" || [ "$old" = "$new" ]; then say "there is no older version to go back to: nothing passes until this is put right"; return 1; fi
    say "the version before, $old, comes back"
    if activate "$old" && start_services; then
        say "version $old filters again"
    else
        say "version $old did not become ready either: nothing passes. journalctl -u hedgerow"
    fi
    return 1
}

# The oldest go, never what is in force or the one before it.
tidy_versions() {
    local kept version folder
    [ -d "$opt" ] || return 0
    kept="$(version_at current) $(version_at previous)"
    # by the time each was completed
    find "$opt" -mindepth 2 -maxdepth 2 -name .complete -printf '%T@ %h\n' 2> /dev/null | sort -rn | tail -n +$((keep_versions + 1)) | while read -r _ folder; do
        version="$(basename "$folder")"
        [[ " $kept " == *" $version "* ]] || { say "removing the old version $version"; act rm -rf "$folder"; }
    done
}
