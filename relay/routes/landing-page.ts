// GET /open/:orgId/:machineId: where chat tools, which only link to https, may point. A static page with
// the caisey:// link; it looks nothing up, so it is the same for every machine, known or not.
import { formatLink, parseLandingUrl } from '#protocol/link.ts';
import { refuse } from '#protocol/errors.ts';
import { refuseHttp } from './refuse-upgrade.ts';

const STYLE = `
:root { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 32px 20px;
  background: radial-gradient(120% 90% at 50% 0%, #1a1f27 0%, #101317 60%); color: #e8ebef;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
main { width: min(520px, 100%); }
.mark { display: flex; align-items: center; gap: 10px; color: #a3adba; font-size: 14px; letter-spacing: .02em; }
.mark i { width: 12px; height: 12px; border: 2px solid #5cc8b8; border-radius: 3px; }
h1 { margin: 20px 0 8px; font-size: 28px; line-height: 1.2; font-weight: 600; letter-spacing: -.01em; }
p { margin: 0; color: #a3adba; }
a.open { display: block; margin: 28px 0 32px; padding: 14px 20px; border-radius: 10px; text-align: center;
  background: #5cc8b8; color: #0b1211; font-weight: 600; text-decoration: none; }
a.open:hover { background: #74d6c7; }
a.open:focus-visible { outline: 3px solid #e8ebef; outline-offset: 3px; }
ol { margin: 0; padding: 0; list-style: none; counter-reset: step; border-top: 1px solid #2a313b; }
li { counter-increment: step; display: grid; grid-template-columns: 28px 1fr; padding: 14px 0; border-bottom: 1px solid #2a313b; }
li::before { content: counter(step); color: #6d7785; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 24px 0 0; font-size: 13px; color: #8d97a4; }
dt { color: #6d7785; } dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, "Cascadia Mono", Menlo, monospace; }
@media (prefers-reduced-motion: no-preference) { a.open { transition: background .15s; } }
`;

export async function landingPage(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const link = parseLandingUrl(url.pathname, url.searchParams.get('alert'));
  if (link === null) return refuseHttp(refuse('not_found'));
  const styleHash = await sha256Base64(STYLE);
  const alert = link.alertId === null ? '' : `<dt>Alert</dt><dd>${escapeHtml(link.alertId)}</dd>`;
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>Open in Caisey Console</title>
<style>${STYLE}</style>
<main>
  <div class="mark"><i></i>Caisey Console</div>
  <h1>A machine card is waiting</h1>
  <p>This link names a place in one client’s workspace. It opens there and nowhere else.</p>
  <a class="open" href="${escapeHtml(formatLink(link))}">Open in Caisey Console</a>
  <ol>
    <li>The console opens that client’s own window. Windows of other clients stay as they are.</li>
    <li>You sign in for that client, unless you already are.</li>
    <li>The machine card appears if the machine exists there. Nothing is connected until you say so.</li>
  </ol>
  <dl><dt>Machine</dt><dd>${escapeHtml(link.machineId)}</dd>${alert}</dl>
</main>
</html>
`;
  return new Response(page, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    },
  });
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

async function sha256Base64(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return new Uint8Array(digest).toBase64();
}
