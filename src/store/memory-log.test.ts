import t from "tap";
import { logContract } from "../testing/log-contract.ts";
import { openMemoryLog } from "./memory-log.ts";

logContract(t, "memory", () => ({ open: async (clock) => openMemoryLog(clock), durable: false }));
