/** `node test/lab/history/main.ts FOLDER` judges a run that `chaos` has kept once more, from its files alone. */
import { violationsOf } from "./check-history.ts";
import { HistoryFolder } from "./history-folder.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Usage: node test/lab/history/main.ts FOLDER");
  process.exitCode = 2;
} else {
  const verdict = HistoryFolder.judge(folder);
  console.log(JSON.stringify(verdict, null, 2));
  process.exitCode = violationsOf(verdict) === 0 ? 0 : 1;
}
