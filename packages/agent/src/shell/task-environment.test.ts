import { expect, test } from "vitest";
import { taskEnvironment } from "./task-environment.ts";

const options = {
  order: { taskId: "main-01", attempt: 2, namespace: "default" },
  nodeId: "node-1",
  fence: "7.2",
  home: null,
  agentEnvironment: { PATH: "/bin", HOME: "/root", LANG: "C.UTF-8", SECRET: "of the agent" },
};

test("a task gets little of the agent's environment, and what names it", () => {
  expect(taskEnvironment(options)).toEqual({
    PATH: "/bin",
    HOME: "/root",
    LANG: "C.UTF-8",
    HOLDFAST_TASK_ID: "main-01",
    HOLDFAST_ATTEMPT: "2",
    HOLDFAST_NAMESPACE: "default",
    HOLDFAST_NODE_ID: "node-1",
    HOLDFAST_FENCE: "7.2",
  });
});

test("what was submitted goes over the agent's, but not over what Holdfast tells", () => {
  const environment = { PATH: "/opt/bin", HOME: "/data", HOLDFAST_FENCE: "9.9", MODE: "fast" };
  const found = taskEnvironment({ ...options, order: { ...options.order, spec: { environment } } });
  expect(found).toMatchObject({ PATH: "/opt/bin", HOME: "/data", HOLDFAST_FENCE: "7.2", MODE: "fast" });
});

test("devices arrive as numbers, GPUs also in the words of CUDA", () => {
  const devices = { gpu: { numbers: [0, 3] }, "tpu-v4": { numbers: [1] } };
  expect(taskEnvironment({ ...options, order: { ...options.order, devices } })).toMatchObject({
    HOLDFAST_DEVICES_GPU: "0,3",
    CUDA_VISIBLE_DEVICES: "0,3",
    CUDA_DEVICE_ORDER: "PCI_BUS_ID",
    HOLDFAST_DEVICES_TPU_V4: "1",
  });
});
