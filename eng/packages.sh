# Installs what is missing from Debian. Sourced.

# need_packages WHAT_FOR PACKAGE...: installs those that are not there, and says so.
need_packages() {
  local purpose=$1 missing=() package
  shift
  for package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "Missing for $purpose: ${missing[*]}. Install them (sudo apt-get install ${missing[*]}) or run this as root." >&2
    return 1
  fi
  echo "Installing for $purpose: ${missing[*]}" >&2
  # No service may start by itself here: what is needed is started by the script that needs it, and stopped by it.
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e "$policy" ] && [ ! -d /run/systemd/system ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made_policy=1
  fi
  local log ok=0
  log=$(mktemp)
  { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" ||
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; }; } >"$log" 2>&1 || ok=$?
  [ -z "$made_policy" ] || rm -f "$policy"
  if [ "$ok" != 0 ]; then
    tail -15 "$log" >&2
    echo "apt-get could not install ${missing[*]} (output above, all of it in $log)." >&2
    return 1
  fi
  rm -f "$log"
}
