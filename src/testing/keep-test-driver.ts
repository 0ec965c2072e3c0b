import type { LibvirtHost } from "./libvirt-host.ts";

/**
 * Keeps a connection open to the test driver of each host, which forgets everything when its last connection
 * closes, until this is disposed of.
 */
export function keepTestDriver(hosts: readonly LibvirtHost[]): AsyncDisposable {
  const pulse = "while [ -e keep ]; do echo version; sleep 0.5; done";
  const keep = async (host: LibvirtHost): Promise<void> => {
    const command = `cd ${host.directory} && touch keep && { ${pulse}; } | virsh -c test+unix:///default`;
    await host.exec(["sh", "-c", command], { timeoutMs: 24 * 3_600_000 });
  };
  const keeping = Promise.all(hosts.map(keep));
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(hosts.map((host) => host.exec(["rm", "-f", `${host.directory}/keep`])));
      await keeping;
    },
  };
}
