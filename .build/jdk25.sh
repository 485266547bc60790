# shellcheck shell=bash disable=SC2034
# Sourced by ./fairlead and ./verify: finds an installed JDK 25.

# Whether $1 is the home of a JDK 25; a JRE will not do, since it cannot compile.
is_jdk25() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && grep -qsE '^JAVA_VERSION="?25(["+.-]|$)' "$1/release"
}

# The home of the `java` on the PATH, if there is one.
home_of_java_on_path() {
  local java home
  java=$(type -P java) || return 1
  home=$(readlink -f "$java" 2>/dev/null) && home=${home%/bin/java}
  if [ ! -e "$home/release" ]; then
    # A shim (jenv, asdf, macOS) is no link into a JDK, so only java itself knows.
    home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p') || return 1
  fi
  echo "$home"
}

# Prints the home of a JDK 25: JAVA_HOME, else the one on the PATH, else the first in the usual directories.
find_jdk25() {
  local home
  for home in "${JAVA_HOME:-}" "$(home_of_java_on_path)" \
    /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* /opt/jdk/* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$home" ] && is_jdk25 "$home"; then
      echo "$home"
      return 0
    fi
  done
  return 1
}

no_jdk25="no JDK 25 found: install one (Eclipse Temurin 25, your system's openjdk-25, or by SDKMAN) or set JAVA_HOME to one."

# Maven 3 and its plugins use what JDK 25 warns about; the warnings would bury the result.
maven_opts_25="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
