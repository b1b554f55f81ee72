import { describe, expect, it } from 'vitest';
import { redactLine } from './redact-line.ts';

const R = '[redacted]';

describe('a command line without its secrets', () => {
  it.each([
    ['mysql -u root -phunter2 shop', `mysql -u root -p${R} shop`],
    ["mysqldump --password='two words' db > x", `mysqldump --password=${R} db > x`],
    ['pg_dump --db-password hunter2 shop', `pg_dump --db-password ${R} shop`],
    ['sshpass -p hunter2 ssh host', `sshpass -p ${R} ssh host`],
    ['redis-cli -h cache -a hunter2 ping', `redis-cli -h cache -a ${R} ping`],
    ['docker login -u bob -p hunter2 registry', `docker login -u bob -p ${R} registry`],
    ['FOO_TOKEN=abc make', `FOO_TOKEN=${R} make`],
    ['export PGPASSWORD="hunter 2"; psql', `export PGPASSWORD=${R}; psql`],
    ['set -gx DB_SECRET hunter2', `set -gx DB_SECRET ${R}`],
    ["$env:API_KEY = 'hunter2'", `$env:API_KEY = ${R}`],
    ['git clone https://bob:hunter2@example.com/r.git', `git clone https://bob:${R}@example.com/r.git`],
    ['curl "https://x/y?a=1&access_token=abc&b=2"', `curl "https://x/y?a=1&access_token=${R}&b=2"`],
    ['curl https://x/y?api_key=abc#top', `curl https://x/y?api_key=${R}#top`],
    ["curl -H 'Authorization: Bearer abc.def' https://x", `curl -H 'Authorization: Bearer ${R}' https://x`],
    ['curl -H "X-Api-Key: abc" https://x', `curl -H "X-Api-Key: ${R}" https://x`],
    ['curl -u bob:hunter2 https://x', `curl -u bob:${R} https://x`],
    [`curl -d '{"password": "hunter2", "a": 1}' x`, `curl -d '{"password": ${R}, "a": 1}' x`],
    ['aws configure set x AKIAIOSFODNN7EXAMPLE', `aws configure set x ${R}`],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG aws s3 ls', `AWS_SECRET_ACCESS_KEY=${R} aws s3 ls`],
    [`gh auth <<< ghp_${'a'.repeat(36)}`, `gh auth <<< ${R}`],
    [
      `echo "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----" > k`,
      `echo "-----BEGIN RSA PRIVATE KEY-----${R}-----END RSA PRIVATE KEY-----" > k`,
    ],
    [
      'net use z: --password hunter2 && login --token=abc',
      `net use z: --password ${R} && login --token=${R}`,
    ],
  ])('%s', (line, expected) => {
    expect(redactLine(line)).toBe(expected);
    expect(redactLine(expected)).toBe(expected);
  });

  it.each([
    'ls -la /etc/passwd',
    'passwd root',
    'mkdir -p /srv/secrets/token',
    'ssh -p 2222 bob@host',
    'docker run -p 8080:80 -e TZ=UTC nginx',
    'mysql -u root -p shop',
    'vault login --password-stdin < file',
    'cat ~/.ssh/id_rsa.pub | grep key',
    'grep -r password= src | head',
    'export TOKEN=$(cat token)',
    'FOO_TOKEN="$FOO_TOKEN" make',
    'curl https://example.com/?q=password',
    'git log --author=bob@example.com',
    'apt-key list; ssh-keygen -f key -N ""',
    'kubectl get secret db -o yaml',
    'tar --exclude=tokens -czf a.tgz .',
    'rsync -avz user@host:/srv/ .',
    "awk -F: '{print $1}' /etc/passwd",
    'systemctl restart print-spooler; echo done',
  ])('leaves alone: %s', (line) => {
    expect(redactLine(line)).toBe(line);
  });

  it('comes to an end with lines that are made to be slow', () => {
    const slow = [
      'a'.repeat(32_768),
      '--password '.repeat(3000),
      'mysql -p'.repeat(4000),
      'https://a:'.repeat(3000),
      '"'.repeat(32_000),
      `mysql ${'-u x '.repeat(6000)}`,
      `curl -H "authorization: ${'a '.repeat(16_000)}`,
      '_'.repeat(32_768),
    ];
    for (const line of slow) expect(redactLine(line).length).toBeGreaterThan(0);
  });
});
