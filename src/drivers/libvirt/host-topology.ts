import type { CpuTopology, NumaCell } from "../driver.ts";
import { attribute, find, findAll, type XmlElement } from "./xml-reader.ts";

/** What `nodeGetInfo` answers of the CPUs; sockets are those of one NUMA cell. */
export interface NodeCpus {
  readonly model: string;
  readonly nodes: number;
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

const kib = 1024;
const maxCells = 64;

/** How the host's CPUs are arranged. */
export function cpuTopology(capabilities: XmlElement, node: NodeCpus): CpuTopology {
  return {
    model: find(capabilities, "host", "cpu", "model")?.text ?? node.model,
    sockets: node.nodes * node.sockets,
    coresPerSocket: node.cores,
    threadsPerCore: node.threads,
  };
}

/** The NUMA cells that capabilities tell of. */
export function numaCells(capabilities: XmlElement): readonly NumaCell[] {
  const cells = findAll(find(capabilities, "host", "topology", "cells"), "cell");
  return cells.slice(0, maxCells).map((cell) => {
    const cpus = find(cell, "cpus");
    return {
      id: Number(attribute(cell, "id") ?? 0),
      cpus: findAll(cpus, "cpu").length,
      memoryBytes: Number(find(cell, "memory")?.text ?? 0) * kib,
    };
  });
}
