/** One command as a person types it, and what must come of it. */
export interface Step {
  /** The words after `kubectl`; quotes hold words together. */
  readonly run: string;
  /** What is given to `-f -`. */
  readonly input?: string;
  /** What must be among what it says, on either stream. */
  readonly says?: string | RegExp;
  readonly saysNot?: string | RegExp;
  /** Its exit code; 0 when absent. */
  readonly code?: number;
  /** Begins once the command watches, or at once if it only polls; both have to end well. */
  readonly meanwhile?: string;
  readonly polls?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Steps that build on each other, in a namespace of their own. */
export interface Scenario {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** A machine of the smallest size; `metadata` and `spec` are added as they stand. */
export function machine(name: string, spec = "", metadata = ""): string {
  return `apiVersion: ostler.dev/v1
kind: VirtualMachine
metadata: {name: ${name}${metadata}}
spec: {cpus: 1, memory: 64Mi${spec}}
`;
}

export function configMap(name: string, data = "", metadata = ""): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${metadata}}\ndata: {${data}}\n`;
}

/** Several documents as one. */
export function documents(...texts: readonly string[]): string {
  return texts.join("---\n");
}
