/** The environment that a task finds: little of the agent's own, what was submitted, and what Holdfast tells it. */
import type { StartOrder__Output } from "@holdfast/shared/contract/generated/holdfast/v1/StartOrder.ts";

export interface TaskEnvironmentOptions {
  readonly order: StartOrder__Output;
  readonly nodeId: string;
  /** `epoch.attempt`, which grows: outside systems that a task writes to can refuse a lower one. */
  readonly fence: string;
  /** Of the user that it runs as; null: the agent's own. */
  readonly home: string | null;
  readonly agentEnvironment: Readonly<Record<string, string | undefined>>;
}

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** Taken over from the agent where it has them. */
const inherited = ["PATH", "LANG", "TZ"];

export function taskEnvironment(options: TaskEnvironmentOptions): Record<string, string> {
  const { order, nodeId, fence, home, agentEnvironment } = options;
  const environment: Record<string, string> = { PATH: defaultPath, HOME: home ?? agentEnvironment["HOME"] ?? "/" };
  for (const name of inherited) {
    const value = agentEnvironment[name];
    if (value !== undefined && value !== "") environment[name] = value;
  }
  Object.assign(environment, order.spec?.environment ?? {});
  environment["HOLDFAST_TASK_ID"] = order.taskId ?? "";
  environment["HOLDFAST_ATTEMPT"] = String(order.attempt ?? 0);
  environment["HOLDFAST_NAMESPACE"] = order.namespace ?? "";
  environment["HOLDFAST_NODE_ID"] = nodeId;
  environment["HOLDFAST_FENCE"] = fence;
  return Object.assign(environment, deviceVariables(order));
}

/**
 * HOLDFAST_DEVICES_<NAME>, the name in capitals with `_` for what a variable cannot hold: the numbers, joined by commas.
 * CUDA counts its devices by bus order only if told to; otherwise its numbers are not those of nvidia-smi.
 */
function deviceVariables({ devices = {} }: StartOrder__Output): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, { numbers = [] }] of Object.entries(devices)) {
    const list = numbers.join(",");
    variables[`HOLDFAST_DEVICES_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`] = list;
    if (name === "gpu") {
      variables["CUDA_VISIBLE_DEVICES"] = list;
      variables["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
    }
  }
  return variables;
}
