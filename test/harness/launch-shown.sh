#!/usr/bin/env bash
# Runs the console, its own process, and tells of its debugging port once the launcher is on screen. Playwright attaches
# as soon as it hears of the port; to a page that commits its first navigation just then it waits for ever: it is told
# neither of the page before nor of the one after.
exec "$CAISEY_CONSOLE" "$@" 2> >(
  port=''
  while IFS= read -r line; do
    if [[ $line == 'DevTools listening on '* ]]; then
      port=$line
      continue
    fi
    printf '%s\n' "$line" >&2
    if [[ $port && $line == *'"window.shown"'*'"launcher"'* ]]; then
      printf '%s\n' "$port" >&2
      port=''
    fi
  done
)
