import t from "tap";
import { systemRandom } from "../runtime/random.ts";
import { storeContract } from "../testing/store-contract.ts";
import { openMemoryLog } from "./memory-log.ts";
import { openSqliteLog } from "./sqlite-log.ts";

storeContract(t, "memory", () => ({ open: async (clock) => openMemoryLog(clock), durable: false }));

storeContract(t, "sqlite", (t) => {
  const directory = t.testdir();
  return { open: (clock) => openSqliteLog({ directory, clock, random: systemRandom }), durable: true };
});
