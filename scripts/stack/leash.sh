#!/bin/sh
# Runs a command that must not outlive whoever started it, whatever ends the starter (SIGKILL included).
#   leash.sh <signal> <grace seconds> <command> [arguments…]
# File descriptor 3 is a pipe of which the starter holds the other end. When it closes without a word, the starter is
# gone: the command gets the signal, then SIGKILL after the grace. A line on it means "it ended, stand down".
# The command replaces this shell, so its process id is the one the starter knows. The watcher is orphaned on purpose:
# a server that reaps its children (PostgreSQL) must not find one it does not know.
signal=$1
grace=$2
shift 2
(
  (
    exec </dev/null >/dev/null 2>&1
    read -r _ <&3 && exit 0
    kill -s "$signal" $$ || exit 0
    left=$((grace * 5))
    while [ "$left" -gt 0 ] && kill -0 $$; do
      sleep 0.2
      left=$((left - 1))
    done
    kill -s KILL $$
  ) &
)
exec "$@" 3<&-
