import { type Expression, type Program, parseSync, type Span, type StringLiteral, Visitor } from "oxc-parser";

/** A source file as text; `path` starts with `src/`. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** One import, re-export, `import()` or `import("...")` type. `names` are the imported names; `*` for all. */
export interface ImportFact {
  readonly specifier: string;
  readonly names: readonly string[];
  readonly line: number;
}

/** Something written in the source that a rule may object to. `name` says which of its kind it is. */
export interface UseFact {
  readonly kind: "global" | "any" | "non-null" | "cast" | "default-export" | "async";
  readonly name: string;
  readonly line: number;
}

export interface FunctionFact {
  readonly line: number;
  readonly lines: number;
}

/** What the rules need to know about a file: the parser's tree is not seen outside this module. */
export interface SourceFacts {
  readonly path: string;
  readonly lines: readonly string[];
  readonly imports: readonly ImportFact[];
  readonly functions: readonly FunctionFact[];
  readonly uses: readonly UseFact[];
  /** Every statement is a re-export. */
  readonly barrel: boolean;
  readonly syntaxErrors: readonly string[];
}

/** Parses one file into the facts that the rules judge. */
export function readFacts(source: SourceText): SourceFacts {
  const { program, errors } = parseSync(source.path, source.text);
  const lineAt = lineFinder(source.text);
  return {
    path: source.path,
    lines: source.text.split("\n"),
    imports: importsOf(program, lineAt),
    functions: functionsOf(program, lineAt),
    uses: usesOf(program, lineAt),
    barrel: isBarrel(program),
    syntaxErrors: errors.map((error) => error.message),
  };
}

type LineAt = (offset: number) => number;

function lineFinder(text: string): LineAt {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

function importsOf(program: Program, lineAt: LineAt): ImportFact[] {
  const imports: ImportFact[] = [];
  const add = (source: StringLiteral, names: readonly string[], node: Span): void => {
    imports.push({ specifier: source.value, names, line: lineAt(node.start) });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.specifiers.map(importedName), node),
    ExportAllDeclaration: (node) => add(node.source, ["*"], node),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null)
        add(
          node.source,
          node.specifiers.map(({ local }) => nameOf(local)),
          node,
        );
    },
    TSImportType: (node) => add(node.source, ["*"], node),
    ImportExpression: (node) => {
      if (isString(node.source)) add(node.source, ["*"], node);
    },
  }).visit(program);
  return imports;
}

type ImportSpecifier = Extract<Program["body"][number], { type: "ImportDeclaration" }>["specifiers"][number];

function importedName(specifier: ImportSpecifier): string {
  if (specifier.type === "ImportSpecifier") return nameOf(specifier.imported);
  return specifier.type === "ImportDefaultSpecifier" ? "default" : "*";
}

function nameOf(node: { type: string; name?: string; value?: string }): string {
  return node.name ?? node.value ?? "";
}

function isString(node: Expression): node is StringLiteral {
  return node.type === "Literal" && typeof node.value === "string";
}

function functionsOf(program: Program, lineAt: LineAt): FunctionFact[] {
  const functions: FunctionFact[] = [];
  const add = (node: Span & { body: unknown }): void => {
    if (node.body === null) return;
    const line = lineAt(node.start);
    functions.push({ line, lines: lineAt(node.end) - line + 1 });
  };
  new Visitor({
    FunctionDeclaration: add,
    FunctionExpression: add,
    ArrowFunctionExpression: add,
  }).visit(program);
  return functions;
}

function usesOf(program: Program, lineAt: LineAt): UseFact[] {
  const uses: UseFact[] = [];
  const use = (kind: UseFact["kind"], name: string, node: Span): void => {
    uses.push({ kind, name, line: lineAt(node.start) });
  };
  const asyncFunction = (node: Span & { async: boolean }): void => {
    if (node.async) use("async", "async function", node);
  };
  const definite = (node: Span & { definite?: boolean | null }): void => {
    if (node.definite) use("non-null", "definite assignment `!:`", node);
  };
  new Visitor({
    TSAnyKeyword: (node) => use("any", "any", node),
    TSNonNullExpression: (node) => use("non-null", "non-null `!`", node),
    PropertyDefinition: definite,
    VariableDeclarator: definite,
    TSTypeAssertion: (node) => use("cast", "<T> cast", node),
    TSAsExpression: (node) => {
      if (!isConst(node.typeAnnotation)) use("cast", "`as` cast", node);
    },
    ExportDefaultDeclaration: (node) => use("default-export", "export default", node),
    FunctionDeclaration: asyncFunction,
    FunctionExpression: asyncFunction,
    ArrowFunctionExpression: asyncFunction,
    MemberExpression: (node) => {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
      use("global", `${node.object.name}.${node.property.name}`, node);
    },
    CallExpression: (node) => {
      if (node.callee.type === "Identifier") use("global", `${node.callee.name}()`, node);
    },
    NewExpression: (node) => {
      if (node.callee.type !== "Identifier") return;
      use("global", node.arguments.length === 0 ? `new ${node.callee.name}()` : node.callee.name, node);
    },
  }).visit(program);
  return uses;
}

function isConst(node: { type: string; typeName?: unknown }): boolean {
  if (node.type !== "TSTypeReference") return false;
  const name = node.typeName;
  return typeof name === "object" && name !== null && "name" in name && name.name === "const";
}

function isBarrel(program: Program): boolean {
  return (
    program.body.length > 0 &&
    program.body.every(
      (statement) =>
        statement.type === "ExportAllDeclaration" ||
        (statement.type === "ExportNamedDeclaration" && statement.source !== null),
    )
  );
}
