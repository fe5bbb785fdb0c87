import type { Hotline } from '../../shared/hotline.js'

/** Known to everybody, at every hour. */
const PLAIN_NUMBERS = new Set(['110', '119', '120', '122'])

/** Telephone numbers come from hotlines.yml, so that a number that changes changes everywhere. */
export function numberFaults(text: string, { hotlines }: { hotlines: readonly Hotline[] }): string[] {
  const numbers = new Set(hotlines.map(({ number }) => number))
  const faults = [...text.matchAll(/\{\{hotline\.(\d+)\}\}/g)].filter(
    (found) => !numbers.has(found[1] as string),
  )
  const unknown = faults.map((found) => `电话清单里没有 ${found[1]}`)
  const bare =
    text
      .replace(/\{\{[^}]*\}\}/g, '')
      .match(/(?<![\d.–-])(?:1[12]\d{1,3}|96110|12[0-9]{3})(?!\d|\s?(?:岁|元|万|个|年|天|小时))/g) ?? []
  return [
    ...unknown,
    ...bare
      .filter((number) => !PLAIN_NUMBERS.has(number))
      .map((number) => `电话 ${number} 要写成 {{hotline.${number}}}`),
  ]
}

/** The different numbers a text names, as `{{hotline.…}}` or plainly. */
export function numbersIn(text: string): string[] {
  const named = [...text.matchAll(/\{\{hotline\.(\d+)\}\}/g)].map((found) => found[1] as string)
  const plain = text.replace(/\{\{[^}]*\}\}/g, '').match(/(?<!\d)(?:110|119|120|122)(?!\d)/g) ?? []
  return [...new Set([...named, ...plain])]
}

/** The text as a person reads it: every `{{hotline.…}}` as number and name. */
export function withLines(text: string, hotlines: readonly Hotline[]): string {
  return text.replace(/\{\{hotline\.(\d+)\}\}/g, (_, number: string) => {
    const line = hotlines.find((hotline) => hotline.number === number)
    return line ? `${line.number} ${line.name}` : number
  })
}
