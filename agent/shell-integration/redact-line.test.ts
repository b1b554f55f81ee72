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
    ["echo 'hunter2' | sudo -S apt update", `echo ${R} | sudo -S apt update`],
    ['echo root:hunter2 | chpasswd', `echo ${R} | chpasswd`],
    ["sudo -k -S true <<< 'hunter2'", `sudo -k -S true <<< ${R}`],
    ['sudo -S id <<EOF\nhunter2\nEOF\nls', `sudo -S id <<EOF\n${R}\nEOF\nls`],
    ["chpasswd <<-'END'\nroot:hunter2\nbob:hunter3\n\tEND", `chpasswd <<-'END'\n${R}\n\tEND`],
    ['chpasswd <<EOF\nroot:hunter2', `chpasswd <<EOF\n${R}`],
    ['docker login --password-stdin r <<< hunter2', `docker login --password-stdin r <<< ${R}`],
    ['cat > x.yml <<EOF\ndb:\n  password: hunter2\nEOF', `cat > x.yml <<EOF\ndb:\n  password: ${R}\nEOF`],
    [
      `mysql <<EOF\nCREATE USER 'a'@'%' IDENTIFIED BY 'hunter2';\nEOF`,
      `mysql <<EOF\nCREATE USER 'a'@'%' IDENTIFIED BY ${R};\nEOF`,
    ],
    [`psql -c "ALTER ROLE a WITH PASSWORD 'hunter2'"`, `psql -c "ALTER ROLE a WITH PASSWORD ${R}"`],
    ['openssl rsa -in k -passin pass:hunter2', `openssl rsa -in k -passin pass:${R}`],
    ['net user admin hunter2 /add', `net user admin ${R} /add`],
    ['smbclient //a/b -U bob%hunter2', `smbclient //a/b -U bob%${R}`],
    ['htpasswd -b /etc/x bob hunter2', `htpasswd -b /etc/x bob ${R}`],
    ['zip -P hunter2 a.zip b', `zip -P ${R} a.zip b`],
    ['7z x -phunter2 a.7z', `7z x -p${R} a.7z`],
    ['useradd -m -p hunter2 bob', `useradd -m -p ${R} bob`],
    ['xfreerdp /u:bob /p:hunter2 /v:host', `xfreerdp /u:bob /p:${R} /v:host`],
    ["ConvertTo-SecureString 'hunter2' -AsPlainText", `ConvertTo-SecureString ${R} -AsPlainText`],
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
    'echo done | sudo tee -a /etc/motd',
    'sudo tee /etc/motd <<EOF\nhello\nEOF',
    'sudo -S id < /root/pw',
    'chpasswd <<< "$line"',
    'cat <<EOF\nthe password: none\nEOF',
    'net user admin /active:yes',
    'net user admin *',
    'openssl x509 -in c.pem -noout',
    'smbclient -U bob //a/b',
    'zip -r a.zip b; 7z x a.7z',
    'ConvertTo-SecureString $line -AsPlainText',
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
      'echo '.repeat(6500),
      `echo ${'a '.repeat(200)}`.repeat(80),
      'sudo -S '.repeat(4000),
      'chpasswd <<A\n'.repeat(2500),
      'openssl '.repeat(4000),
      'a --password-stdin '.repeat(1700),
      '\n  password:'.repeat(2500),
      'identified by '.repeat(2300),
      `zip ${'-x '.repeat(10_000)}`,
      'net -U a%'.repeat(3500),
    ];
    for (const line of slow) expect(redactLine(line).length).toBeGreaterThan(0);
  });
});
