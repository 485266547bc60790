# shellcheck shell=bash disable=SC2154,SC2034,SC2030,SC2031 # the variables are those of ./run
# Sourced by ./run: a kernel with rdma_rxe, unpacked into a cache, and the initramfs that boots it; nothing is installed.

# Loaded in this order, each after what it depends on. Soft-RoCE asks the kernel's crypto for crc32 without naming a
# module, so that comes first, and not crc32-pclmul: what that multiplies by takes QEMU longer than a table (64 KiB writes
# 51 against 62 MiB/s, a message of 4 KiB 86 against 66 us), and it saves the vector registers for it. overlay and 9p make the root, sch_netem and dummy are for tests.
guest_modules=(
  crc32_generic virtio_pci virtio_net 9pnet_virtio 9p overlay
  rdma_rxe ib_uverbs rdma_cm rdma_ucm sch_netem dummy
)

# Where kernel and initramfs are kept, for all clones of the project.
cache_directory() {
  echo "${XDG_CACHE_HOME:-${HOME:-/var/cache}/.cache}/fairlead/soft-roce"
}

# The package that Debian's linux-image-amd64 stands for now, as name=version; nothing where apt does not know it.
kernel_package() {
  local name version
  command -v apt-cache >/dev/null || return 1
  name=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1)
  [ -n "$name" ] || return 1
  version=$(apt-cache show --no-all-versions "$name" 2>/dev/null | sed -n 's/^Version: //p' | head -n 1)
  [ -n "$version" ] && echo "$name=$version"
}

# Sets kernel_directory to one that holds vmlinux, the modules and their order, made now if need be.
find_kernel() {
  local cache package newest selection
  # Another list of modules is another entry of the cache.
  selection=$(sha256sum <<<"${guest_modules[*]}" | cut -c 1-8)
  cache=$(cache_directory)
  mkdir -p "$cache" || die "cannot create the cache $cache; set XDG_CACHE_HOME to a directory you may write in"
  if package=$(kernel_package); then
    kernel_directory=$cache/${package/=/_}-$selection
    [ -e "$kernel_directory/version" ] && return
  else
    package=
  fi
  # The second of two that start at once waits here, and then finds the work done.
  exec 8>"$cache/lock"
  flock 8
  if [ -n "$package" ] && [ ! -e "$kernel_directory/version" ] && ! (unpack_kernel "$package"); then
    package=
  fi
  if [ -z "$package" ]; then
    newest=$(find "$cache" -path "*-$selection/version" -printf '%T@ %h\n' | sort -n | tail -n 1)
    [ -n "$newest" ] || die "there is no kernel to boot: apt cannot download linux-image-amd64 (run apt-get update as root, or, on another system than Debian, load rdma_rxe on the host and use --host)"
    kernel_directory=${newest#* }
    say "using the kernel in the cache, for apt could not download the current one"
  fi
  exec 8>&-
}

unpack_kernel() (
  set -e
  package=$1
  work=$(mktemp -d "$cache/making.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  say "downloading the kernel $package (once) ..."
  cd "$work"
  # apt drops its privileges for downloads, and may not write here; that warning is of no interest.
  apt-get -qq -o APT::Sandbox::User=root download "$package" >&2
  dpkg -x ./*.deb tree
  release=$(cd tree/lib/modules && echo *)
  mkdir -p entry/modules
  extract_vmlinux "tree/boot/vmlinuz-$release" entry/vmlinux
  copy_modules tree "$release" entry/modules
  echo "$release" >entry/version
  rm -rf "$kernel_directory"
  mv entry "$kernel_directory"
  # Earlier kernels and recipes would pile up.
  find "$cache" -mindepth 1 -maxdepth 1 -type d -name 'linux-image-*' ! -path "$kernel_directory" -mtime +30 -exec rm -rf {} +
)

# Little-endian 32-bit word at byte $2 of file $1.
word_at() {
  od -An -tu4 -j "$2" -N 4 "$1" | tr -d ' '
}

# The kernel as an ELF file: an emulated machine would take seconds to decompress it itself. Where its payload lies is
# in the boot header (setup_sects at 0x1f1, payload_offset at 0x248, payload_length at 0x24c).
extract_vmlinux() {
  local setup offset length
  setup=$(od -An -tu1 -j $((0x1f1)) -N 1 "$1" | tr -d ' ')
  offset=$(((setup + 1) * 512 + $(word_at "$1" $((0x248)))))
  length=$(word_at "$1" $((0x24c)))
  # The last word is the size of what comes out, and no part of the compressed stream.
  tail -c +$((offset + 1)) "$1" | head -c $((length - 4)) | xz -dc >"$2"
}

# Copies the guest's modules, and what they depend on, out of the tree $1 of the release $2 to $3.
copy_modules() {
  local module file
  depmod -b "$1" "$2"
  for module in "${guest_modules[@]}"; do
    modprobe -d "$1" -S "$2" --show-depends "$module"
  done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' |
    while read -r file; do
      cp "$file" "$3/"
      echo "${file##*/}" >>"$3/order"
    done
}

# Copies busybox to the root $1, and its libraries, if it is not a static one.
copy_busybox() {
  local busybox library
  busybox=$(type -P busybox)
  cp "$busybox" "$1/bin/busybox"
  ldd "$busybox" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$1${library%/*}"
    cp -L "$library" "$1$library"
  done
}

# Makes $work/initramfs; not compressed, since the guest would take longer to decompress than QEMU to copy it.
make_initramfs() {
  local root=$work/initramfs.d
  mkdir -p "$root"/{bin,proc,sys,dev,host,scratch,root}
  copy_busybox "$root"
  cp "$here/guest-init" "$root/init"
  chmod 755 "$root/init"
  cp -r "$kernel_directory/modules" "$root/modules"
  (cd "$root" && find . | cpio -o -H newc --quiet -R 0:0) >"$work/initramfs" || die "cpio cannot make the initramfs"
  rm -r "$root"
}
