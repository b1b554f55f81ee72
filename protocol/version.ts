/** Raised when a message or frame changes meaning. A peer with another number is refused with `version_unsupported`. */
export const PROTOCOL_VERSION = 1;
