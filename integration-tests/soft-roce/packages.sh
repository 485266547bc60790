# shellcheck shell=bash
# Sourced by ./run: what it needs, and the Debian packages that it is in.

# Lines of a file or program, and the package it is in.
needed="
qemu-system-x86_64 qemu-system-x86
busybox busybox-static
cpio cpio
modprobe kmod
xz xz-utils
setpriv util-linux
flock util-linux
rdma iproute2
tc iproute2
/usr/lib*/*/libibverbs/librxe-rdmav*.so ibverbs-providers
/usr/lib*/*/librdmacm.so.1 librdmacm1
ibv_devinfo ibverbs-utils
rping rdmacm-utils
ib_write_lat perftest
"

is_there() {
  case $1 in
    # Fedora has no directory of the architecture, and keeps them in /usr/lib64.
    /*) compgen -G "$1" >/dev/null || compgen -G "${1/\*\/\*/64}" >/dev/null ;;
    # Administrators' directories are on every path in the guest, but not on every user's.
    *) PATH=$PATH:/usr/sbin:/sbin type -P "$1" >/dev/null ;;
  esac
}

# The missing packages, on one line.
missing_packages() {
  local what package
  while read -r what package; do
    [ -z "$what" ] || is_there "$what" || echo "$package"
  done <<<"$needed" | sort -u | paste -sd ' '
}

# Whether something is missing; tells it.
obstacle() {
  local missing
  if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "soft-roce: the guests need Linux on x86_64, and this is $(uname -sm)"
    return 0
  fi
  missing=$(missing_packages)
  [ -n "$missing" ] || return 1
  echo "soft-roce: missing: $missing (Debian: apt-get install $missing, or soft-roce/run --install as root)"
}

install_packages() {
  local missing
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    die "missing: $missing (Debian: apt-get install $missing)"
  fi
  say "installing $missing ..."
  # shellcheck disable=SC2086 # several packages
  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing; } >&2 ||
    die "apt-get cannot install: $missing"
}
