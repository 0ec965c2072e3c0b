import * as fc from "fast-check";
import t from "tap";
import { DeadlineHeap } from "./deadline-heap.ts";

t.test("the earliest deadline comes first, and nothing comes before its time", async (t) => {
  const heap = new DeadlineHeap<string>();
  heap.add("b", "b", 20);
  heap.add("a", "a", 10);
  t.equal(heap.nextMs, 10);
  t.equal(heap.takeDue(9), undefined);
  t.equal(heap.takeDue(15), "a");
  t.equal(heap.takeDue(15), undefined);
  t.equal(heap.takeDue(20), "b");
  t.equal(heap.size, 0);
  t.equal(heap.nextMs, undefined);
});

t.test("of two deadlines for a key the earlier wins", async (t) => {
  const heap = new DeadlineHeap<string>();
  heap.add("a", "a", 20);
  heap.add("a", "a", 10);
  heap.add("a", "a", 30);
  t.equal(heap.size, 1);
  t.equal(heap.takeDue(10), "a");
  t.equal(heap.takeDue(100), undefined);
});

t.test("a cleared heap is empty and usable", async (t) => {
  const heap = new DeadlineHeap<string>();
  heap.add("a", "a", 20);
  heap.clear();
  t.equal(heap.size, 0);
  heap.add("a", "again", 30);
  t.equal(heap.takeDue(30), "again");
});

t.test("it behaves as a sorted map of earliest deadlines", async () => {
  const command = fc.oneof(
    fc.record({ type: fc.constant("add" as const), key: fc.nat(12), atMs: fc.nat(100) }),
    fc.record({ type: fc.constant("take" as const), nowMs: fc.nat(100) }),
  );
  await fc.assert(
    fc.property(fc.array(command, { maxLength: 100 }), (commands) => {
      const heap = new DeadlineHeap<string>();
      const model = new Map<string, number>();
      for (const command of commands) {
        if (command.type === "add") {
          const key = `k${command.key}`;
          heap.add(key, key, command.atMs);
          model.set(key, Math.min(model.get(key) ?? Number.POSITIVE_INFINITY, command.atMs));
        } else {
          const earliest = Math.min(...model.values());
          const key = heap.takeDue(command.nowMs);
          const due = earliest <= command.nowMs;
          if (due !== (key !== undefined)) throw new Error(`due at ${earliest}, got ${key}`);
          if (key !== undefined && model.get(key) !== earliest) throw new Error(`${key} is not the earliest`);
          if (key !== undefined) model.delete(key);
        }
        if (heap.size !== model.size) throw new Error("sizes differ");
        if (heap.nextMs !== [...model.values()].sort((a, b) => a - b)[0]) throw new Error("next differs");
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});
