/** The body as text; null when it is longer than `maxBytes`, of which no more is read than that. */
export async function readBody(request: Request, maxBytes: number): Promise<string | null> {
  if (request.body === null) return '';
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request.body) {
    bytes += part.length;
    // Leaving the loop cancels the rest.
    if (bytes > maxBytes) return null;
    parts.push(part);
  }
  return new TextDecoder().decode(await new Blob(parts).arrayBuffer());
}
