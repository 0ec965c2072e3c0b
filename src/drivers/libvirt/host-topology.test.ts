import t from "tap";
import { cpuTopology, numaCells } from "./host-topology.ts";
import { readXml } from "./xml-reader.ts";

const node = { model: "x86_64", nodes: 2, sockets: 1, cores: 8, threads: 2 };

const capabilities = readXml(`<capabilities><host>
  <cpu><arch>x86_64</arch><model>EPYC-Rome</model></cpu>
  <topology><cells num='2'>
    <cell id='0'><memory unit='KiB'>1024</memory><cpus num='2'><cpu id='0'/><cpu id='2'/></cpus></cell>
    <cell id='3'><memory unit='KiB'>2048</memory><cpus num='1'><cpu id='1'/></cpus></cell>
  </cells></topology>
</host></capabilities>`);

t.test(
  "sockets are counted over all NUMA cells, and the model is the one that guests are given",
  async (t) => {
    t.strictSame(cpuTopology(capabilities, node), {
      model: "EPYC-Rome",
      sockets: 2,
      coresPerSocket: 8,
      threadsPerCore: 2,
    });
    t.equal(cpuTopology(readXml("<capabilities/>"), node).model, "x86_64");
  },
);

t.test("cells keep their numbers; a host that tells of none has none", async (t) => {
  t.strictSame(numaCells(capabilities), [
    { id: 0, cpus: 2, memoryBytes: 2 ** 20 },
    { id: 3, cpus: 1, memoryBytes: 2 ** 21 },
  ]);
  t.strictSame(numaCells(readXml("<capabilities><host/></capabilities>")), []);
});
