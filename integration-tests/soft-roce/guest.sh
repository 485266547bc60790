# shellcheck shell=bash disable=SC2154,SC2034 # the variables are those of ./run
# Sourced by ./run: one guest of QEMU each, from what it is given to its exit code.

# Prints words so that a shell reads them back as they were.
quoted() {
  local word
  for word in "$@"; do printf '%q ' "$word"; done
}

# Makes the exchange directory of guest $1, "$work/guest$1", for the command that follows.
prepare_guest() {
  local index=$1 exchange=$work/guest$1 name shares=() i
  shift
  mkdir -p "$exchange/shared" "$work/shared"
  : >"$exchange/out"
  : >"$exchange/err"
  cp "$here/guest-session" "$exchange/session"
  for i in "${!writable[@]}"; do shares+=("writable$i:${writable[i]}"); done
  {
    echo "index=$index guests=$guests has_peer=${peer_command:+yes} netem=$(quoted "$netem")"
    echo "writable=($(quoted "${shares[@]}"))"
  } >"$exchange/settings"
  echo "$directory" >"$exchange/directory"
  printf '%s\0' "$@" >"$exchange/command"
  for name in PATH HOME LANG LC_ALL TERM JAVA_HOME; do
    [ -z "${!name+set}" ] || printf '%s\0' "$name=${!name}"
  done >"$exchange/environment"
  [ ${#environment[@]} = 0 ] || printf '%s\0' "${environment[@]}" >>"$exchange/environment"
}

# The share $2 as the directory $1; in QEMU's options a comma is written twice.
share() {
  echo "local,path=${1//,/,,},mount_tag=$2,security_model=none,multidevs=remap${3:-}"
}

# Starts guest $1; its process id is then guest_pid[$1].
start_guest() {
  local index=$1 exchange=$work/guest$1 i line=$work/line
  local machine=(
    -nodefaults -no-user-config -display none -no-reboot -machine pc -cpu max -smp "$cpus" -m "$memory"
    -kernel "$kernel_directory/vmlinux" -initrd "$work/initramfs" -append "$kernel_arguments"
    -chardev "file,id=console,path=$exchange/console" -serial chardev:console
    -accel "$accelerator" -device "virtio-net-pci,netdev=line,mac=52:54:00:77:00:0$index,romfile="
    -virtfs "$(share / hostroot ,readonly=on)"
    -virtfs "$(share "$exchange" exchange)"
  )
  for i in "${!writable[@]}"; do machine+=(-virtfs "$(share "${writable[i]}" "writable$i")"); done
  if [ "$guests" = 1 ]; then
    machine+=(-netdev "user,id=line,restrict=on") # leads nowhere
  else
    machine+=(-virtfs "$(share "$work/shared" shared)")
    if [ "$index" = 1 ]; then
      machine+=(-netdev "stream,id=line,server=on,addr.type=unix,addr.path=$line")
    else
      machine+=(-netdev "stream,id=line,server=off,addr.type=unix,addr.path=$line")
      for ((i = 0; i < 200; i++)); do
        [ ! -S "$line" ] || break
        sleep 0.05
      done
    fi
  fi
  # If this script is killed, its guests must not outlive it.
  setpriv --pdeathsig KILL "$qemu" "${machine[@]}" </dev/null >"$exchange/qemu" 2>&1 &
  guest_pid[index]=$!
}

# Copies the output of guest $1 to ours while it runs, and what is left of it afterwards; $2 stands before each line.
follow_guest() {
  local exchange=$work/guest$1 follow=(tail -q -s 0.1 -c +1 --pid="${guest_pid[$1]}" -f)
  if [ -z "$2" ]; then
    "${follow[@]}" "$exchange/out" &
    follower_pids+=($!)
    "${follow[@]}" "$exchange/err" >&2 &
  else
    "${follow[@]}" "$exchange/out" | sed -u "s/^/$2/" &
    follower_pids+=($!)
    "${follow[@]}" "$exchange/err" | sed -u "s/^/$2/" >&2 &
  fi
  follower_pids+=($!)
}

# Says why guest $1 has no exit code.
explain_guest() {
  local exchange=$work/guest$1
  if [ -s "$exchange/failure" ]; then
    say "guest $1: $(cat "$exchange/failure")"
  elif [ -s "$exchange/console" ]; then
    say "of the console of guest $1, causes and last lines:"
    # A panic's cause stands far above its end.
    { grep -aE -m 8 'panic|BUG:|Oops|sysrq:|RIP: 0010|Out of memory|soft-roce:' "$exchange/console"; tail -n 6 "$exchange/console"; } |
      tr -d '\r' | awk '!seen[$0]++' | sed 's/^/    /' >&2
  elif [ -s "$exchange/qemu" ]; then
    say "QEMU says: $(cat "$exchange/qemu")"
  fi
}

kernel_arguments="console=ttyS0 quiet loglevel=4 panic=-1 oops=panic mitigations=off nokaslr no_timer_check"
kernel_arguments+=" tsc=reliable cryptomgr.notests"

# Sets accelerator: kvm where it boots our kernel, which some hosts' does not, and else tcg. Found out once for each
# boot of the host, since a kvm that hangs costs the whole bound.
choose_accelerator() {
  local verdict probe=$work/probe
  accelerator=tcg,thread=multi
  if [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then return; fi
  verdict=$(cache_directory)/kvm-$(cat /proc/sys/kernel/random/boot_id)
  if [ ! -e "$verdict" ]; then
    timeout --kill-after=1 3 "$qemu" -nodefaults -no-user-config -display none -no-reboot -machine pc -cpu max -m 512M \
      -kernel "$kernel_directory/vmlinux" -initrd "$work/initramfs" -append "$kernel_arguments soft_roce_probe" \
      -chardev "file,id=console,path=$probe" -serial chardev:console -accel kvm </dev/null >/dev/null 2>&1
    rm -f "$(cache_directory)"/kvm-*
    if grep -qs 'soft-roce: up' "$probe"; then echo kvm; else echo tcg; fi >"$verdict"
  fi
  if [ "$(cat "$verdict")" = kvm ]; then accelerator=kvm; fi
}
