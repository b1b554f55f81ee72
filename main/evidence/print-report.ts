// Prints a page that was written to a file as a PDF: in a window nobody sees, which runs nothing and loads nothing else.
import { writeFile } from 'node:fs/promises';
import { BrowserWindow } from 'electron';
import { printPartition } from '../partitions/print-partition.ts';

/** Every page says whose it is: the page's own title, then its number. */
const FOOTER =
  '<div style="font:7pt sans-serif;color:#555;width:100%;display:flex;justify-content:space-between;padding:0 14mm">' +
  '<span class="title"></span><span><span class="pageNumber"></span> of <span class="totalPages"></span></span></div>';

export async function printReport(htmlFile: string, pdfFile: string): Promise<void> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: printPartition(htmlFile),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      spellcheck: false,
    },
  });
  try {
    window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
    await window.loadFile(htmlFile);
    const pdf = await window.webContents.printToPDF({
      preferCSSPageSize: true,
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: FOOTER,
    });
    await writeFile(pdfFile, pdf, { mode: 0o600 });
  } finally {
    window.destroy();
  }
}
