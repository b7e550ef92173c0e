import { Command, type Option } from 'commander'
import { exitCodes, Failure } from '../hub.ts'
import { say } from './connection.ts'

/** Completion for shells, made from the commands themselves. */

const shells = { bash, zsh, fish } as const satisfies Record<string, (commands: readonly Command[]) => string>
const isShell = (name: string): name is keyof typeof shells => Object.hasOwn(shells, name)

/** `turant completion`. @param end  takes the exit code */
export function completionCommand(end: (code: number) => void, commands: () => readonly Command[]): Command {
  return new Command('completion')
    .description('Prints what makes a shell complete commands and options.')
    .argument('<shell>', 'bash, zsh or fish')
    .option('--json', 'print the commands and their options as JSON instead')
    .addHelpText(
      'after',
      `
Examples:
  bash   turant completion bash > ~/.local/share/bash-completion/completions/turant
  zsh    turant completion zsh > "\${fpath[1]}/_turant"
  fish   turant completion fish > ~/.config/fish/completions/turant.fish

Exit codes: ${exitCodes.done} printed, ${exitCodes.usage} no such shell.`,
    )
    .allowExcessArguments(false)
    .showHelpAfterError('(--help shows all options)')
    .action((shell: string, options: { readonly json?: true }) => {
      if (!isShell(shell))
        throw new Failure(exitCodes.usage, `there is completion for bash, zsh and fish, not for ${shell}`)
      const all = commands()
      if (options.json === true) for (const one of all) say(JSON.stringify({ name: one.name(), options: longOf(one) }))
      else say(shells[shell](all))
      end(exitCodes.done)
    })
}

const optionsOf = (command: Command): readonly Option[] => command.createHelp().visibleOptions(command)
const longOf = (command: Command): string[] => optionsOf(command).flatMap(({ long }) => long ?? [])

function bash(commands: readonly Command[]): string {
  const cases = commands.map((one) => `    ${one.name()}) words="${longOf(one).join(' ')}" ;;`)
  return `_turant() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map((one) => one.name()).join(' ')}"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _turant turant`
}

/** In single quotes of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

function zsh(commands: readonly Command[]): string {
  const plain = (text: string): string => text.replace(/[[\]:\\]/g, (letter) => `\\${letter}`)
  const names = commands.map((one) => `    ${quoted(`${one.name()}:${plain(one.description())}`)}`)
  const cases = commands.map((one) => {
    const options = optionsOf(one).map(({ long, description, flags }) =>
      quoted(`${long}[${plain(description)}]${flags.includes('<') ? ':value:_files' : ''}`),
    )
    return `    ${one.name()}) _arguments ${options.join(' ')} '*:argument:_files' ;;`
  })
  return `#compdef turant
_turant() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
}
compdef _turant turant`
}

function fish(commands: readonly Command[]): string {
  return commands
    .flatMap((one) => [
      `complete -c turant -f -n __fish_use_subcommand -a ${one.name()} -d ${fishQuoted(one.description())}`,
      ...optionsOf(one).map(
        ({ long, description, flags }) =>
          `complete -c turant -n '__fish_seen_subcommand_from ${one.name()}' -l ${long?.slice(2)}${flags.includes('<') ? ' -r' : ''} -d ${fishQuoted(description)}`,
      ),
    ])
    .join('\n')
}

/** In single quotes of fish, which has its own rule. */
const fishQuoted = (text: string): string => `'${text.replace(/['\\]/g, (letter) => `\\${letter}`)}'`
