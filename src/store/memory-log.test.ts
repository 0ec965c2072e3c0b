import t from "tap";
import { logContract } from "../testing/log-contract.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { openMemoryLog } from "./memory-log.ts";

logContract(t, "memory", () => ({ open: async () => openMemoryLog(new ManualClock()), durable: false }));
