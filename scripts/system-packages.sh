#!/usr/bin/env bash
# Installs what the local stack, the demo and the tests need from Debian or Ubuntu, when it is missing.
# Without root, or on another system, it says exactly what is missing. Installs nothing that is there already.
#   --without-tryton   leaves out what only tests need, and Tryton (with Python), which `npm start -- --erp tryton` needs too
set -u
with_tryton=yes
for option in "$@"; do
  case "$option" in
  --without-tryton) with_tryton=no ;;
  *)
    echo "unknown option $option; known: --without-tryton" >&2
    exit 2
    ;;
  esac
done

# command to look for : package that brings it
needed=(
  "java:openjdk-17-jre-headless"
  "mvn:maven"
  "ps:procps"
  "git:git"
)
[ "$with_tryton" = yes ] && needed+=("trytond:tryton-server" "promtool:prometheus")
tryton_modules=(party product purchase stock company account)
packages=()
for pair in "${needed[@]}"; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || packages+=("${pair##*:}")
done
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null 2>&1 || packages+=(postgresql)
if [ "$with_tryton" = yes ] && command -v dpkg-query >/dev/null 2>&1; then
  has() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
  for module in "${tryton_modules[@]}"; do
    has "tryton-modules-$module" || packages+=("tryton-modules-$module")
  done
  has python3-psycopg2 || packages+=(python3-psycopg2)
fi

if [ ${#packages[@]} -eq 0 ]; then
  echo "system packages: all there"
  exit 0
fi
command_line="apt-get install --no-install-recommends ${packages[*]}"
if ! command -v apt-get >/dev/null 2>&1; then
  echo "missing (names of Debian packages): ${packages[*]}" >&2
  echo "install them with this system's package manager, or give addresses of a running stack (README)" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "missing: ${packages[*]}" >&2
  echo "run: sudo apt-get update && sudo $command_line" >&2
  exit 1
fi

echo "system packages: installing ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
# The packages' own services are not wanted: the stack runs its own, on its own ports and data.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq || echo "apt-get update did not succeed; trying with the lists there are" >&2
if ! apt-get install -y -qq --no-install-recommends "${packages[@]}" >/tmp/tributary-apt.$$ 2>&1; then
  tail -n 20 /tmp/tributary-apt.$$ >&2
  rm -f /tmp/tributary-apt.$$
  echo "installing did not succeed: $command_line" >&2
  exit 1
fi
rm -f /tmp/tributary-apt.$$
