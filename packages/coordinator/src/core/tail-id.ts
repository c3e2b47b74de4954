/** The id of the record that holds the last output of an attempt. */
export function tailId(taskId: string, attempt: number): string {
  return `${taskId}.${attempt}`;
}
