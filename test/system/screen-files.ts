/** Files for programs that draw: nothing in what they show may differ from one start to the next. */
export function screenFiles(): Readonly<Record<string, string>> {
  return {
    colours: COLOURS,
    progress: PROGRESS,
    wide: `${wideLines(3000)}\nwide end\n`,
    vimrc: 'set nocompatible mouse=a ruler background=dark t_ut= noshowcmd\nsyntax on\nset laststatus=2\n',
    'source.c': SOURCE,
    rows: Array.from({ length: 2000 }, (_, at) => `\u001B[3${1 + (at % 7)}mrow ${at + 1}\u001B[0m\n`).join(
      '',
    ),
    'page.1': PAGE,
    htoprc: HTOP,
    'tmux.conf': TMUX,
  };
}

const COLOURS = String.raw`
for n in $(seq 0 255); do printf '\033[38;5;%dm%3d \033[48;5;%dm \033[0m' $n $n $((255 - n)); done; echo
for n in $(seq 0 5 255); do printf '\033[38;2;%d;%d;128m\033[48:2::%d:40:%dmX\033[0m' $n $((255 - n)) $n $n; done; echo
for a in 1 2 3 4 5 7 8 9 21 53; do printf '\033[%dmattribute %d\033[0m ' $a $a; done; echo
printf '\033[4:3m\033[58:2::200:0:0mcurly\033[0m \033[1;3;4;9;38;5;208mall of it\033[0m\n'
printf '\033(0lqqqk\033(B line drawing \0337\033[3;70Hplaced\0338 back\n'
echo colours end
`;

const PROGRESS = String.raw`
for n in $(seq 0 100); do
  printf '\r\033[K\033[32m%3d%%\033[0m [%-50s]' $n "$(printf '#%.0s' $(seq 1 $((n / 2 + 1))))"
done
echo
`;

const WIDE = [
  '漢字かな交じり文と한국어',
  'e\u0301 a\u0308\u0323 n\u0303 \u0e01\u0e33 क्षि',
  '👩‍👩‍👧‍👦 👍🏽 🇨🇭 ❤️ ⚠ ⚠️',
  'ｆｕｌｌｗｉｄｔｈ ﾊﾝｶｸ',
  'عربى עברית',
];

function wideLines(count: number): string {
  return Array.from(
    { length: count },
    (_, at) => `${at} ${WIDE[at % WIDE.length]}${'漢'.repeat(at % 60)}`,
  ).join('\n');
}

const SOURCE = `#include <stdio.h>

/* A comment, a "string" and 漢字. */
int main(int argc, char **argv) {
    const char *greeting = "hello, world";
    for (int at = 0; at < argc; at++) printf("%d %s\\n", at, argv[at]);
    return greeting[0] == 'h' ? 0 : 1;
}
`;

const PAGE = `.TH CAISEY-TEST 1 2026-01-01 "Test" "Test"
.SH NAME
caisey-test \\- a page with \\fBbold\\fR and \\fIitalic\\fR words
.SH DESCRIPTION
${'A paragraph that is long enough to be broken into lines by the width of the screen. '.repeat(40)}
.SH END
`;

const HTOP = `htop_version=3.2.2
config_reader_min_version=3
fields=0 48 17 18 1
hide_kernel_threads=1
hide_userland_threads=1
color_scheme=0
enable_mouse=1
delay=15
header_layout=two_50_50
column_meters_0=Hostname
column_meter_modes_0=2
column_meters_1=Hostname
column_meter_modes_1=2
tree_view=0
sort_key=0
sort_direction=1
screen:Main=PID USER PRIORITY NICE Command
.sort_key=PID
.tree_view=0
`;

const TMUX = `set -g status-left 'twin status '
set -g status-right ''
set -g status-left-length 40
set -g window-status-format ''
set -g window-status-current-format ''
set -g default-command 'bash --norc --noprofile'
set -g default-terminal 'screen-256color'
set -g mouse on
set -ga terminal-overrides ',*:Tc'
set -sg escape-time 0
set-environment -g PS1 '% '
`;
