/** `holdfast top`: the cluster live in the terminal. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { duration, oneOf } from "../parse/flag.ts";
import { inSession, type Session } from "../session.ts";
import { type SortKey, sortKeys, topFrame } from "../top/frame.ts";
import { LiveCluster } from "../top/live-cluster.ts";
import { FullScreen } from "../top/terminal.ts";

const shortestIntervalMs = 200;
const defaultIntervalMs = 2_000;
const unbounded = { columns: 0, rows: 0 };

const examples = `
Nodes in trouble stand first. Keys: c, m, d, t or n sort by cpu, memory, the fullest disk, tasks or name; q ends it.
Where the output is no terminal, and with --once, it prints one picture and ends.

Examples:
  holdfast top
  holdfast top --sort memory --interval 5s
  holdfast top --once`;

interface TopFlags {
  readonly sort?: SortKey;
  readonly interval?: number;
  readonly once?: boolean;
}

export function define(command: Command): void {
  command
    .option("--sort <key>", `${sortKeys.join(", ")} (default: cpu)`, oneOf(sortKeys))
    .option("--interval <duration>", "how often it is drawn (default: 2s)", duration)
    .option("--once", "one picture, and no more");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action(() => inSession(command, (session) => top(session, command.opts())));
}

async function top({ client, screen }: Session, { sort = "cpu", interval, once = false }: TopFlags): Promise<void> {
  const cluster = new LiveCluster(client);
  await cluster.look(sort);
  if (screen.json || once || process.stdout.isTTY !== true) {
    const { status, nodes } = cluster.picture(sort);
    return screen.show({ status, nodes }, () => topFrame(cluster.picture(sort), unbounded, screen.colours));
  }
  const intervalMs = Math.max(shortestIntervalMs, interval ?? defaultIntervalMs);
  await live(cluster, sort, intervalMs, (picture, size) => topFrame(picture, size, screen.colours));
}

/** Until "q", Ctrl-C or a signal. */
async function live(
  cluster: LiveCluster,
  firstSort: SortKey,
  intervalMs: number,
  frame: (...picture: [ReturnType<LiveCluster["picture"]>, FullScreen["size"]]) => string,
): Promise<void> {
  let sort = firstSort;
  const ending = new AbortController();
  const end = () => ending.abort();
  const draw = () => fullScreen.draw(frame(cluster.picture(sort), fullScreen.size));
  const pressed = (key: string) => {
    if (key === "q" || key === "interrupt") return end();
    const chosen = sortKeys.find((one) => one.startsWith(key));
    if (chosen !== undefined) sort = chosen;
    draw();
  };
  const fullScreen = new FullScreen({ pressed, resized: draw });
  const drawing = setInterval(draw, intervalMs);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, end);
  try {
    draw();
    await cluster.follow(() => sort, intervalMs, ending.signal);
  } finally {
    clearInterval(drawing);
    fullScreen.close();
  }
}
