# shellcheck shell=bash disable=SC2154,SC2034 # the variables are those of ./run
# Sourced by ./run: the host itself as the machine with RDMA, where it has a device or can have one.

# Prints the first active RDMA device that has a network interface with an address, as "device address".
active_device() {
  local path device interface address
  for path in /sys/class/infiniband/*; do
    [ -e "$path" ] || continue
    device=${path##*/}
    grep -qs ACTIVE "$path"/ports/*/state || continue
    for interface in "$path"/device/net/* $(rdma link show 2>/dev/null | sed -n "s/^link $device\/.* netdev \([^ ]*\).*/\1/p"); do
      address=$(address_of "${interface##*/}")
      if [ -n "$address" ]; then
        echo "$device $address"
        return 0
      fi
    done
  done
  return 1
}

address_of() {
  ip -4 -o address show dev "$1" scope global 2>/dev/null | sed -n 's/.* inet \([0-9.]*\).*/\1/p' | head -n 1
}

# Prints the interface that a Soft-RoCE device is best put on: that of the default route, or else any that is up.
interface_for_device() {
  local interface
  for interface in $(ip -4 -o route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p') \
    $(ip -4 -o address show up scope global | sed 's/^[0-9]*: \([^ ]*\) .*/\1/'); do
    if [ -n "$(address_of "$interface")" ]; then
      echo "$interface"
      return 0
    fi
  done
  return 1
}

# Whether this process may and can have a Soft-RoCE device here.
can_add_device() {
  [ "$(id -u)" = 0 ] && { [ -e /sys/module/rdma_rxe ] || modprobe -qn rdma_rxe 2>/dev/null; } && interface_for_device >/dev/null
}

# Runs the command on this machine; sets code. A device that was added for it is removed again by remove_device.
run_on_host() {
  local found device address interface
  if found=$(active_device); then
    device=${found% *} address=${found#* }
    say "running on this machine, which has the RDMA device $device ($address)"
  elif can_add_device; then
    interface=$(interface_for_device)
    [ -e /sys/module/rdma_rxe ] || modprobe rdma_rxe || die "modprobe rdma_rxe failed"
    rdma link add soft-roce type rxe netdev "$interface" || die "cannot put a Soft-RoCE device on $interface"
    device=soft-roce address=$(address_of "$interface") added_device=soft-roce
    say "running on this machine, with a Soft-RoCE device on $interface ($address) for as long as it takes"
  else
    die "this machine has no active RDMA device with an address, and cannot have one (root, the kernel module rdma_rxe and a network interface with an address are needed); leave --host off for a guest of QEMU"
  fi
  ulimit -l unlimited 2>/dev/null || say "locked memory is limited to $(ulimit -l) KiB"
  cd "$directory" || die "there is no directory $directory"
  timeout --kill-after=5 "$timeout" env ${environment[@]+"${environment[@]}"} \
    SOFT_ROCE=host "SOFT_ROCE_DEVICE=$device" "SOFT_ROCE_ADDRESS=$address" "${command[@]}" &
  host_pid=$!
  wait "$host_pid"
  code=$?
  host_pid=
  # 137: it took the second signal.
  if [ $code = 124 ] || [ $code = 137 ]; then say "the time may be up: $timeout s; --timeout sets more"; fi
}

remove_device() {
  [ -z "$added_device" ] || rdma link delete "$added_device"
}
