# shellcheck shell=bash
# Sourced by ./run: one QEMU guest each, from the files it is started with to its exit code.

# Prints words so that a shell reads them back as they were.
quoted() {
  local word
  for word in "$@"; do printf '%q ' "$word"; done
}

# Writes what guest $1 shall do into its exchange directory, "$work/guest$1".
prepare_guest() {
  local index=$1 exchange=$work/guest$1 name shares=() i
  mkdir -p "$exchange" "$work/shared" "$exchange/shared"
  : >"$exchange/out"
  : >"$exchange/err"
  cp "$here/guest-session" "$exchange/session"
  for i in "${!writable[@]}"; do shares+=("writable$i:${writable[i]}"); done
  {
    echo "index=$index guests=$guests netem=$(quoted "$netem")"
    echo "directory=$(quoted "$directory")"
    echo "writable=($(quoted "${shares[@]}"))"
  } >"$exchange/settings"
  printf '%s\0' "${command[@]}" >"$exchange/command"
  for name in PATH HOME LANG LC_ALL TERM JAVA_HOME; do
    [ -z "${!name+set}" ] || printf '%s\0' "$name=${!name}"
  done >"$exchange/environment"
  [ ${#environment[@]} = 0 ] || printf '%s\0' "${environment[@]}" >>"$exchange/environment"
}

# Starts guest $1 with the accelerator $2; its process id is then guest_pid[$1].
start_guest() {
  local index=$1 exchange=$work/guest$1 share i network=()
  share=security_model=none,multidevs=remap
  local machine=(
    -nodefaults -no-user-config -display none -no-reboot
    -machine pc -cpu max -smp "$cpus" -m "$memory"
    -kernel "$kernel_directory/vmlinux" -initrd "$work/initramfs"
    -append "console=ttyS0 quiet loglevel=4 panic=-1 oops=panic mitigations=off nokaslr no_timer_check tsc=reliable cryptomgr.notests sysrq_always_enabled"
    -chardev "file,id=console,path=$exchange/console" -serial chardev:console
    -virtfs "local,path=/,mount_tag=hostroot,readonly=on,$share"
    -virtfs "local,path=$exchange,mount_tag=exchange,$share"
  )
  case $2 in
    kvm) machine+=(-accel kvm) ;;
    tcg) machine+=(-accel tcg,thread=multi) ;;
  esac
  for i in "${!writable[@]}"; do
    machine+=(-virtfs "local,path=${writable[i]},mount_tag=writable$i,$share")
  done
  network=(-netdev user,id=network,restrict=on)
  machine+=("${network[@]}" -device "virtio-net-pci,netdev=network,mac=52:54:00:77:00:0$index,romfile=")
  # If this script is killed, its guests must not outlive it.
  setpriv --pdeathsig KILL "$qemu" "${machine[@]}" </dev/null >"$exchange/qemu" 2>&1 &
  guest_pid[index]=$!
}

# Copies the guest's output to ours while it runs, and what is left of it afterwards.
follow_guest() {
  local exchange=$work/guest$1
  tail -q -s 0.1 -c +1 --pid="${guest_pid[$1]}" -f "$exchange/out" &
  follower_pids+=($!)
  tail -q -s 0.1 -c +1 --pid="${guest_pid[$1]}" -f "$exchange/err" >&2 &
  follower_pids+=($!)
}

# Why guest $1 ended without an exit code, for the user.
explain_guest() {
  local exchange=$work/guest$1
  if [ -s "$exchange/failure" ]; then
    echo "guest $1: $(cat "$exchange/failure")"
  else
    echo "guest $1 died before its command ended. QEMU and the console said last:"
    tail -n 15 "$exchange/qemu" "$exchange/console" 2>&1 | tr -d '\r' | sed 's/^/    /'
  fi
}
