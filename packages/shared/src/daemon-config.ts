/** How a daemon's process gets its configuration: complete and checked, from the command that has become it. */

export const daemonConfigVariable = "HOLDFAST_DAEMON_CONFIG";

/** Takes it out of the environment. @throws Error when there is none */
export function takeDaemonConfig<Config>(): Config {
  const text = process.env[daemonConfigVariable];
  if (text === undefined) {
    throw new Error(
      "a daemon is started by its command, which reads its settings: holdfast coordinator or holdfast agent",
    );
  }
  delete process.env[daemonConfigVariable];
  return JSON.parse(text) as Config;
}
