/**
 * What `fish --init-command` reads after all of the user's configuration. fish tells by events what is needed: the
 * line before it runs, the exit code and duration after. None of the user's files, universal variables or history is
 * touched. Where they have handlers of these events too, all of them run.
 *
 * A paste of several lines is one command to fish, and so one here. A line that ends in the background sets no status:
 * its exit code is not told. Not told at all: commands of shells within this one, of `exec`ed programs, and what key
 * bindings run. fish has no clock of its own: the agent's is taken for the start.
 *
 * The nonce is in the text of functions, which fish cannot export. The user of this shell can read it, and could lie.
 */
export function fishInitFile(nonce: string): string {
  if (!/^[0-9a-f]{32}$/.test(nonce)) throw new Error('a nonce is 32 hex digits');
  return HOOKS.replaceAll('@NONCE@', nonce);
}

const HOOKS = String.raw`builtin printf '\e]6973;@NONCE@;R\a'

function __caisey_preexec --on-event fish_preexec
    set -l exact 1
    test -n "$argv[1]"; or set exact 0
    set -l line (string sub --length 33000 -- "$argv[1]" | string collect)
    set line (string escape --style=url -- "$line")
    set -l cwd (string escape --style=url -- "$PWD")
    builtin printf '\e]6973;@NONCE@;U;;0;%s;%s;%s;\a' $exact "$line" "$cwd"
end

function __caisey_postexec --on-event fish_postexec
    set -l code $status
    string match --quiet --regex '&\s*$' -- "$argv[1]"; and set code
    set -g __caisey_ended "$code;+$CMD_DURATION"
end

# Told with the prompt, when fish and not the terminal echoes what is typed.
function __caisey_prompt --on-event fish_prompt
    set -q __caisey_ended; or set -l __caisey_ended ';'
    builtin printf '\e]6973;@NONCE@;P;%s\a' "$__caisey_ended"
    set -e __caisey_ended
end
`;
