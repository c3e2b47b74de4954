/** Where the agent's parts say what a person should know: pino's loggers are such. */
export interface AgentLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
  fatal(details: object, message: string): void;
}
