import { Html } from './html-text.ts';

/** For paper: black on white, no colour carries a meaning by itself, no row is cut. */
export const REPORT_STYLE = new Html(`
@page { size: A4; margin: 15mm 14mm 17mm; }
body { font: 9.5pt/1.45 system-ui, sans-serif; color: #111; max-width: 190mm; margin: 0 auto; }
p, h1, h2, h3, dl, dd { margin: 0; } b { font-weight: 650; }
header { display: flex; gap: 12pt; align-items: center; border-top: 4pt solid var(--frame); border-bottom: 0.75pt solid #111; padding: 9pt 0; }
header p { color: #333; } h1 { font-size: 18pt; font-weight: 400; line-height: 1.2; } h1 b { font-weight: 700; }
.mark { display: flex; align-items: center; gap: 6pt; padding: 6pt 10pt; border: 1pt solid #111; border-radius: 4pt; }
header .mark { background: var(--frame); color: var(--frame-ink); font: 700 14pt ui-monospace, monospace; print-color-adjust: exact; }
.mark svg { width: 15pt; height: 15pt; fill: currentColor; }
.numbers { display: flex; justify-content: space-between; margin: 11pt 0 9pt; }
.numbers div { display: flex; flex-direction: column-reverse; color: #666; }
.numbers dt { font-size: 8pt; } .numbers dd { font-size: 15pt; font-weight: 400; line-height: 1.2; }
.numbers .odd { color: #111; } .numbers .odd dd { font-weight: 700; } .numbers .odd dt { font-weight: 650; }
.signed, .zone { font-size: 8.5pt; color: #333; } .signed code { font-size: 8pt; }
h2 { font-size: 12pt; margin: 15pt 0 6pt; padding-bottom: 2pt; border-bottom: 0.75pt solid #111; } h2 span { color: #555; font-weight: 400; }
h3 { font-size: 10pt; }
section { border-left: 2.5pt solid #ccc; padding: 1pt 0 1pt 8pt; margin: 0 0 10pt; }
section.odd { border-left-color: #111; } section > p { margin: 1pt 0 2pt; color: #333; font-size: 9pt; }
section > p b { display: block; color: #111; } section > p b::first-letter { text-transform: uppercase; }
section.short { break-inside: avoid; }
table { border-collapse: collapse; width: 100%; margin-top: 2pt; table-layout: fixed; } th { text-align: left; font-size: 8pt; color: #555; font-weight: 500; }
th, td { padding: 1.5pt 9pt 1.5pt 0; border-bottom: 0.5pt solid #ddd; vertical-align: top; white-space: nowrap; }
td { font-size: 9pt; font-variant-numeric: tabular-nums; } .right { text-align: right; } th:last-child, td:last-child { padding-right: 0; }
.time { width: 19mm; } .cwd { width: 32mm; } .exit { width: 13mm; } .took { width: 19mm; } td.wide, td.cwd { white-space: normal; }
tr { break-inside: avoid; } thead { display: table-header-group; } h2, h3, h3 + p { break-after: avoid; }
tr.failed td { font-weight: 700; background: #f1f1f1; print-color-adjust: exact; } tr.failed code { font-weight: 700; }
code { font: 8.5pt ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; } i { color: #555; font-size: 8pt; }
section .note { margin-top: 4pt; padding: 3pt 6pt; border: 0.5pt solid #999; color: #111; }
section .hash { margin-top: 3pt; font: 7pt ui-monospace, monospace; color: #666; overflow-wrap: anywhere; } .none { color: #555; }
footer { margin-top: 16pt; padding-top: 6pt; border-top: 0.75pt solid #111; font-size: 8pt; color: #444; break-inside: avoid; }
`);
