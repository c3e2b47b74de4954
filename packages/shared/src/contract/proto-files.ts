/** The files of the contract, below proto/. Apart from load.ts, so that generate.ts runs while generated/ is stale. */
export const protoFiles = [
  "holdfast/v1/task.proto",
  "holdfast/v1/node.proto",
  "holdfast/v1/cluster.proto",
  "holdfast/v1/agent.proto",
  "holdfast/v1/peer.proto",
  "google/rpc/status.proto",
  "google/rpc/error_details.proto",
] as const;
