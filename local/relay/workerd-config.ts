export interface WorkerdOptions {
  readonly port: number;
  readonly objectsDir: string;
  /** Finished recordings, outside the objects. */
  readonly recordingsDir: string;
  readonly bindings: Readonly<Record<string, string>>;
  /** Bindings whose values workerd takes from its environment, so that the file holds no secret. */
  readonly environment?: readonly string[];
  readonly receivers?: ReceiverNetwork;
  /** For measuring alone. */
  readonly v8Flags?: readonly string[];
}

/** What the relay may send records to. */
export interface ReceiverNetwork {
  /** Addresses inside the operator's own network too: only where every administrator of every client may know it. */
  readonly private: boolean;
  /** PEM, beside the authorities that browsers trust. */
  readonly trustedCertificates: readonly string[];
}

const PUBLIC_RECEIVERS: ReceiverNetwork = { private: false, trustedCertificates: [] };

/** The same date as relay/wrangler.jsonc. */
export const COMPATIBILITY_DATE = '2026-10-01';
/** And the same flags (docs/decisions/0049). */
export const COMPATIBILITY_FLAGS = ['no_web_socket_compression'];

const OBJECTS = [
  { binding: 'WORKSPACE', className: 'Workspace' },
  { binding: 'TERMINAL_SESSION', className: 'TerminalSession' },
  { binding: 'SIGN_IN', className: 'SignIn' },
] as const;

/** workerd's configuration in Cap'n Proto's text form; `worker.js` lies beside the file. */
export function workerdConfig(options: WorkerdOptions): string {
  const {
    port,
    objectsDir,
    recordingsDir,
    bindings,
    environment = [],
    receivers = PUBLIC_RECEIVERS,
    v8Flags = [],
  } = options;
  const certificates = receivers.trustedCertificates.map(text).join(', ');
  const reachable = receivers.private ? '"public", "private", "local"' : '"public"';
  const classes = OBJECTS.map(
    ({ className }) =>
      `    (className = ${text(className)}, uniqueKey = ${text(`caisey-${className}`)}, enableSql = true),`,
  );
  const namespaces = OBJECTS.map(
    ({ binding, className }) => `    (name = ${text(binding)}, durableObjectNamespace = ${text(className)}),`,
  );
  const values = Object.entries(bindings).map(
    ([name, value]) => `    (name = ${text(name)}, text = ${text(value)}),`,
  );
  const variables = environment.map((name) => `    (name = ${text(name)}, fromEnvironment = ${text(name)}),`);
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  v8Flags = [${v8Flags.map(text).join(', ')}],
  services = [
    (name = "relay", worker = .relay),
    (name = "objects", disk = (path = ${text(objectsDir)}, writable = true)),
    (name = "recordings", disk = (path = ${text(recordingsDir)}, writable = true)),
    # The identity server of a local system is on loopback, the real one is public.
    (name = "internet", network = (allow = ["public", "local"], tlsOptions = (trustBrowserCas = true))),
    # Receivers are named by administrators of clients: what a name resolves to decides whether it may be reached.
    (name = "receivers", network = (allow = [${reachable}], tlsOptions = (trustBrowserCas = true, trustedCertificates = [${certificates}]))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "relay")],
);

const relay :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  compatibilityFlags = [${COMPATIBILITY_FLAGS.map(text).join(', ')}],
  durableObjectNamespaces = [
${classes.join('\n')}
  ],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [
${[...namespaces, ...values, ...variables].join('\n')}
    (name = "RECEIVERS", service = "receivers"),
    (name = "RECORDINGS_FOLDER", service = "recordings"),
  ],
);
`;
}

/** A Cap'n Proto text literal: C-style escapes. */
function text(value: string): string {
  const escaped = Array.from(new TextEncoder().encode(value), (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9 _.,:;/+=@-]/.test(char) ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `"${escaped.join('')}"`;
}
