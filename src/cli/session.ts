import type { Client, ClientConfig } from "../api/client.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Terminal } from "./terminal.ts";

/** Where a command's words go. */
export interface Output {
  write(text: string): void;
}

/** What the commands take from the process they run in. */
export interface CliEnvironment {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Ends what waits: Ctrl-C. */
  readonly signal: AbortSignal;
  readonly readStdin: () => Promise<string>;
  /** The next line that a person types; empty when there is none. */
  readonly readLine: () => Promise<string>;
  /** For what is typed and printed byte by byte. */
  readonly terminal: Terminal;
}

/** What every command that speaks to the server works with. */
export interface Session extends CliEnvironment {
  readonly client: Client;
  /** Where the server is and whom to trust for it, for kubeconfigs of others. */
  readonly connection: Pick<ClientConfig, "server" | "ca">;
  /** From `-n`, else from the kubeconfig. */
  readonly namespace: string;
  /** Whether `-n` was given. */
  readonly namespaceGiven: boolean;
}
