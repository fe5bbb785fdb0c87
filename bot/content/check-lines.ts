import { EMERGENCY_NUMBERS, type Hotline } from '../../shared/hotline.js'
import type { Content } from './content.js'
import type { Fault } from './faults.js'

const PATH = 'system/hotlines.yml'
const KINDS = { workday: '工作日', restday: '周末', holiday: '节假日' } as const

/** Mistakes in the lines: hours that are none, one number twice, an emergency line missing, narrowed or closed. */
export function checkLines({ hotlines }: Pick<Content, 'hotlines'>): Fault[] {
  const missing = EMERGENCY_NUMBERS.filter((number) => !hotlines.some((line) => line.number === number))
  return [
    ...missing.map((number) => ({ path: PATH, at: 'lines', what: `少了 ${number}：报警和急救的电话不能删` })),
    ...hotlines.flatMap((line, i) => [
      ...(hotlines.findIndex(({ number }) => number === line.number) < i
        ? [{ path: PATH, at: `lines.${i}.number`, what: `${line.number} 已经在清单里了` }]
        : []),
      ...lineFaults(line).map(({ at, what }) => ({ path: PATH, at: `lines.${i}.${at}`, what })),
    ]),
  ]
}

/** The same for one line alone, `at` within it. */
export function lineFaults(line: Hotline): { at: string; what: string }[] {
  const faults: { at: string; what: string }[] = []
  for (const [kind, name] of Object.entries(KINDS)) {
    const spans = line.hours[kind as keyof typeof KINDS]
    spans.forEach(({ from, to }, i) => {
      const before = spans[i - 1]
      if (from >= to)
        faults.push({
          at: `hours.${kind}.${i}`,
          what: `${name}：结束要晚于开始；过夜的分成两段，如 20:00–24:00 和 00:00–08:00`,
        })
      else if (before && before.to > from)
        faults.push({ at: `hours.${kind}.${i}`, what: `${name}：两段时间要按先后写，不能重叠` })
    })
  }
  if (line.verified && line.verified.expires <= line.verified.on)
    faults.push({ at: 'verified', what: '核实的有效期要晚于核实的那天' })
  return (EMERGENCY_NUMBERS as readonly string[]).includes(line.number)
    ? [...faults, ...emergencyFaults(line)]
    : faults
}

/** 110 and 120 are shown first, everywhere, at every hour. */
function emergencyFaults(line: Hotline): { at: string; what: string }[] {
  const always = Object.keys(KINDS).every((kind) => {
    const spans = line.hours[kind as keyof typeof KINDS]
    return spans.length === 1 && spans[0]?.from === '00:00' && spans[0].to === '24:00'
  })
  return [
    ...(always ? [] : [{ at: 'hours', what: `${line.number} 全天都能打，不能改成别的时间` }]),
    ...(line.region === '全国' ? [] : [{ at: 'region', what: `${line.number} 全国都能打` }]),
    ...(line.emergency ? [] : [{ at: 'emergency', what: `${line.number} 要一直排在最前面` }]),
    ...(line.contact.includes('call') ? [] : [{ at: 'contact', what: `${line.number} 要能打通` }]),
  ]
}
