const BROWSERS: [RegExp, string][] = [
  [/MicroMessenger/, '微信'],
  [/Edg/, 'Edge'],
  [/Firefox/, 'Firefox'],
  [/Chrome|Chromium/, 'Chrome'],
  [/Safari/, 'Safari'],
]
const SYSTEMS: [RegExp, string][] = [
  [/Android/, '安卓手机'],
  [/iPhone|iPad/, '苹果手机或平板'],
  [/Windows/, 'Windows 电脑'],
  [/Mac OS/, '苹果电脑'],
  [/Linux/, 'Linux 电脑'],
]

const wordOf = (table: [RegExp, string][], agent: string) => table.find(([sign]) => sign.test(agent))?.[1]

/** What a browser calls itself, in words one recognises one's own machine by. */
export function browserOf(agent: string): string {
  const words = [wordOf(SYSTEMS, agent), wordOf(BROWSERS, agent)].filter((word) => word !== undefined)
  return words.length > 0 ? words.join('，') : '认不出的浏览器'
}
