/**
 * The init file that an interactive, non-login bash reads in place of ~/.bashrc: it first does what a login shell
 * would, then installs the hooks. None of the user's files is touched.
 *
 * PS0, expanded after a command was read and before it runs, tells the line; PROMPT_COMMAND tells the exit code.
 * The line comes from the shell's history. HISTCONTROL and HISTIGNORE would keep lines out of it, so while a line is
 * read they are empty (PS0 puts them back before the command runs), and the next prompt removes from the history what
 * they would have kept out.
 *
 * Not told, and so marked inexact: lines read with the history off (`set +o history`, HISTSIZE=0) or with HISTCONTROL
 * read-only, and lines of one paste after the first that HISTCONTROL drops. Not seen at all: commands of shells
 * within this one, of `exec`ed programs, and of bash before 4.4, which has no PS0. A command of several lines enters
 * the history with its line ends (as with lithist), since joined by bash it would not be what was typed.
 *
 * The nonce is a plain shell variable: no child inherits it. The user of this shell can read it, and could lie.
 */
export function bashInitFile(nonce: string): string {
  if (!/^[0-9a-f]{32}$/.test(nonce)) throw new Error('a nonce is 32 hex digits');
  return HOOKS.replaceAll('@NONCE@', nonce).replaceAll('@{', '${');
}

