// Command lines leave the machine for the audit, so values that look like secrets are taken out of them first.
// A line is evidence too: what is not clearly a secret stays.
import { REDACTED } from '#protocol/redaction.ts';

/** A shell word, from where it is: quoted parts and escaped characters included. */
const VALUE = String.raw`(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\;|&<>()])+`;

/** Names whose values are secrets, as a part of options, variables and parameters. Not `key` alone, nor `keyfile`. */
const SECRET_NAME = String.raw`(?:password|passwd|passphrase|pwd|secret|token|api[-_]?key|apikey|access[-_]?key|secret[-_]?key|private[-_]?key|auth[-_]?key|credentials?)`;

/**
 * Programs whose short option is a password, with the value in the same word. `-p` means port, path or parents nearly
 * everywhere else.
 */
const JOINED_PASSWORD =
  /(?<=(?:^|[\s;|&(])(?:\S*\/)?(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump|mariadb-admin|sshpass)(?:\s[^;|&]*)?\s-p)/;
const APART_PASSWORD =
  /(?<=(?:^|[\s;|&(])(?:\S*\/)?(?:sshpass|redis-cli|ldapsearch|ldapmodify|ldapadd|smbclient|docker\s+login|podman\s+login)(?:\s[^;|&]*)?\s-(?:p|a|w|P)\s+)/;

/** Programs that read a password from their input, whatever feeds them. Bounded, so that no line takes long. */
const PASSWORD_READER = String.raw`(?<![\w/.-])(?:\S{0,40}\/)?(?:sudo\s+(?:-\w+\s+){0,9}-\w{0,9}S\b|chpasswd|smbpasswd|kinit|cryptsetup|passwd\s+--stdin|[\w./-]{1,40}\s[^|;&<\n]{0,400}?--password-stdin)`;
/** The rest of a program's words, up to what counts. */
const WORDS = String.raw`\s(?:[^|;&\n]{0,400}?\s)??`;

interface Rule {
  readonly pattern: RegExp;
  /** What stays in front of the mark and behind it, by groups of the pattern. */
  readonly keep: (groups: readonly string[]) => readonly [before: string, after: string];
}

const before = ([, kept = '']: readonly string[]): readonly [string, string] => [kept, ''];
const around = ([, kept = '', , after = '']: readonly string[]): readonly [string, string] => [kept, after];

const rules: readonly Rule[] = [
  // A key or certificate request in the line itself, to its end mark or to the end of the line.
  {
    pattern:
      /(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----)([^]*?)(-----END [A-Z0-9 ]*PRIVATE KEY-----|(?=["'])|$)/g,
    keep: around,
  },
  // user:password@ of a URL.
  { pattern: /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)([^\s/@"']+)(@)/gi, keep: around },
  // ?token=… and the like of a URL or a form.
  {
    pattern: new RegExp(
      String.raw`([?&](?:[\w.-]*${SECRET_NAME}|key|sig|signature|code|access_token)=)([^\s&"'#;|<>]+)()`,
      'gi',
    ),
    keep: around,
  },
  // Authorization: Bearer …, X-Api-Key: …, Cookie: …
  {
    pattern:
      /(\b(?:proxy-)?authorization\s*:\s*(?:(?:bearer|basic|token|digest|negotiate)\s+)?)([^\s"'][^"'\n]*?)(["']|$|(?=\s+(?:-|https?:|\|)))/gi,
    keep: around,
  },
  {
    pattern: /(\b(?:x-[a-z0-9-]*(?:key|token|secret)|cookie|set-cookie)\s*:\s*)([^\s"'][^"'\n]*)()/gi,
    keep: around,
  },
  // curl -u user:password, --user user:password
  {
    pattern: /(\s(?:-u|--user|--proxy-user|-U)[\s=]?\s*["']?[^\s:"']+:)([^\s"']+)()/g,
    keep: around,
  },
  // --password=…, --db-password …; --password-file, --password-stdin and options that follow are none.
  {
    pattern: new RegExp(
      String.raw`((?:^|\s)--?(?:[a-z0-9]+[-_])*${SECRET_NAME}(?:=|\s+(?!-)))(${VALUE})()`,
      'gi',
    ),
    keep: around,
  },
  // FOO_TOKEN=…, export PGPASSWORD=…; another variable as the value is none.
  {
    pattern: new RegExp(String.raw`((?:^|[\s;|&("'{,:])\w*${SECRET_NAME}=)(?!"?\$)(${VALUE})()`, 'gi'),
    keep: around,
  },
  // $env:API_KEY = '…'
  {
    pattern: new RegExp(
      String.raw`(\$(?:env:|global:|script:)?\w*${SECRET_NAME}\s*=\s*)(?!"?\$)(${VALUE})()`,
      'gi',
    ),
    keep: around,
  },
  // "password": "…"
  {
    pattern: new RegExp(
      String.raw`(["']\w*${SECRET_NAME}["']\s*:\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}"']+)()`,
      'gi',
    ),
    keep: around,
  },
  // set -gx FOO_TOKEN value; setx FOO_TOKEN value
  {
    pattern: new RegExp(
      String.raw`((?:^|[\s;|&(])(?:set\s+(?:-\w+\s+)*|setx\s+|setenv\s+)\w*${SECRET_NAME}\s+)(?!\$)(${VALUE})()`,
      'gi',
    ),
    keep: around,
  },
  // echo secret | sudo -S …; sudo -S … <<< secret; chpasswd << END and the lines below it
  {
    pattern: new RegExp(
      String.raw`(\b(?:echo|printf)\s+(?:-[neE]+\s+)?)([^|;&\n]{1,400}?)(\s*\|\s*${PASSWORD_READER})`,
      'g',
    ),
    keep: around,
  },
  {
    pattern: new RegExp(String.raw`(${PASSWORD_READER}[^|;&<\n]{0,400}<<<\s*)(?!"?\$)(${VALUE})()`, 'g'),
    keep: around,
  },
  {
    pattern: new RegExp(
      String.raw`(${PASSWORD_READER}[^|;&<\n]{0,400}<<-?\s*["']?(\w{1,40})["']?[^\n]{0,400}\n)(?:[^]*?)(\n\s*\2(?![^\n])|$(?![^]))`,
      'g',
    ),
    keep: around,
  },
  // A line `password: …` of a file that is written here
  {
    pattern: new RegExp(
      String.raw`(\n[ \t]{0,40}(?:- )?["']?\w{0,60}${SECRET_NAME}["']?:[ \t]+)(?!["']?\$)(${VALUE})()`,
      'gi',
    ),
    keep: around,
  },
  // IDENTIFIED BY '…', WITH PASSWORD '…'
  {
    pattern:
      /(\b(?:identified\s+(?:with\s+\S{1,60}\s+)?by|with\s+(?:encrypted\s+)?password)\s+)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")()/gi,
    keep: around,
  },
  // Programs with a way of their own to be given a password.
  ...[
    String.raw`\bopenssl${WORDS}-pass(?:in|out)?\s+pass:`,
    String.raw`\bnet1?\s+user\s+(?!\/)\S{1,60}\s+(?![/*])`,
    String.raw`\b(?:smbclient|rpcclient|net)${WORDS}-U\s*["']?[^\s%"']{1,100}%`,
    String.raw`\bhtpasswd\s+-\w{0,9}b\w{0,9}\s+\S{1,200}\s+\S{1,100}\s+`,
    String.raw`\bzip${WORDS}-P\s+`,
    String.raw`\b7z[ar]?${WORDS}-p`,
    String.raw`\b(?:useradd|usermod)${WORDS}-p\s+`,
    String.raw`\b\w{0,9}freerdp\w{0,9}${WORDS}\/p:`,
    String.raw`\bConvertTo-SecureString\s+(?:-String\s+)?(?![$-])`,
  ].map((before) => ({ pattern: new RegExp(`(${before})(${VALUE})()`, 'g'), keep: around })),
  { pattern: new RegExp(`${JOINED_PASSWORD.source}()(${VALUE})()`, 'g'), keep: around },
  { pattern: new RegExp(`${APART_PASSWORD.source}()(?!-)(${VALUE})()`, 'g'), keep: around },
  // Values that say themselves what they are.
  { pattern: /()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, keep: before },
  { pattern: /()\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36,}\b/g, keep: before },
  { pattern: /()\bgithub_pat_[A-Za-z0-9_]{50,}\b/g, keep: before },
  { pattern: /()\bglpat-[A-Za-z0-9_-]{20,}/g, keep: before },
  { pattern: /()\bxox[abprs]-[A-Za-z0-9-]{10,}/g, keep: before },
  { pattern: /()\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}\b/g, keep: before },
  { pattern: /()\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g, keep: before },
];

/**
 * A command line without what looks like a secret: passwords and tokens of options, variables, URLs and headers,
 * private keys, and tokens of known shapes. `[redacted]` stands for each.
 */
export function redactLine(line: string): string {
  return rules.reduce(
    (text, { pattern, keep }) =>
      text.replaceAll(pattern, (...match: unknown[]) => {
        const groups = match.slice(0, 4).map((group) => (typeof group === 'string' ? group : ''));
        if (groups[0]?.includes(REDACTED) === true) return groups[0];
        const [kept, after] = keep(groups);
        return `${kept}${REDACTED}${after}`;
      }),
    line,
  );
}
