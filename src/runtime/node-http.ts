/**
 * Node's HTTP, without the `import` of it: that would load Node's WebSocket client and `fetch` as well, only
 * to name them among its exports. It is 40 ms of every start.
 */
export const nodeHttp = process.getBuiltinModule("node:http");
