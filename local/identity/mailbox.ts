/** An e-mail that was never sent: it is read by tests, and in the log by whoever tries the demo. */
export type Mail = {
  to: string;
  code: string;
  /** What the code is for, as the subject says it. */
  subject: string;
  sentAt: number;
};

export type MailLog = (entry: { event: 'mail'; to: string; subject: string }) => void;

const kept = 200;

/** The newest e-mails of this process. */
export class Mailbox {
  readonly #log: MailLog;
  readonly #mails: Mail[] = [];

  constructor(log: MailLog) {
    this.#log = log;
  }

  send(mail: Mail): void {
    this.#mails.push(mail);
    this.#mails.splice(0, this.#mails.length - kept);
    this.#log({ event: 'mail', to: mail.to, subject: mail.subject });
  }

  /** To one address, newest first. */
  to(address: string): Mail[] {
    return this.#mails.filter((mail) => mail.to === address.trim().toLowerCase()).toReversed();
  }
}
