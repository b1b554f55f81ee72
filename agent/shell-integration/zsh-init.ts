/**
 * The .zshenv of a folder that zsh is started with as ZDOTDIR, the only file there. It gives the user's own ZDOTDIR
 * back (or none), reads their .zshenv, and leaves: zsh itself then reads the rest of their files where they are, in its
 * own order. The hooks are put in place at the first prompt, after all of them. None of the user's files is touched.
 *
 * zshaddhistory is given the line as it was typed, before any setting of the history changes or drops it; preexec tells
 * it, the first of precmd_functions notes exit code and time, the last tells them.
 *
 * Not told: commands of shells within this one and of `exec`ed programs. Nothing at all is told where /etc/zsh/zshenv
 * sets ZDOTDIR itself, or where the user's files empty both precmd_functions and preexec_functions.
 *
 * The nonce is in the text of functions, which zsh cannot export. The user of this shell can read it, and could lie.
 * @param userFolder the ZDOTDIR that the user would have had; null: none
 */
export function zshEnvFile(nonce: string, userFolder: string | null): string {
  if (!/^[0-9a-f]{32}$/.test(nonce)) throw new Error('a nonce is 32 hex digits');
  const restore =
    userFolder === null
      ? "'builtin' 'unset' 'ZDOTDIR'"
      : `'builtin' 'export' ZDOTDIR='${userFolder.replaceAll("'", String.raw`'\''`)}'`;
  return HOOKS.replaceAll('@NONCE@', nonce)
    .replaceAll('@{', '${')
    .replace('@RESTORE@', () => restore);
}

// String.raw: the backslashes are zsh's. @{ stands for zsh's ${, which would end the template.
// Quoted command words: an alias of /etc/zsh/zshenv must not take them.
const HOOKS = String.raw`'builtin' 'print' -n '\e]6973;@NONCE@;R\a' >&2
@RESTORE@

# Text as one field, into __caisey_text: bytes with \\ and \xHH.
__caisey_field() {
  'builtin' 'emulate' -L zsh -o no_multibyte
  'builtin' 'local' text=$1 back='\' out= char= hex= i=
  text=@{text//"$back"/$back$back}
  text=@{text//';'/@{back}x3b}
  text=@{text//$'\n'/@{back}x0a}
  text=@{text//$'\t'/@{back}x09}
  if [[ $text == *[$'\001'-$'\037'$'\177']* ]]; then
    for (( i = 1; i <= @{#text}; i++ )); do
      char=@{text[i]}
      if [[ $char == [$'\001'-$'\037'$'\177'] ]]; then
        'builtin' 'printf' -v hex '%02x' "'$char"
        char=@{back}x$hex
      fi
      out+=$char
    done
    text=$out
  fi
  'builtin' 'typeset' -g __caisey_text=$text
}

__caisey_addhistory() {
  'builtin' 'emulate' -L zsh
  'builtin' 'typeset' -g __caisey_line=@{1%$'\n'}
  'builtin' 'return' 0
}

__caisey_preexec() {
  'builtin' 'local' code=$? time=@{EPOCHREALTIME-} exact=1 line= cwd=
  'builtin' 'emulate' -L zsh
  line=@{__caisey_line-}
  __caisey_line=
  if [[ -z $line ]]; then line=$1; fi
  if [[ -z $line ]]; then exact=0; fi
  __caisey_field "@{line[1,33000]}"; line=$__caisey_text
  __caisey_field "$PWD"; cwd=$__caisey_text
  'builtin' 'print' -rn -- $'\e]6973;@NONCE@;C;'"@{time[1,17]};$code;$exact;$line;$cwd;"$'\a' >$TTY
}

__caisey_ended() {
  'builtin' 'typeset' -g __caisey_code=$? __caisey_time=@{EPOCHREALTIME-}
}

__caisey_ready() {
  'builtin' 'emulate' -L zsh
  __caisey_line=
  'builtin' 'print' -rn -- $'\e]6973;@NONCE@;P;'"@{__caisey_code-};@{__caisey_time[1,17]-}"$'\a' >$TTY
}

# At the first prompt, or the first command where the user's files have dropped the one of the prompt.
__caisey_install() {
  'builtin' 'emulate' -L zsh
  'builtin' 'zmodload' -F zsh/datetime p:EPOCHREALTIME 2>/dev/null
  'builtin' 'typeset' -ga precmd_functions preexec_functions zshaddhistory_functions
  precmd_functions=(__caisey_ended @{precmd_functions:#__caisey_*} __caisey_ready)
  preexec_functions=(@{preexec_functions:#__caisey_*} __caisey_preexec)
  zshaddhistory_functions=(__caisey_addhistory @{zshaddhistory_functions:#__caisey_*})
  'builtin' 'unfunction' __caisey_install __caisey_install_late
}
__caisey_install_late() {
  __caisey_install
  __caisey_preexec "$1"
}
if [[ -o interactive ]]; then
  'builtin' 'typeset' -ga precmd_functions preexec_functions
  precmd_functions+=(__caisey_install)
  preexec_functions+=(__caisey_install_late)
fi

if [[ -r @{ZDOTDIR:-$HOME}/.zshenv ]]; then
  'builtin' 'source' "@{ZDOTDIR:-$HOME}/.zshenv"
fi
`;
