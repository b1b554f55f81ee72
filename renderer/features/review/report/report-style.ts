import { Html } from './html-text.ts';

/** For paper: black on white, no colour carries a meaning, nothing breaks in the middle of a row. */
export const REPORT_STYLE = new Html(`
@page { size: A4; margin: 16mm 14mm 18mm; }
body { font: 10pt/1.45 system-ui, sans-serif; color: #111; max-width: 190mm; margin: 0 auto; }
header { display: flex; gap: 10pt; align-items: center; border-bottom: 1.5pt solid #111; padding-bottom: 8pt; }
header p { margin: 0; } h1 { font-size: 17pt; margin: 0; }
.code { font: 700 15pt ui-monospace, monospace; border: 1.5pt solid #111; padding: 4pt 7pt; }
.numbers { display: flex; gap: 14pt; margin: 10pt 0 4pt; } .numbers div { display: flex; flex-direction: column-reverse; }
.numbers dt { color: #555; font-size: 8.5pt; } .numbers dd { margin: 0; font-size: 15pt; font-weight: 600; }
h2 { font-size: 12.5pt; margin: 16pt 0 4pt; } h3 { font-size: 10.5pt; margin: 0; }
section { border-left: 2.5pt solid #ccc; padding: 2pt 0 2pt 8pt; margin: 0 0 10pt; }
section.odd { border-left-color: #111; } section p { margin: 1pt 0 3pt; color: #333; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-size: 8.5pt; color: #555; font-weight: 500; }
th, td { padding: 1.5pt 8pt 1.5pt 0; border-bottom: 0.5pt solid #ddd; vertical-align: top; }
tr { break-inside: avoid; } h2, h3, h3 + p { break-after: avoid; } td { white-space: nowrap; }
td:nth-child(2) { width: 100%; white-space: normal; } tr.failed td:nth-child(4) { font-weight: 700; }
code { font: 9pt ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; } i { color: #555; font-size: 8.5pt; }
.hash { font: 7.5pt ui-monospace, monospace; color: #666; overflow-wrap: anywhere; } .none { color: #666; }
footer { margin-top: 18pt; padding-top: 6pt; border-top: 0.5pt solid #999; font-size: 8.5pt; color: #555; }
`);
