# Finding and starting a container engine. Sourced.

# engine_answers SOCKET_PATH
engine_answers() {
  [ -S "$1" ] && curl -sf --max-time 5 --unix-socket "$1" http://engine/_ping >/dev/null 2>&1
}

# start_dockerd SOCKET LOG ARGUMENT...: starts a dockerd by hand and waits until it answers; its process id is in $dockerd_pid.
start_dockerd() {
  local socket=$1 log=$2
  shift 2
  mkdir -p "$(dirname "$socket")" "$(dirname "$log")"
  setsid dockerd -H "unix://$socket" "$@" >"$log" 2>&1 </dev/null 9>&- &
  dockerd_pid=$!
  local tries=0
  until engine_answers "$socket"; do
    if ! kill -0 "$dockerd_pid" 2>/dev/null || [ $((tries += 1)) -gt 300 ]; then
      tail -15 "$log" >&2
      echo "dockerd did not come up on $socket (last lines above, all of it in $log)." >&2
      return 1
    fi
    sleep 0.1
  done
}

# ensure_engine: sets DOCKER_HOST to an engine that answers, installing and starting Docker Engine when none does.
ensure_engine() {
  local socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
  socket=${socket#unix://}
  if ! engine_answers "$socket"; then
    if [ -n "${DOCKER_HOST:-}" ]; then
      echo "DOCKER_HOST names $socket, but no engine answers there. Start it, or unset DOCKER_HOST to let this script prepare Docker Engine." >&2
      return 1
    fi
    if [ "$(id -u)" != 0 ]; then
      echo "No container engine answers on $socket (or this user may not use it). Run this as root once, join the docker group, or set DOCKER_HOST." >&2
      return 1
    fi
    need_packages "containers (Docker Engine)" docker.io iptables ca-certificates
    if [ -d /run/systemd/system ]; then
      if [ ! -e /etc/docker/daemon.json ]; then
        echo "Letting containers survive a restart of the engine (live-restore in /etc/docker/daemon.json)." >&2
        mkdir -p /etc/docker
        printf '{\n  "live-restore": true\n}\n' >/etc/docker/daemon.json
      fi
      systemctl enable --now docker >/dev/null 2>&1
      systemctl reload-or-restart docker
    else
      echo "Starting Docker Engine by hand, since systemd does not run here (log: /var/log/dockerd.log)." >&2
      start_dockerd "$socket" /var/log/dockerd.log --live-restore
    fi
    engine_answers "$socket" || { echo "Docker Engine was started but does not answer on $socket; look at 'journalctl -u docker'." >&2; return 1; }
  fi
  export DOCKER_HOST="unix://$socket"
}
