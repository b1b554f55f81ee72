import { z } from 'zod';
import { waitFor } from './wait-for.ts';

/** Where the identity server is, and what it takes to look into its mailbox. */
export interface IdentityAccess {
  readonly url: string;
  readonly secretKey: string;
}

const Mails = z.object({ data: z.array(z.object({ code: z.string() })) });

/** The newest code in a person's mailbox, once it is another than `before`. */
export function mailedCode(
  { url, secretKey }: IdentityAccess,
  address: string,
  before = '',
): Promise<string> {
  return waitFor(`an e-mail to ${address}`, async () => {
    const answer = await fetch(`${url}/__local/mail?to=${encodeURIComponent(address)}`, {
      headers: { authorization: `Bearer ${secretKey}` },
    });
    const code = Mails.parse(await answer.json()).data[0]?.code;
    return code === before ? undefined : code;
  });
}

/** The person signs in at their company's page. @returns where the browser is sent back to */
export async function answerCompanyPage(page: string): Promise<string> {
  const sent = await fetch(page, {
    method: 'POST',
    body: new URLSearchParams({ answer: 'allow' }),
    redirect: 'manual',
  });
  const back = sent.headers.get('location');
  if (sent.status !== 303 || back === null) throw new Error(`the sign-in page answered ${sent.status}`);
  return back;
}
