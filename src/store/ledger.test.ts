import t from "tap";
import { NamespaceKind } from "../schema/namespace.ts";
import { commitWithin, type Ledger } from "./ledger.ts";
import type { CommitResult } from "./log.ts";

const write = { key: "k", value: "v", expected: 0 };
const entry = { kind: NamespaceKind, before: undefined, after: undefined };

t.test("what is held for a write is settled when it is done, and given back when it is not", async (t) => {
  const told: string[] = [];
  const ledger: Ledger = {
    reserve: () => ({ settle: () => told.push("settled"), cancel: () => told.push("cancelled") }),
  };
  const outcomes: readonly (() => Promise<CommitResult>)[] = [
    async () => ({ applied: true, current: undefined, revision: 1 }),
    async () => ({ applied: false, current: undefined }),
    async () => {
      throw new Error("full");
    },
  ];
  for (const commit of outcomes) {
    await commitWithin(ledger, { commit }, { entry, write }).catch(() => {});
  }
  t.same(told, ["settled", "cancelled", "cancelled"]);
});

t.test("what is refused is not written", async (t) => {
  const ledger: Ledger = {
    reserve: () => {
      throw new Error("too much");
    },
  };
  const commit = async (): Promise<CommitResult> => {
    t.fail("written");
    return { applied: false, current: undefined };
  };
  await t.rejects(commitWithin(ledger, { commit }, { entry, write }), { message: "too much" });
});
