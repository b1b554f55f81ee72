/** The credential of `Authorization: <scheme> <credential>`; empty for any other header. */
export function readAuthorization(request: Request, scheme: 'Bearer' | 'Machine' | 'Ticket'): string {
  const [given, credential, ...rest] = (request.headers.get('Authorization') ?? '').split(' ');
  return given === scheme && credential !== undefined && rest.length === 0 ? credential : '';
}
