/** The command menu beside the text box: each stands for the words that say it. */
const COMMANDS = [
  { command: 'danger', words: '我有危险' },
  { command: 'ask', words: '我想问问' },
  { command: 'human', words: '找真人' },
  { command: 'remind', words: '订阅提醒' },
  { command: 'stop', words: '退订' },
  { command: 'delete', words: '删除我的记录' },
] as const

/** The menu as Telegram takes it. */
export const menu = () => COMMANDS.map(({ command, words }) => ({ command, description: words }))

/** The words a command stands for; undefined when it is none of ours. */
export const wordsOf = (command: string): string | undefined =>
  COMMANDS.find((each) => each.command === command)?.words
