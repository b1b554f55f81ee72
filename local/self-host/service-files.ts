// The texts of a relay as a systemd service: unit, environment, and the web server in front of it.

export interface ServicePaths {
  /** Where workerd, the worker and its configuration lie; written by root alone. */
  readonly prefix: string;
  /** Where the objects lie: all that the relay knows. */
  readonly state: string;
  /** Secrets and settings, mode 600. */
  readonly envFile: string;
  readonly port: number;
}

export const defaultPaths: ServicePaths = {
  prefix: '/opt/caisey-relay',
  state: '/var/lib/caisey-relay',
  envFile: '/etc/caisey-relay/relay.env',
  port: 8787,
};

/** Every variable of relay/config.ts. */
export const ENVIRONMENT = [
  'CLERK_ISSUER',
  'CLERK_SECRET_KEY',
  'CLERK_API_URL',
  'CLERK_JWT_KEY',
  'CLERK_WEBHOOK_SECRET',
  'RELAY_SECRET',
  'FRESH_SIGN_IN_MINUTES',
  'ATTEMPT_TIMEOUT_MS',
  'ENTRY_GRACE_MS',
  'SESSION_GRACE_MS',
  'HANDSHAKE_TIMEOUT_MS',
  'RECORDING_KEPT_MS',
  'RECORDING_MAX_BYTES',
  'RATE_LIMIT_SCALE',
] as const;

/** `$STATE_DIRECTORY` is systemd's to make: a user that exists only while the service runs owns it. */
export function serviceUnit({ prefix, state, envFile }: ServicePaths): string {
  return `[Unit]
Description=Caisey relay
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
EnvironmentFile=${envFile}
ExecStart=${prefix}/workerd serve ${prefix}/relay.capnp --directory-path=objects=${state}/objects --directory-path=recordings=${state}/recordings
Restart=always
RestartSec=1
TimeoutStopSec=10

DynamicUser=yes
StateDirectory=caisey-relay caisey-relay/objects caisey-relay/recordings
StateDirectoryMode=0700
UMask=0077
LimitNOFILE=65536
MemoryMax=4G

NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
PrivateDevices=yes
PrivateTmp=yes
RemoveIPC=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
# Not MemoryDenyWriteExecute: V8 compiles.

[Install]
WantedBy=multi-user.target
`;
}

export const environmentTemplate = `# The relay's settings. Mode 600, owner root: systemd reads it, the service does not.
CLERK_ISSUER=https://clerk.example.com
CLERK_SECRET_KEY=sk_live_…
CLERK_WEBHOOK_SECRET=whsec_…
# openssl rand -base64 32 | tr '+/' '-_' | tr -d =
RELAY_SECRET=
`;

/** TLS and slow strangers are the web server's; the relay listens on loopback alone. */
export function caddyfile({ port }: ServicePaths): string {
  return `relay.example.com {
	reverse_proxy 127.0.0.1:${port} {
		# WebSockets live for days; a configuration reload must not cut them at once.
		stream_close_delay 5m
	}
	request_body {
		max_size 1MB
	}
}
`;
}
