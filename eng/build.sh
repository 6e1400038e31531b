# Builds the command line into artifacts/ when a source changed. Sourced by the scripts at the root; needs $root.

# The stamp carries the time at which the last good build began; nothing newer than it means nothing to do.
cli_is_current() {
  [ -e "$root/artifacts/cli/.stamp" ] && [ -z "$(cd "$root" && find src Directory.Build.props Directory.Packages.props global.json -newer artifacts/cli/.stamp -print -quit)" ]
}

build_cli() {
  cli_is_current && return
  mkdir -p "$root/artifacts"
  # One build at a time: the second of two callers waits here and finds everything done.
  exec 9>"$root/artifacts/.build.lock"
  flock 9
  cli_is_current || publish_cli
  exec 9>&-
}

publish_cli() {
  if ! command -v dotnet >/dev/null; then
    echo "Building Sanbashi needs the .NET 10 SDK, and there is no 'dotnet' in PATH. Install it (https://dotnet.microsoft.com/download/dotnet/10.0) and try again." >&2
    exit 1
  fi
  local new log arch
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) echo "There is no .NET runtime for $(uname -m)." >&2; exit 1 ;;
  esac
  # A folder of its own for each build: a running platform keeps the files it was started from.
  new="$root/artifacts/publish/$(date +%Y%m%d-%H%M%S)-$$"
  log="$root/artifacts/build.log"
  mkdir -p "$new"
  touch "$new/.stamp"
  echo "Building Sanbashi (only after a change of the sources) ..." >&2
  if ! publish "$arch" true "$new" >"$log" 2>&1; then
    if ! grep -qi crossgen "$log"; then
      fail_build
    fi
    echo "The ahead-of-time compiler (crossgen) could not be restored; building without it, so commands start more slowly." >&2
    publish "$arch" false "$new" >"$log" 2>&1 || fail_build
  fi
  ln -sfn "publish/$(basename "$new")" "$root/artifacts/cli.new"
  mv -T "$root/artifacts/cli.new" "$root/artifacts/cli"
  remove_old_builds "$new"
}

publish() { # architecture, ahead of time or not, folder
  # Without descriptor 9: build servers that stay would hold the lock.
  # Its own artifacts folder, because a build for one platform and the solution's build would undo each other's restore.
  dotnet publish "$root/src/Sanbashi.Cli" -c Release -r "linux-$1" --self-contained false -p:PublishReadyToRun="$2" \
    --artifacts-path "$root/artifacts/release" -o "$3" -v quiet -nologo 9>&-
}

fail_build() {
  grep -E 'error' "$log" | sort -u | head -20 >&2 || tail -20 "$log" >&2
  echo "The build failed; all of its output is in $log." >&2
  rm -rf "$new"
  exit 1
}

# Folders that no process runs from any more.
remove_old_builds() { # the newest
  local folder used
  used=$(readlink /proc/[0-9]*/exe 2>/dev/null || true)
  for folder in "$root"/artifacts/publish/*/; do
    folder=${folder%/}
    [ "$folder" = "$1" ] || grep -qF "$folder/" <<<"$used" || rm -rf "$folder"
  done
}