// String.raw: the backslashes are bash's. @{ stands for bash's ${, which would end the template.
const HOOKS = String.raw`printf '\e]6973;@NONCE@;R\a' >&2
if [ -r /etc/profile ]; then . /etc/profile; fi
if [ -r ~/.bash_profile ]; then . ~/.bash_profile
elif [ -r ~/.bash_login ]; then . ~/.bash_login
elif [ -r ~/.profile ]; then . ~/.profile
elif [ -r ~/.bashrc ]; then . ~/.bashrc
fi
if (( BASH_VERSINFO[0] > 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 4) )); then
  case $- in *a*) set +a; __caisey_allexport=1 ;; esac
  declare -r +x __caisey_nonce=@NONCE@
  __caisey_user_ps0=; __caisey_ps0=; __caisey_one=x; __caisey_swapped=0
  __caisey_from=1; __caisey_next=1; __caisey_before=

  # Text as one field, into __caisey_text: UTF-8 bytes with \\ and \xHH. No subshell: a fork is what costs here.
  __caisey_field() {
    local LC_ALL=C text=$1 back='\' out= char hex i
    text=@{text//"$back"/"$back$back"}
    text=@{text//';'/"$back"x3b}
    text=@{text//$'\n'/"$back"x0a}
    text=@{text//$'\t'/"$back"x09}
    if [[ $text == *[$'\001'-$'\037'$'\177']* ]]; then
      for (( i = 0; i < @{#text}; i++ )); do
        char=@{text:i:1}
        if [[ $char == [$'\001'-$'\037'$'\177'] ]]; then
          printf -v hex '%02x' "'$char"
          char="$back"x$hex
        fi
        out+=$char
      done
      text=$out
    fi
    __caisey_text=$text
  }

  # Runs in PS0's substitution: exact, line, directory.
  __caisey_line() {
    local -; set +xveua
    local HISTTIMEFORMAT= entry= number exact=0 __caisey_text=
    if [[ -o history ]]; then entry=$(history 1); fi
    number=@{entry#"@{entry%%[! ]*}"}
    number=@{number%%[!0-9]*}
    if [[ -n $number ]] && (( number >= __caisey_next )); then
      entry=@{entry#*"$number"??}
      exact=1
      __caisey_field "@{entry:0:33000}"
    fi
    printf '%s;%s;' "$exact" "$__caisey_text"
    __caisey_field "$PWD"
    printf '%s' "$__caisey_text"
  }

  # Would the user's own settings have kept this line out of the history?
  __caisey_unwanted() {
    local line=$1 pattern patterns
    case :@{HISTCONTROL-}: in
      *:ignorespace:*|*:ignoreboth:*) if [[ $line == ' '* ]]; then return 0; fi ;;
    esac
    case :@{HISTCONTROL-}: in
      *:ignoredups:*|*:ignoreboth:*) if [[ $line == "$__caisey_before" ]]; then return 0; fi ;;
    esac
    IFS=: read -r -a patterns <<< "@{HISTIGNORE-}"
    for pattern in "@{patterns[@]}"; do
      if [[ $pattern == '&' ]]; then
        if [[ $line == "$__caisey_before" ]]; then return 0; fi
      elif [[ -n $pattern && $line == $pattern ]]; then
        return 0
      fi
    done
    return 1
  }

  # The history as the user's settings want it, of what was read since the last prompt.
  __caisey_tidy_history() {
    local HISTTIMEFORMAT= count=$(( HISTCMD - __caisey_from )) left whole rest number
    if (( count > 50 )); then count=50; fi
    for (( left = count; left > 0; left-- )); do
      whole=$(history $left); rest=
      if (( left > 1 )); then rest=$(history $(( left - 1 ))); whole=@{whole%$'\n'"$rest"}; fi
      number=@{whole#"@{whole%%[! ]*}"}
      number=@{number%%[!0-9]*}
      if [[ -z $number ]]; then continue; fi
      whole=@{whole#*"$number"??}
      if __caisey_unwanted "$whole"; then
        history -d "$number"
      else
        case :@{HISTCONTROL-}: in
          *:erasedups:*) if (( left == 1 )); then history -d "$number"; history -s -- "$whole"; fi ;;
        esac
        __caisey_before=$whole
      fi
    done
  }

  # First of PROMPT_COMMAND.
  __caisey_prompt() {
    local status=$?
    local -; set +xveua
    __caisey_status=$status; __caisey_ended=@{EPOCHREALTIME-}
    if (( __caisey_swapped != 0 )); then
      # Nothing ran (an empty line, a syntax error, Ctrl+C): PS0 did not put them back.
      if [[ -n @{__caisey_control+x} ]]; then HISTCONTROL=$__caisey_control; fi
      if [[ -n @{__caisey_ignore+x} ]]; then HISTIGNORE=$__caisey_ignore; fi
    fi
    if [[ -n @{__caisey_control+x}@{__caisey_ignore+x} && -o history ]]; then __caisey_tidy_history; fi
    return $status
  }

  # Last of PROMPT_COMMAND: tells the end, and makes the history take the next line whatever it is.
  __caisey_ready() {
    local status=$?
    local -; set +xveua
    local restore=
    printf '\e]6973;%s;P;%s;%s\a' "$__caisey_nonce" "@{__caisey_status-}" "@{__caisey_ended-}" >&2
    unset __caisey_status __caisey_ended
    unset __caisey_control __caisey_ignore
    __caisey_swapped=0
    if [[ -o history ]]; then
      if [[ -n @{HISTCONTROL-} && @{HISTCONTROL@a} != *r* ]]; then
        __caisey_control=$HISTCONTROL; HISTCONTROL=; __caisey_swapped=1
        restore+='@{__caisey_one/#@{HISTCONTROL:=$__caisey_control}/}'
      fi
      if [[ -n @{HISTIGNORE-} && @{HISTIGNORE@a} != *r* ]]; then
        __caisey_ignore=$HISTIGNORE; HISTIGNORE=; __caisey_swapped=1
        restore+='@{__caisey_one/#@{HISTIGNORE:=$__caisey_ignore}/}'
      fi
      shopt -s cmdhist lithist
    fi
    __caisey_from=$HISTCMD; __caisey_next=$HISTCMD
    if [[ @{PS0-} != "$__caisey_ps0" ]]; then __caisey_user_ps0=@{PS0-}; fi
    if shopt -q promptvars; then
      __caisey_ps0=$__caisey_user_ps0$'\e]6973;@{__caisey_nonce};C;@{EPOCHREALTIME-};$?;$(__caisey_line);'$restore
      __caisey_ps0+='@{__caisey_none[__caisey_next=HISTCMD,__caisey_swapped=0]-}'$'\a'
    else
      __caisey_ps0=$__caisey_user_ps0
    fi
    PS0=$__caisey_ps0
    return $status
  }

  # Exported, they would make shells within this one call hooks that they have not.
  export -n PS0 PROMPT_COMMAND
  if (( BASH_VERSINFO[0] > 5 || (BASH_VERSINFO[0] == 5 && BASH_VERSINFO[1] >= 1) )); then
    PROMPT_COMMAND=(__caisey_prompt "@{PROMPT_COMMAND[@]}" __caisey_ready)
  else
    PROMPT_COMMAND="__caisey_prompt"$'\n'"@{PROMPT_COMMAND-}"$'\n'"__caisey_ready"
  fi
  if [[ -n @{__caisey_allexport-} ]]; then unset __caisey_allexport; set -a; fi
fi
`;
