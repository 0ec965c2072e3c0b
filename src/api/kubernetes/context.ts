import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Store } from "../../store/store.ts";
import type { Access } from "../auth/access.ts";
import type { User } from "../auth/authenticator.ts";
import type { CertificateIssuer } from "../auth/certificate-issuer.ts";
import type { Consoles } from "../console/consoles.ts";
import type { HostKeys } from "../host-keys.ts";
import type { RequestAudit } from "../request-audit.ts";
import type { RequestInfo } from "./request-info.ts";

/** What the handlers work with. */
export interface ApiContext {
  readonly store: Store;
  readonly kinds: readonly Kind[];
  readonly clock: Clock;
  readonly random: Random;
  /** Who may do what. */
  readonly access: Access;
  /** Absent: this server keeps no keys of hosts. */
  readonly hostKeys?: HostKeys | undefined;
  /** Absent: this server has no way to the consoles of machines. */
  readonly consoles?: Consoles | undefined;
  /** Absent: nothing is written down. */
  readonly records?: RequestAudit | undefined;
  /** Absent: this server signs no certificates of users. */
  readonly issuer?: CertificateIssuer | undefined;
}

/** A request for resources, authenticated and parsed. */
export interface ApiRequest {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came; empty when there was none. */
  readonly body: string;
  readonly user: User;
  /** Told by the body, where the path does not tell it: errors then say which object they are about. */
  readonly learnName: (name: string) => void;
}

/** What to answer: JSON text, of a list in pieces. */
export interface Answer {
  readonly code: number;
  readonly text: string | Iterable<string>;
  /** Shown by kubectl as `Warning: ...`. */
  readonly warnings?: readonly string[];
  /** Of a list: how many objects it has. */
  readonly objects?: number;
}
