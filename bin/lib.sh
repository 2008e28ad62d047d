# Shared by the scripts in bin/ and .ci/, which set `root` and source this file. Works with bash 3.2 (macOS) and later.

target=$root/src/cli/target

# Ends the script with a message: 2 means that something is missing or was called wrongly.
die() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit "${2:-2}"
}

# Prints the version in a JDK's `release` file ("25.0.3"); prints nothing where there is no JDK.
# Reading the file takes no time; starting a JVM to ask it would.
jdk_version() {
  local line
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 0
  while IFS= read -r line; do
    if [[ $line == JAVA_VERSION=* ]]; then
      line=${line#*=}
      line=${line//\"/}
      printf '%s' "${line%$'\r'}"
      return 0
    fi
  done <"$1/release"
}

# Prints the places where a JDK may be, one a line, the most deliberate choice first.
jdk_candidates() {
  local java
  if [[ -n ${JAVA_HOME:-} ]]; then printf '%s\n' "$JAVA_HOME"; fi
  if java=$(command -v java) && java=$(readlink -f "$java"); then
    printf '%s\n' "${java%/bin/java}"
  fi
  printf '%s\n' \
    /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* /usr/local/*jdk* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home
}

# Sets and exports JAVA_HOME: a JDK 25, wherever it is.
find_jdk() {
  local home version seen=
  while IFS= read -r home; do
    version=$(jdk_version "$home")
    case $version in
      25 | 25.* | 25-* | 25+*)
        export JAVA_HOME=$home
        return 0
        ;;
      ?*) [[ $seen == *"  $home is "* ]] || seen+="  $home is Java $version"$'\n' ;;
    esac
  done < <(jdk_candidates)
  die "needs a JDK 25, and found none.
Looked at JAVA_HOME (${JAVA_HOME:-not set}), java on PATH, /usr/lib/jvm, /usr/java, /opt, /usr/local,
~/.sdkman, ~/.jdks, /Library/Java/JavaVirtualMachines and Homebrew. JDKs seen:
${seen:-  none
}Install Eclipse Temurin 25, for example
  Debian, Ubuntu  apt install temurin-25-jdk    (from the Adoptium repository, https://adoptium.net)
  SDKMAN          sdk install java 25-tem
  macOS           brew install --cask temurin@25
and, if it lies in another place, set JAVA_HOME to it."
}

# Makes sure that mvn is there.
find_maven() {
  # Older Maven releases use sun.misc.Unsafe, of which JDK 25 would warn on each start.
  export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
  command -v mvn >/dev/null && return 0
  die "needs Maven (mvn) to build Jaxon, and it is not on PATH.
Install it, for example
  Debian, Ubuntu  apt install maven
  SDKMAN          sdk install maven
  macOS           brew install maven"
}

# Holds the build lock on descriptor 9 until the calling (sub)shell ends: one build at a time.
lock_build() {
  exec 9>>"$root/.build-lock"
  # macOS has no flock command; flock(2) belongs to the open file, so Perl can take it for us.
  if command -v flock >/dev/null; then
    flock 9
  else
    perl -MFcntl=:flock -e 'open(my $f, ">&=", 9) && flock($f, LOCK_EX) or die "lock: $!\n"'
  fi
}

# Prints a number that changes when a source is added, edited or deleted.
fingerprint() {
  local listing
  cd "$root"
  if find . -maxdepth 0 -printf '' 2>/dev/null; then
    listing=$(find pom.xml .mvn src -name target -prune -o -type f -printf '%p %s %T@\n')
  else
    listing=$(find pom.xml .mvn src -name target -prune -o -type f -exec stat -f '%N %z %Fm' {} +)
  fi
  LC_ALL=C sort <<<"$listing" | cksum | tr ' ' -
}

# Each build gets a folder of its own, named after its sources, so that a new build never touches
# the jars of a process that still runs. Third-party jars never change and are shared.
#   src/cli/target/builds/<fingerprint>[-<profiles>]/  our jars, and `classpath`: all jars, relative to target/
#   src/cli/target/lib/                   third-party jars
publish_build() {
  local build=$target/builds/$1 lib=$target/lib jars jar name
  rm -rf "$build.part"
  mkdir -p "$build.part" "$lib"
  IFS=: read -r -a jars <<<"$(<"$target/classpath")"
  for jar in "$target"/cli-*.jar "${jars[@]}"; do
    name=${jar##*/}
    if [[ $jar == "$root"/* ]]; then
      cp "$jar" "$build.part/$name"
      printf '%s\n' "builds/$1/$name" >>"$build.part/classpath"
    else
      if [[ ! -e $lib/$name ]]; then
        cp "$jar" "$lib/$name.part"
        mv "$lib/$name.part" "$lib/$name"
      fi
      printf '%s\n' "lib/$name" >>"$build.part/classpath"
    fi
  done
  mv "$build.part" "$build"
  # Long enough for any process that started from an older build to have opened its jars.
  find "$target/builds" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} +
}

# Sets `build` to the folder of the present sources' build, and builds it if there is none.
# JAXON_PROFILES names Maven profiles, separated by commas, of modules that are built on request: xla.
ensure_built() {
  local print profiles=${JAXON_PROFILES:-}
  [[ $profiles =~ ^[a-z0-9_,-]*$ ]] || die "JAXON_PROFILES is '$profiles'; expected names such as xla, separated by commas"
  print=$(fingerprint)${profiles:+-$profiles}
  build=$target/builds/$print
  [[ -d $build ]] && return 0
  find_maven
  (
    lock_build
    # Another process may have built it while this one waited.
    [[ -d $build ]] && exit 0
    if [[ -d $target/builds ]]; then
      echo 'Building Jaxon (sources changed) ...' >&2
    else
      echo 'Building Jaxon (first use) ...' >&2
    fi
    mkdir -p "$target"
    rm -f "$target"/cli-*.jar
    cd "$root"
    # Not -q: it would hide the warnings, and a warning fails the build.
    if ! mvn -B ${profiles:+"-P$profiles"} -DskipTests -Dspotless.check.skip=true -pl src/cli -am package \
      </dev/null >"$target/build.log" 2>&1; then
      grep -E '^\[(WARNING|ERROR)\]' "$target/build.log" >&2 || cat "$target/build.log" >&2
      die "the build failed; its whole log is in src/cli/target/build.log" 1
    fi
    publish_build "$print"
  )
}
