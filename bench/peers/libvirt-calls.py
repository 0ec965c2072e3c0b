"""The same work as libvirt-client.ts, done by libvirt's own client library: one connection, many threads.

Usage: libvirt-calls.py URI, then one line `WORK IN_FLIGHT COUNT` at a time on standard input; answers each
with the operations per second and the CPU microseconds per operation.
"""
import sys
import threading
import time

import libvirt

libvirt.registerErrorHandler(lambda *_: None, None)
connection = libvirt.open(sys.argv[1])


def cycle(index):
    xml = (
        f"<domain type='test'><name>python-{index}</name><memory unit='KiB'>1024</memory>"
        "<os><type>hvm</type></os></domain>"
    )
    domain = connection.defineXML(xml)
    domain.create()
    domain.destroy()
    domain.undefine()


WORK = {
    "version": lambda _: connection.getLibVersion(),
    "lookup": lambda _: connection.lookupByName("test"),
    "cycle": cycle,
}


def run(work, in_flight, count):
    def loop(first):
        for index in range(first, count, in_flight):
            work(index)

    threads = [threading.Thread(target=loop, args=(first,)) for first in range(in_flight)]
    started, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - started), (time.process_time() - cpu) / count * 1e6


print("ready", flush=True)
for line in sys.stdin:
    name, in_flight, count = line.split()
    print(*run(WORK[name], int(in_flight), int(count)), flush=True)
