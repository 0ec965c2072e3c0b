/** One step into an object or a list. */
export type FieldStep = string | number;

const plainName = /^[A-Za-z_$][\w$-]*$/;
const steps = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gy;

/** A path as people read it, `spec.disks[0].size`, `metadata.labels["example.org/tier"]`; "" is the root. */
export function formatField(path: readonly FieldStep[]): string {
  return path.reduce<string>((text, step) => text + formatStep(step, text === ""), "");
}

/** The steps of a formatted path, as far as the text can be read. */
export function parseField(text: string): readonly FieldStep[] {
  return Array.from(text.matchAll(steps), ([, name, index, quoted]) => {
    if (name !== undefined) return name;
    return index === undefined ? String(JSON.parse(quoted ?? '""')) : Number(index);
  });
}

function formatStep(step: FieldStep, first: boolean): string {
  if (typeof step === "number") return `[${step}]`;
  if (plainName.test(step)) return first ? step : `.${step}`;
  return `[${JSON.stringify(step)}]`;
}
