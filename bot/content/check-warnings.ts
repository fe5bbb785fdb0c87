import { DateTime } from 'luxon'
import type { PushText } from '../../shared/campaign.js'
import { pushWordingFaults } from '../safety/push-wording.js'
import { wordingFaults } from '../safety/wording.js'
import type { Content } from './content.js'
import type { Fault } from './faults.js'
import { numberFaults, numbersIn } from './numbers.js'

const TOPICS = 'topics.yml'

/** What is wrong with the words of a warning: wording, more or less than one number, a number nobody knows. */
export function pushFaults({ zh, mn }: PushText, content: Pick<Content, 'hotlines'>): string[] {
  const count = numbersIn(zh).length
  return [
    ...pushWordingFaults(zh),
    ...[zh, mn ?? ''].flatMap((text) => numberFaults(text, content)),
    ...(/\{\{(?!hotline\.\d+\}\})/.test(`${zh}${mn ?? ''}`)
      ? ['{{ }} 里只能写电话，如 {{hotline.110}}']
      : []),
    ...(count === 1 ? [] : [`一条提醒正好给一个电话，现在有 ${count} 个`]),
    ...((zh.match(/[？?]/g) ?? []).length > 1 ? ['最多问一个问题'] : []),
  ]
}

/** Mistakes in the topics of subscriptions and in the templates of warnings. */
export function checkWarnings(content: Content): Fault[] {
  return [...topicFaults(content), ...templateFaults(content)]
}

function topicFaults({ topics, intents, warnings }: Content): Fault[] {
  const groups = new Set([...intents.keys()].map((id) => `${id.split('.')[0]}.`))
  const names = topics.flatMap(({ names, title }) => [title, ...names])
  const twice = names.filter((name, i) => names.indexOf(name) < i)
  return topics.flatMap((topic, i): Fault[] => {
    const fault = (at: string, what: string): Fault => ({ path: TOPICS, at: `topics.${i}.${at}`, what })
    const questions = (topic.consent.text.match(/[？?]/g) ?? []).length
    return [
      ...(topics.findIndex(({ id }) => id === topic.id) < i ? [fault('id', `${topic.id} 写了两次`)] : []),
      ...[topic.title, topic.gets].flatMap((text) => wordingFaults(text).map((what) => fault('title', what))),
      ...wordingFaults(topic.consent.text).map((what) => fault('consent.text', what)),
      ...(questions === 1 ? [] : [fault('consent.text', '要正好问一句：要不要订')]),
      ...(topic.consent.text.includes('退订') ? [] : [fault('consent.text', '要说清怎么停：回复“退订”')]),
      ...topic.near
        .filter((id) => !(id.endsWith('.') ? groups.has(id) : intents.has(id)))
        .map((id) => fault('near', `没有话题 ${id}`)),
      ...[topic.title, ...topic.names]
        .filter((name) => twice.includes(name))
        .map((name) => fault('names', `“${name}”有两个提醒都这么叫`)),
      ...(warnings.some((warning) => warning.topic === topic.id)
        ? []
        : [fault('id', `还没有 warnings/${topic.id}.yml`)]),
    ]
  })
}

function templateFaults(content: Content): Fault[] {
  const { topics, warnings } = content
  return warnings.flatMap((warning): Fault[] => {
    const { topic, id, text, title, when } = warning
    const own = warnings.filter((other) => other.topic === topic)
    const i = own.indexOf(warning)
    const fault = (at: string, what: string): Fault => ({
      path: `warnings/${topic}.yml`,
      at: `warnings.${i}.${at}`,
      what,
    })
    return [
      ...(topics.some((each) => each.id === topic) ? [] : [fault('topic', `topics.yml 里没有 ${topic}`)]),
      ...(own.findIndex((other) => other.id === id) < i ? [fault('id', `${id} 写了两次`)] : []),
      ...pushWordingFaults(title).map((what) => fault('title', what)),
      ...pushFaults(text, content).map((what) => fault('text', what)),
      // A leap year has every day of the calendar.
      ...[when.from, when.to]
        .filter((day) => !DateTime.fromISO(`2028-${day}`).isValid)
        .map((day) => fault('when', `没有 ${day} 这一天`)),
    ]
  })
}
