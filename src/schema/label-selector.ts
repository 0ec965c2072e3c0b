import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import { atomicList, atomicMap } from "./list-type.ts";
import { LabelKeySchema, LabelValueSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

export const MatchLabelsSchema = Type.Record(LabelKeySchema, LabelValueSchema, {
  maxProperties: 32,
  additionalProperties: false,
  description: "Every one of these labels, with exactly this value.",
});

const ValuesSchema = Type.Optional(Type.Array(LabelValueSchema, { maxItems: 64, ...atomicList }));

const MachineExpressionSchema = Type.Object(
  {
    key: LabelKeySchema,
    operator: Type.Enum(["In", "NotIn", "Exists", "DoesNotExist"]),
    values: ValuesSchema,
  },
  closed,
);

/** What a label must be. `Gt` and `Lt` compare whole numbers. */
export const HostExpressionSchema = Type.Object(
  {
    key: LabelKeySchema,
    operator: Type.Enum(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
    values: ValuesSchema,
  },
  closed,
);

/** Chooses objects by their labels, as Kubernetes does: all of it must hold; an empty one chooses all. */
export const LabelSelectorSchema = Type.Object(
  {
    matchLabels: Type.Optional(MatchLabelsSchema),
    matchExpressions: Type.Optional(Type.Array(MachineExpressionSchema, { maxItems: 32, ...atomicList })),
  },
  {
    ...closed,
    ...atomicMap,
    description: "Chooses by labels; all of it must hold, and an empty one chooses all.",
  },
);

export type Labels = Readonly<Record<string, string>>;
export type LabelExpression = Readonly<Static<typeof HostExpressionSchema>>;
export interface LabelSelector extends Readonly<Static<typeof LabelSelectorSchema>> {}

/** Whether the labels are what the selector asks for. */
export function matchesSelector({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  for (const key in matchLabels) {
    if (labelOf(labels, key) !== matchLabels[key]) return false;
  }
  return matchExpressions?.every((expression) => matchesExpression(expression, labels)) ?? true;
}

/** Whether the labels are what one expression asks for. A label that is not there is in no list. */
export function matchesExpression({ key, operator, values = [] }: LabelExpression, labels: Labels): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return compare(value, values[0], (left, right) => left > right);
    case "Lt":
      return compare(value, values[0], (left, right) => left < right);
  }
}

/** Which values each operator needs. `field` is where the expression stands. */
export function checkExpression(
  { operator, values }: LabelExpression,
  field: string,
): readonly StatusCause[] {
  const count = values?.length ?? 0;
  switch (operator) {
    case "In":
    case "NotIn":
      return count > 0 ? [] : [{ field: `${field}.values`, message: `operator ${operator} needs values` }];
    case "Exists":
    case "DoesNotExist":
      return count === 0
        ? []
        : [{ field: `${field}.values`, message: `operator ${operator} takes no values` }];
    case "Gt":
    case "Lt":
      if (count === 1 && wholeNumber(values?.[0]) !== undefined) return [];
      return [{ field: `${field}.values`, message: `operator ${operator} needs one whole number` }];
  }
}

/** Whether the selector asks for nothing, and so chooses all. */
export function isEmptySelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** The selector as a query has it: `app=web,tier in (a,b),!canary`. */
export function formatSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  return [...labels.sort(), ...matchExpressions.map(formatExpression)].join(",");
}

function formatExpression({ key, operator, values = [] }: LabelExpression): string {
  switch (operator) {
    case "In":
      return `${key} in (${values.toSorted().join(",")})`;
    case "NotIn":
      return `${key} notin (${values.toSorted().join(",")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    case "Gt":
      return `${key}>${values[0] ?? ""}`;
    case "Lt":
      return `${key}<${values[0] ?? ""}`;
  }
}

/** What is wrong in a selector that stands at `field`. */
export function checkSelector({ matchExpressions }: LabelSelector, field: string): readonly StatusCause[] {
  return (matchExpressions ?? []).flatMap((expression, index) =>
    checkExpression(expression, `${field}.matchExpressions[${index}]`),
  );
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function compare(
  value: string | undefined,
  limit: string | undefined,
  holds: (left: number, right: number) => boolean,
): boolean {
  const left = wholeNumber(value);
  const right = wholeNumber(limit);
  return left !== undefined && right !== undefined && holds(left, right);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}
