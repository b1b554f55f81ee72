import { describe, expect, it } from 'vitest';
import { powershellInitFile, powershellStart } from './powershell-init.ts';

const NONCE = '0123456789abcdef0123456789abcdef';

/** The script without what stands in strings and comments. */
function bare(script: string): string {
  return script.replaceAll(/'[^'\n]*'/g, "''").replaceAll(/^\s*#.*$/gm, '');
}

// No PowerShell can be had here, so this is all that is tried of it: nothing of this file runs the script.
describe('PowerShell hooks (NOT run: no PowerShell can be installed here)', () => {
  it('use nothing that Windows PowerShell 5.1 has not, and close what they open', () => {
    const script = powershellInitFile(NONCE);
    const code = bare(script);
    // Operators of 7: ternary, ??, ?., && and ||; strings with expressions would need a parser here.
    expect(code).not.toMatch(/\?\?|\?\.|&&|\|\||\s\?\s|"/);
    expect(code.replaceAll("''", '')).not.toContain("'");
    const open: string[] = [];
    for (const [char] of code.matchAll(/[()[\]{}]/g)) {
      if ('([{'.includes(char)) open.push(char);
      else expect(`${open.pop()}${char}`).toMatch(/^(\(\)|\[\]|\{\})$/);
    }
    expect(open).toEqual([]);
    expect(script).toContain(NONCE);
    expect(script).not.toMatch(/@NONCE@|\$env:/);
  });

  it('are read as text, so that no execution policy refuses them, and their nonce is no argument', () => {
    const args = powershellStart("/var/it's/init.ps1");
    expect(args.slice(0, 3)).toEqual(['-NoLogo', '-NoExit', '-Command']);
    expect(args[3]).toBe("Invoke-Expression ([IO.File]::ReadAllText('/var/it''s/init.ps1'))");
  });
});
