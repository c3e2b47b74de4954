/** Completion scripts: the commands, and the flags of each. */

export interface CompletedCommand {
  /** `["node", "drain"]`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly flags: readonly { readonly flag: string; readonly summary: string }[];
  readonly subcommands: readonly { readonly name: string; readonly summary: string }[];
}

export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# bash completion of holdfast
_holdfast() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ "$word" == "--" ]] && return
    [[ "$word" == -* ]] || case "$path $word" in
${pathCases(commands)}
    esac
  done
  case "$path" in
${wordCases(commands)}
  esac
}
complete -o default -F _holdfast holdfast
`;
}

/** zsh runs bash's completions; only the summaries are lost. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef holdfast
autoload -U +X bashcompinit && bashcompinit
${bashScript(commands)}`;
}

export function fishScript(commands: readonly CompletedCommand[]): string {
  const top = commands.filter(({ path }) => path.length === 1);
  const lines = top.map(
    ({ path, summary }) => `complete -c holdfast -n __fish_use_subcommand -f -a ${path[0]} -d ${quoted(summary)}`,
  );
  for (const { path, flags, subcommands } of commands) {
    const condition = quoted(path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and "));
    for (const { name, summary } of subcommands)
      lines.push(`complete -c holdfast -n ${condition} -f -a ${name} -d ${quoted(summary)}`);
    for (const { flag, summary } of flags)
      lines.push(`complete -c holdfast -n ${condition} -l ${flag.slice(2)} -d ${quoted(summary)}`);
  }
  return `# fish completion of holdfast\n${lines.join("\n")}\n`;
}

function pathCases(commands: readonly CompletedCommand[]): string {
  return commands.map(({ path }) => `      " ${path.join(" ")}") path=" ${path.join(" ")}" ;;`).join("\n");
}

function wordCases(commands: readonly CompletedCommand[]): string {
  const top = commands.filter(({ path }) => path.length === 1).map(({ path }) => path[0]);
  const cases = commands.map(({ path, flags, subcommands }) => {
    const words = [...subcommands.map(({ name }) => name), ...flags.map(({ flag }) => flag)];
    return `    " ${path.join(" ")}") COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$current")) ;;`;
  });
  return [`    "") COMPREPLY=($(compgen -W "${top.join(" ")} --help --version" -- "$current")) ;;`, ...cases].join(
    "\n",
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
