// The page of both simulators: what it shows comes from /control/state, what is done goes to /control.
const $ = (id) => document.getElementById(id)

const FAULTS = [
  ['机器人下一次请求：断开', { kind: 'drop', times: 1 }],
  ['下一次请求：收下但不回音', { kind: 'lose', times: 1 }],
  ['下一次请求：一直不答', { kind: 'silence', times: 1 }],
  ['下一次请求：502', { kind: 'status', times: 1 }],
  ['下一次请求：太频繁', { kind: 'limit', times: 1, retryAfter: 3 }],
  ['下一条消息：半路断开', { kind: 'drop', on: 'pushes', times: 1 }],
  ['下一条消息：送两遍', { kind: 'repeat', times: 1 }],
  ['下一条消息：被后一条超过', { kind: 'reorder', times: 1 }],
  ['从现在起请求都是 502', { kind: 'status' }],
]
const NAMES = {
  drop: '断开',
  lose: '不回音',
  silence: '不答',
  status: '5xx',
  limit: '太频繁',
  repeat: '重复',
  reorder: '乱序',
}

let state = null
/** What stands in the log: the message by its number. */
let drawn = new Map()

const chosen = () => decodeURIComponent(location.hash.slice(1))

async function ask(method, path, body) {
  const response = await fetch(`/control${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error || '没有做成')
  return answer
}

/** Does something, shows what went wrong, and draws what is now. */
async function doing(work) {
  let wrong = ''
  for (const step of [work, refresh]) await step().catch((error) => (wrong ||= error.message))
  $('trouble').textContent = wrong
  $('trouble').hidden = !wrong
}

function button(label, press) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = label
  made.addEventListener('click', () => void doing(press))
  return made
}

const say = (act) => ask('POST', '/say', { user: chosen(), act })

const time = (iso) =>
  new Date(iso).toLocaleString('zh-CN', {
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })

const WAYS = { open: '在路上', taken: '机器人收到了', 'gave-up': '没有送到' }

function messageOf({ from, text, kind, buttons = [], edited, way, at }) {
  const item = document.createElement('li')
  item.className = from
  const bubble = document.createElement('div')
  bubble.className = 'bubble'
  bubble.textContent = kind ? `［${kind}］${text}` : text
  const about = document.createElement('div')
  about.className = 'about'
  about.textContent = [time(at), edited && '改过', way && WAYS[way]].filter(Boolean).join(' · ')
  item.append(bubble, about)
  if (buttons.length) {
    const row = document.createElement('div')
    row.className = 'buttons'
    row.append(...buttons.map(({ label, press }) => button(label, () => say(press))))
    item.append(row)
  }
  return item
}

function stateOf(person) {
  if (!person) return '先选一个用户，或加一个新的。'
  if (person.left === null) return person.state
  const left = person.left ? `还能收 ${person.left} 条，到 ${time(person.until)}` : '现在收不到，要先写一句'
  return `${person.state} · ${left}`
}

function draw() {
  const { title, connection, users, person, deeds, faults } = state
  document.title = title
  $('title').textContent = title
  $('connection').textContent = connection
  $('state').textContent = stateOf(person)
  $('user').replaceChildren(...users.map(({ id, name }) => new Option(name, id, false, id === chosen())))
  drawMessages(person ? person.messages : [])
  const menu = person ? person.menu : []
  $('menu').hidden = menu.length === 0
  rebuild($('menu'), menu, ({ label, press }) => button(label, () => say(press)))
  rebuild($('deeds'), deeds, ({ id, label }) =>
    button(label, async () => {
      await ask('POST', `/deeds/${id}`, { user: chosen() || undefined, text: $('box').value })
      $('box').value = ''
    }),
  )
  $('send').disabled = !person
  $('commanded').textContent = faults.length
    ? `等着发生：${faults.map(({ kind, times }) => NAMES[kind] + (times ? ` ${times} 次` : '')).join('、')}`
    : '现在一切正常。'
}

/** Only what is new or changed is made anew: a screen reader reads it once, and the focus stays where it is. */
function drawMessages(messages) {
  const next = new Map()
  for (const message of messages) {
    const is = JSON.stringify([chosen(), message])
    const was = drawn.get(message.n)
    next.set(message.n, was && was.is === is ? was : { is, item: messageOf(message) })
  }
  const changed = messages.length !== drawn.size || messages.some(({ n }) => next.get(n) !== drawn.get(n))
  if (!changed) return
  for (const [n, { item }] of drawn) if (!next.has(n)) item.remove()
  let before = null
  for (const [n, each] of [...next].reverse()) {
    const was = drawn.get(n)
    if (was && was !== each && was.item.isConnected) was.item.replaceWith(each.item)
    else if (each.item.nextSibling !== before || !each.item.isConnected)
      $('log').insertBefore(each.item, before)
    before = each.item
  }
  drawn = next
  $('scroll').scrollTop = $('scroll').scrollHeight
}

/** Buttons are made anew only when they are others: whoever stands on one with the keyboard stays there. */
function rebuild(place, list, make) {
  const is = JSON.stringify(list)
  if (place.dataset.is === is) return
  place.dataset.is = is
  place.replaceChildren(...list.map(make))
}

async function refresh() {
  state = await ask('GET', `/state?user=${encodeURIComponent(chosen())}`)
  if (!state.person && state.users.length) {
    location.hash = encodeURIComponent(state.users[0].id)
    return
  }
  draw()
}

$('form').addEventListener('submit', (event) => {
  event.preventDefault()
  const text = $('box').value
  if (!text.trim()) return
  void doing(async () => {
    await say(text)
    $('box').value = ''
  })
})
$('box').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  $('form').requestSubmit()
})
$('user').addEventListener('change', () => (location.hash = encodeURIComponent($('user').value)))
$('new').addEventListener(
  'click',
  () =>
    void doing(async () => {
      const { id } = await ask('POST', '/users', {})
      location.hash = encodeURIComponent(id)
    }),
)
$('faults').append(
  ...FAULTS.map(([label, fault]) => button(label, () => ask('PUT', '/faults', [...state.faults, fault]))),
)
$('calm').addEventListener('click', () => void doing(() => ask('PUT', '/faults', [])))
window.addEventListener('hashchange', () => void refresh().catch(away))

const away = () => ($('connection').textContent = '模拟器停了，等它回来……')
const live = new EventSource('/control/live')
live.addEventListener('message', () => void refresh().catch(away))
live.addEventListener('open', () => void refresh().catch(away))
live.addEventListener('error', away)
