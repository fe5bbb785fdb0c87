/* The web chat of 青安. ES5 for old WebViews (Chrome 49), no dependency, no build.
   Data from the server reaches the page as text nodes only. */
;(function () {
  'use strict'

  var doc = document
  var win = window
  var root = doc.documentElement
  var body = doc.body

  var BASE = '/channels/web/'
  var STORE = 'qa' // one neutral key in sessionStorage and, if the person wants it, in localStorage
  var LIMIT = 20000 // characters in one message
  var SILENCE = 40000 // ms without a byte: the stream is dead (the server sends a heartbeat each 15 s)
  var SEND_TIMEOUT = 20000
  var STALE_LINES = 30 * 60000 // a line's state is not repeated when it is older
  var STREAM_MAX = 500000 // characters held by one stream before it is opened anew

  var STATES = { open: '现在有人接', likely: '现在应该能打通', closed: '现在没人接' }
  var ROLES = { person: '你', bot: '青安 · AI', counselor: '真人老师', system: '提示' }
  var SAY = {
    down: '网断了，正在重连。急的话直接打 110。',
    up: '连上了',
    tooLong: '这段话很长，一次最多发 2 万字。请分成几次发，每一段我们都会看。',
    welcome: '欢迎回来，要接着说，还是说别的？',
    go: '接着说',
    other: '说别的',
    erased: '记录已经删掉了。想说话，随时可以再写。',
    gone: '上次的对话已经不在了。接着写，就会开始新的对话。',
    notLoaded: '之前的话还没拿到，会再试。你可以先写。'
  }

  // Everything that belongs to one conversation; reset() makes it anew.
  var token,
    last,
    hiddenTo,
    queue,
    recs,
    byNumber,
    byId,
    asking,
    epoch = 0
  var keep = false // "这台手机只有我用"
  var size = 0
  var gone = false // quick exit has begun: nothing may be written any more
  var away = false // between pagehide and pageshow: the store keeps what pagehide wrote
  var hello = null,
    firstHello
  var heldDraft = '' // typed before the page was killed, shown again only with the story
  var lines = []
  var linesAt = 0 // when `lines` came fresh from the server, 0 = never

  function $(id) {
    return doc.getElementById(id)
  }

  // ---------------------------------------------------------------- small tools

  function el(tag, cls, text) {
    var node = doc.createElement(tag)
    if (cls) node.className = cls
    if (text !== undefined && text !== null) node.appendChild(doc.createTextNode(String(text)))
    return node
  }

  function empty(node) {
    while (node.firstChild) node.removeChild(node.firstChild)
  }

  function drop(node) {
    if (node && node.parentNode) node.parentNode.removeChild(node)
  }

  function say(node, text) {
    empty(node)
    if (text) linked(node, text)
  }

  function button(label, cls, action) {
    var b = el('button', cls, label)
    b.type = 'button'
    b.addEventListener('click', action)
    return b
  }

  function uuid() {
    var b = new Uint8Array(16),
      hex = '',
      i
    win.crypto.getRandomValues(b)
    b[6] = (b[6] & 15) | 64
    b[8] = (b[8] & 63) | 128
    for (i = 0; i < 16; i++) {
      hex += (b[i] + 256).toString(16).slice(1) + (i === 3 || i === 5 || i === 7 || i === 9 ? '-' : '')
    }
    return hex
  }

  /** Back-off with jitter: ms before try number n (0, 1, …), at most 30 s. */
  function pause(n) {
    return Math.min(30000, 1000 * Math.pow(2, n)) * (0.5 + Math.random())
  }

  function parse(text) {
    try {
      return JSON.parse(text)
    } catch (e) {
      return null
    }
  }

  function digits(number) {
    return String(number).replace(/[^0-9+*#]/g, '')
  }

  // ---------------------------------------------------------------- storage (may be forbidden in a WebView)

  function readStore(kind) {
    try {
      return parse(win[kind].getItem(STORE))
    } catch (e) {
      return null
    }
  }

  function writeStore(kind, value) {
    try {
      if (value) win[kind].setItem(STORE, JSON.stringify(value))
      else win[kind].removeItem(STORE)
    } catch (e) {
      /* full or forbidden: memory has it */
    }
  }

  /** @param left true when the page is being left, so that a later visit knows it was not killed. */
  function save(left) {
    if (gone || away) return
    var draft = $('box').value || heldDraft
    var unsent = queue.map(function (q) {
      return { id: q.id, text: q.text, at: q.at, refused: q.refused }
    })
    writeStore(
      'sessionStorage',
      token || draft || size || unsent.length
        ? {
            token: token,
            last: last,
            hiddenTo: hiddenTo,
            queue: unsent,
            draft: draft,
            size: size,
            asking: !!asking,
            left: !!left
          }
        : null
    )
    writeStore('localStorage', keep ? { token: token, last: last, size: size } : null)
  }

  // ---------------------------------------------------------------- requests

  var running = []

  /** call('POST', 'messages', {…}, function (status, json, xhr) {…}); status 0 = no answer. Answers of a past conversation are dropped. */
  function call(method, path, data, done) {
    var x = new XMLHttpRequest(),
      mine = epoch
    x.open(method, BASE + path, true)
    x.timeout = SEND_TIMEOUT
    if (token && path !== 'hello' && path !== 'session')
      x.setRequestHeader('Authorization', 'Bearer ' + token)
    if (data) x.setRequestHeader('Content-Type', 'application/json')
    x.onloadend = function () {
      var at = running.indexOf(x)
      if (at >= 0) running.splice(at, 1)
      if (gone || mine !== epoch) return
      done(x.status, parse(x.responseText) || {}, x)
    }
    running.push(x)
    x.send(data ? JSON.stringify(data) : null)
    return x
  }

  /** Whether the server itself has answered (its 503 carries a kind message, a proxy's does not). */
  function reached(status, json) {
    return status > 0 && status !== 502 && status !== 504 && (status !== 503 || !!kindly(json))
  }

  function kindly(json) {
    return json && json.error && json.error.message ? String(json.error.message) : ''
  }

  function retryAfter(x) {
    var s = parseInt(x.getResponseHeader('Retry-After'), 10)
    return s >= 0 ? Math.min(s, 600) * 1000 : 0
  }

  var isDown = false,
    upTimer

  function net(ok) {
    if (ok === !isDown) return
    isDown = !ok
    clearTimeout(upTimer)
    say($('net'), ok ? SAY.up : SAY.down)
    if (ok)
      upTimer = setTimeout(function () {
        say($('net'), '')
        fit()
      }, 4000)
    fit()
    if (!ok) return
    if (Date.now() - linesAt > 5000) getHello()
    retryNow()
  }

  function retryNow() {
    pump(true)
    openStream(true)
    schedulePoll(500)
  }

  // ---------------------------------------------------------------- phone numbers

  function known(number) {
    if (number === '110' || number === '120' || number === '119') return true
    return lines.some(function (l) {
      return digits(l.number) === number
    })
  }

  /** Appends text; the numbers of help lines (and 110, 120, 119) become tel: links, all other digits stay text. */
  function linked(parent, text) {
    var re = /\d[\d-]*\d/g,
      from = 0,
      m,
      before,
      after,
      number,
      a
    text = String(text)
    while ((m = re.exec(text))) {
      number = digits(m[0])
      before = text.slice(0, m.index)
      after = text.slice(m.index + m[0].length)
      // "110 元", "第 120 条", "3.110" are no phone numbers.
      if (
        !known(number) ||
        /(第\s*|[\d.+])$/.test(before) ||
        /^(\.\d|\s*[元块斤个米条人分天岁页期%％])/.test(after)
      )
        continue
      parent.appendChild(doc.createTextNode(text.slice(from, m.index)))
      a = el('a', '', m[0])
      a.href = 'tel:' + number
      parent.appendChild(a)
      from = m.index + m[0].length
    }
    parent.appendChild(doc.createTextNode(text.slice(from)))
  }

  function freshLines() {
    return linesAt > 0 && Date.now() - linesAt < STALE_LINES
  }

  /** What may be said about a line now: the fresh state, or one given not long ago, else only the hours. */
  function stateText(number, given, givenAt) {
    var fresh = null,
      now = Date.now(),
      state
    lines.forEach(function (l) {
      if (digits(l.number) === digits(number)) fresh = l
    })
    if (fresh && freshLines()) state = fresh.state
    else if (givenAt && now - givenAt < STALE_LINES) state = given
    return STATES[state] || ''
  }

  /** @param short one row: number, name and state; the hours only where no state may be said. */
  function lineItem(line, givenAt, short) {
    var li = el('li'),
      contact = line.contact || ['call'],
      a
    var number = digits(line.number)
    if (contact.indexOf('call') >= 0) {
      a = el('a')
      a.href = 'tel:' + number
    } else {
      a = el('span')
    }
    a.appendChild(el('b', '', line.number))
    a.appendChild(doc.createTextNode(' ' + (line.name || '')))
    li.appendChild(a)
    if (contact.indexOf('text') >= 0) {
      a = el('a', '', '发短信')
      a.href = 'sms:' + number
      a.setAttribute('aria-label', '发短信给 ' + line.number)
      li.appendChild(a)
    }
    if (line.purpose && !short) li.appendChild(el('span', 'about', line.purpose))
    var state = el('span', 'state')
    state.refresh = function () {
      var text = stateText(number, line.state, givenAt)
      state.textContent = short ? text || line.hours : [text, line.hours].filter(Boolean).join(' · ')
    }
    state.refresh()
    li.appendChild(state)
    return li
  }

  function refreshStates() {
    var all = doc.querySelectorAll('.state'),
      i
    for (i = 0; i < all.length; i++) if (all[i].refresh) all[i].refresh()
  }

  /** First screen: what is open now. Sheet: all. 110 and 120 stand in the HTML already. */
  function showLines() {
    var others = lines.filter(function (l) {
      return !/^1[12]0$/.test(digits(l.number))
    })
    var now = $('now-lines'),
      all = $('sheet-lines')
    empty(now)
    empty(all)
    others.forEach(function (l) {
      if (l.state !== 'closed' || !freshLines()) now.appendChild(lineItem(l, linesAt, true))
      all.appendChild(lineItem(l, linesAt))
    })
    staleLines(!freshLines())
  }

  function staleLines(stale) {
    $('h-now').textContent = stale ? '求助电话' : '现在打得通的电话'
    $('sheet-stale').hidden = !stale
  }

  // ---------------------------------------------------------------- hello

  var helloTimer,
    helloTries = 0

  function getHello() {
    clearTimeout(helloTimer)
    call('GET', 'hello', null, function (status, json, x) {
      var near = recs.length && nearEnd()
      var copy = x.getResponseHeader('X-From-Cache') // 'slow' or 'failed', set by the service worker
      if (status === 200 && json.lines) {
        hello = json
        lines = json.lines
        if (!copy) linesAt = Date.now()
        showHello()
        showLines()
      } else {
        staleLines(!freshLines())
      }
      refreshStates()
      if (near) toEnd(null, false)
      if (status === 200 && !copy) {
        helloTries = 0
        helloTimer = setTimeout(getHello, 10 * 60000)
        net(true)
      } else {
        if (copy === 'failed' || (!copy && !reached(status, json))) net(false)
        helloTimer = setTimeout(getHello, pause(++helloTries))
      }
    })
  }

  function showHello() {
    var box,
      h = hello
    if (!h) return
    say($('demo'), h.demo ? h.demoText : '')
    if (h.notice) {
      if (h.notice.short) $('notice-short').textContent = h.notice.short
      if (h.notice.full && h.notice.full.length) {
        empty($('notice-full'))
        h.notice.full.forEach(function (p) {
          linked($('notice-full').appendChild(el('p')), p)
        })
      }
    }
    if (asking) return
    if (h.hello && h.hello.length) {
      box = bubble('bot', ROLES.bot)
      h.hello.forEach(function (t) {
        linked(box.appendChild(el('p', 'text')), t)
      })
      empty($('hello'))
      $('hello').appendChild(box)
    }
    if (h.buttons && h.buttons.length) {
      empty($('start'))
      h.buttons.forEach(function (label) {
        $('start').appendChild(
          button(label, '', function () {
            tapped(label)
          })
        )
      })
    }
    fit()
  }

  // ---------------------------------------------------------------- the conversation on the screen

  function bubble(from, who) {
    var node = el('div', 'msg ' + from)
    node.appendChild(el('p', 'who', who))
    return node
  }

  function clock(at) {
    var d = new Date(at),
      now = new Date(),
      t
    if (isNaN(d)) return ''
    t = ('0' + d.getHours()).slice(-2) + ':' + ('0' + d.getMinutes()).slice(-2)
    return d.toDateString() === now.toDateString() ? t : d.getMonth() + 1 + '月' + d.getDate() + '日 ' + t
  }

  function stamp(at) {
    var t = el('time', '', clock(at))
    t.setAttribute('datetime', at)
    return t
  }

  function day(iso) {
    var m = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso || '')
    return m ? m[1] + ' 年 ' + Number(m[2]) + ' 月 ' + Number(m[3]) + ' 日' : ''
  }

  var cites = 0

  /** Folded: law and article. A tap opens the plain words and which version it is. */
  function citation(c) {
    var law = /^《/.test(c.law) ? c.law : '《' + c.law + '》'
    var article = /^\d+$/.test(c.article) ? '第 ' + c.article + ' 条' : String(c.article || '')
    var box = el('div', 'cite'),
      more = el('div', 'more')
    var b = button(law + article, '', function () {
      more.hidden = !more.hidden
      b.setAttribute('aria-expanded', String(!more.hidden))
    })
    more.id = 'cite' + ++cites
    more.hidden = true
    b.setAttribute('aria-expanded', 'false')
    b.setAttribute('aria-controls', more.id)
    if (c.plain) linked(more.appendChild(el('p')), c.plain)
    if (c.version && c.version !== c.since)
      more.appendChild(el('p', 'small', '现行版本：' + (day(c.version) || c.version)))
    if (day(c.since)) more.appendChild(el('p', 'small', '自 ' + day(c.since) + '起施行'))
    // Only an address of our own: the words come from this server.
    if (/^\/laws\/[a-z0-9]+\/[0-9-]+$/.test(c.path || '')) {
      var read = button('看原文', 'read', function () {
        openLaw(c, law + article, read)
      })
      more.appendChild(read)
    }
    box.appendChild(b)
    box.appendChild(more)
    return box
  }

  // ---------------------------------------------------------------- an article's own words

  var lawAsked = 0 // counts the openings: a slow answer to an earlier one is dropped

  /** Opens an article in a sheet: no page is left, nothing new stands in the browser's history. */
  function openLaw(c, name, from) {
    var box = $('law-words'),
      x = new XMLHttpRequest(),
      mine = ++lawAsked
    $('h-law').textContent = name
    empty(box)
    if (c.plain) {
      box.appendChild(el('p', 'small', '简单说'))
      linked(box.appendChild(el('p', 'plainly')), c.plain)
    }
    var state = box.appendChild(el('p', 'small', '正在拿原文…'))
    openSheet('sheet-law', from)
    x.open('GET', c.path + '/words', true)
    x.timeout = SEND_TIMEOUT
    x.onloadend = function () {
      var json = parse(x.responseText)
      if (gone || mine !== lawAsked) return
      if (x.status !== 200 || !json || !json.article) {
        state.textContent =
          x.status === 404 ? '这一条的原文这里没有。' : '原文没拿到，可能是网断了。过一会儿再点一次。'
        return
      }
      drop(state)
      showLaw(box, json, c.paragraph)
    }
    x.send()
  }

  function showLaw(box, json, marked) {
    var a = json.article,
      around = json.chapter || [],
      b
    box.appendChild(el('p', 'small', '原文'))
    box.appendChild(lawWords(a, marked))
    if (!a.inForce) box.appendChild(el('p', 'warn', '今天不适用。'))
    box.appendChild(
      el(
        'p',
        'small',
        (a.version !== a.effective ? day(a.version) + '版，' : '') +
          day(a.effective) +
          '起施行。来源：' +
          a.source
      )
    )
    box.appendChild(el('p', 'small', '这里只给原文，不是法律意见。'))
    if (around.length < 2) return
    b = button('看看前后（' + ((a.under || []).slice(-1)[0] || a.title) + '）', 'around', function () {
      drop(b)
      around.forEach(function (each) {
        box.appendChild(el('h3', '', each.article))
        box.appendChild(lawWords(each, each.article === a.article ? marked : 0))
      })
    })
    box.appendChild(b)
  }

  /** An article's paragraphs; the one that matters is marked, for the ear too. */
  function lawWords(a, marked) {
    var node = el('div', 'words')
    a.paragraphs.forEach(function (p, i) {
      var part = node.appendChild(el('div', i + 1 === marked ? 'marked' : ''))
      if (i + 1 === marked) part.appendChild(el('span', 'sr', '和你问的最有关的一款：'))
      part.appendChild(el('p', '', p.text))
      p.items.forEach(function (item) {
        part.appendChild(el('p', 'item', item))
      })
    })
    return node
  }

  function whoSays(m) {
    if (m.from === 'counselor' && m.name) return m.name + ' · ' + ROLES.counselor
    return ROLES[m.from] || ROLES.system
  }

  function render(m) {
    var from = ROLES[m.from] ? m.from : 'system'
    var node = bubble(from, whoSays(m)),
      meta = null,
      ul
    if (m.text) linked(node.appendChild(el('p', 'text')), m.text)
    ;(m.citations || []).forEach(function (c) {
      node.appendChild(citation(c))
    })
    if (m.lines && m.lines.length) {
      ul = el('ul', 'lines brief card')
      m.lines.forEach(function (l) {
        ul.appendChild(lineItem(l, new Date(m.at).getTime(), true))
      })
      node.appendChild(ul)
    }
    if ((m.citations && m.citations.length) || ul) node.classList.add('wide')
    if (from === 'person') {
      meta = node.appendChild(el('p', 'meta'))
      meta.appendChild(stamp(m.at))
      if (m.number) meta.appendChild(doc.createTextNode(' 已送达'))
    } else {
      node.firstChild.appendChild(stamp(m.at))
    }
    return { number: m.number, from: from, node: node, meta: meta, buttons: m.buttons || [], id: m.id }
  }

  /** Keeps the log in the order of numbers; what has no number yet stays at the end. */
  function place(rec) {
    var i = recs.length,
      next
    if (rec.number) while (i > 0 && (!recs[i - 1].number || recs[i - 1].number > rec.number)) i--
    next = recs[i] ? recs[i].node : null
    recs.splice(i, 0, rec)
    $('log').insertBefore(rec.node, next)
    if (rec.from !== 'local') body.classList.add('talking')
  }

  function note(text) {
    var node = el('p', 'msg local')
    linked(node, text)
    place({ number: last + 0.5, from: 'local', node: node, buttons: [] })
    toEnd(node, false)
  }

  /** One message of the server. Known numbers and ids are not shown twice. */
  function receive(m) {
    var rec,
      i,
      near = nearEnd()
    if (!m || typeof m.number !== 'number' || byNumber[m.number] || m.number <= hiddenTo) return
    if (m.number > last) last = m.number
    if (m.cleared) {
      for (i = 0; i < recs.length; i++) drop(recs[i].node)
      recs = []
      byNumber = {}
      byId = {}
    }
    rec = m.id && byId[m.id]
    if (rec) {
      byNumber[m.number] = rec
      rec.number = m.number
      delivered(rec)
      i = recs.indexOf(rec)
      if (outOfOrder(i)) {
        recs.splice(i, 1)
        place(rec)
      }
    } else {
      rec = render(m)
      byNumber[m.number] = rec
      if (m.id) byId[m.id] = rec
      place(rec)
    }
    $('start').hidden = true
    quickReplies()
    if (!rec.state) toEnd(rec.node, !near)
  }

  function outOfOrder(i) {
    var n = recs[i].number,
      j
    for (j = 0; j < i; j++) if (!recs[j].number || recs[j].number > n) return true
    return false
  }

  var choices

  /** Buttons stand only under the newest message of the bot, and only until the person or a human has spoken. */
  function quickReplies() {
    var i, rec
    drop(choices)
    choices = null
    for (i = recs.length - 1; i >= 0; i--) {
      rec = recs[i]
      if (rec.from === 'local' || (rec.from === 'system' && !rec.buttons.length)) continue
      if (rec.from === 'person' || !rec.buttons.length) return
      choices = el('div', 'choices')
      choices.setAttribute('role', 'group')
      choices.setAttribute('aria-label', '可以直接点')
      rec.buttons.forEach(function (label) {
        choices.appendChild(
          button(label, '', function () {
            tapped(label)
          })
        )
      })
      rec.node.appendChild(choices)
      return
    }
  }

  function tapped(label) {
    send(String(label))
    $('main').focus()
  }

  function below() {
    var m = $('main')
    return m.scrollHeight - m.scrollTop - m.clientHeight
  }

  function nearEnd() {
    return below() < 120
  }

  // As the person left it: when the keyboard takes its room, the end is still what is wanted.
  var stuck = true

  function atEnd() {
    return below() < 24
  }

  function scrollTo(node) {
    $('main').scrollTop = node.offsetTop - 8
  }

  var turn = null,
    turnAt = 0

  /** Shows the end, or the beginning of a turn longer than the screen; a reader further up is not torn away. */
  function toEnd(node, reading) {
    var m = $('main')
    $('newer').textContent = reading ? '有新的话 ↓' : '下面还有 ↓'
    $('newer').hidden = !reading
    if (reading) return
    if (!node) {
      turn = null
      m.scrollTop = m.scrollHeight
      return
    }
    if (!turn || Date.now() - turnAt > 4000) turn = node
    turnAt = Date.now()
    scrollTo(turn)
    // What is too long gives up its opening note, then its first line; buttons below the screen are announced.
    if (below() > 0 && turn.classList.contains('system') && turn.nextElementSibling) {
      scrollTo(turn.nextElementSibling)
    }
    if (below() < 40) m.scrollTop = m.scrollHeight
    $('newer').hidden =
      !choices || choices.getBoundingClientRect().top < m.getBoundingClientRect().bottom - 12
  }

  // ---------------------------------------------------------------- sending

  var busy = false,
    pumpTimer,
    tries = 0

  function send(text) {
    var item
    if (!/\S/.test(text)) return false
    if (text.length > LIMIT) {
      say($('hint'), SAY.tooLong + '（现在 ' + text.length + ' 字）')
      return false
    }
    say($('hint'), '')
    if (asking) startOther()
    item = { id: uuid(), text: text, at: new Date().toISOString() }
    queue.push(item)
    showUnsent(item)
    save()
    pump(true)
    return true
  }

  function showUnsent(item) {
    var rec = render({ from: 'person', text: item.text, at: item.at, id: item.id })
    rec.state = el('span')
    rec.meta.appendChild(doc.createTextNode(' '))
    rec.meta.appendChild(rec.state)
    rec.trouble = rec.node.appendChild(el('p', 'meta bad'))
    rec.trouble.hidden = true
    rec.again = rec.node.appendChild(
      button('再发一次', '', function () {
        item.refused = false
        mark(rec, '发送中')
        pump(true)
        $('main').focus()
      })
    )
    $('start').hidden = true
    byId[item.id] = rec
    mark(rec, '发送中')
    place(rec)
    quickReplies()
    toEnd(null, false)
    if (item.refused) mark(rec, '没发出去', '点“再发一次”试试。')
  }

  /** The state in words, and, when it did not go out, why and what happens next. */
  function mark(rec, state, why) {
    if (!rec || !rec.state) return
    rec.state.textContent = state
    rec.trouble.textContent = why ? state + '。' + why : ''
    rec.trouble.hidden = rec.again.hidden = !why
    rec.state.hidden = !!why
    if (why && nearEnd()) toEnd(null, false)
  }

  function delivered(rec) {
    queue = queue.filter(function (q) {
      return q.id !== rec.id
    })
    mark(rec, '已送达')
    save()
  }

  function later(ms) {
    clearTimeout(pumpTimer)
    pumpTimer = setTimeout(function () {
      pump(false)
    }, ms)
  }

  /** Sends what waits, one after the other, each with its own id until the server has it. */
  function pump(fromPerson) {
    var item = queue.filter(function (q) {
      return !q.refused
    })[0]
    if (gone || busy || !item) return
    clearTimeout(pumpTimer)
    if (fromPerson) tries = 0
    busy = true
    withSession(function (failed, json, x) {
      if (failed !== null) {
        busy = false
        notSent(item, failed, json, x)
        return
      }
      call('POST', 'messages', { id: item.id, text: item.text }, function (status, json, x) {
        var rec = byId[item.id],
          stored = json.stored || (json.error && json.error.stored)
        busy = false
        net(reached(status, json))
        // The stream may have brought the message back although this answer got lost.
        if ((status >= 200 && status < 300) || (status === 429 && stored) || queue.indexOf(item) < 0) {
          tries = 0
          delivered(rec || item)
          if (status === 429 && kindly(json)) note(kindly(json))
          openStream(false)
          schedulePoll(3000)
          pump(false)
        } else if (status === 401 && (item.renewed = (item.renewed || 0) + 1) <= 3) {
          forgetSession()
          pump(false)
        } else if (status === 400 || status === 413) {
          item.refused = true
          mark(rec, '没发出去', kindly(json) || '换个说法，或分成几段再发。')
          announce('有一条没发出去')
          save()
          pump(false)
        } else {
          notSent(item, status, json, x)
        }
      })
    })
  }

  function notSent(item, status, json, x) {
    var wait = Math.max(retryAfter(x), pause(tries))
    net(reached(status, json))
    if (tries++ === 0) announce('有一条没发出去，会自动再发')
    mark(byId[item.id], '没发出去', (kindly(json) ? kindly(json) + ' ' : '') + '话还在，会自动再发。')
    later(wait)
  }

  /** Makes a session at the first send. done(null) or done(status, json, xhr). */
  function withSession(done) {
    if (token) {
      done(null)
      return
    }
    call('POST', 'session', {}, function (status, json, x) {
      net(reached(status, json))
      if (status >= 200 && status < 300 && json.token) {
        token = json.token
        save()
        done(null)
      } else {
        done(status, json, x)
      }
    })
  }

  /** The server does not know the session any more: what is on the screen stays, numbers begin again. */
  function forgetSession() {
    closeStream()
    token = null
    last = hiddenTo = 0
    byNumber = {}
    // What was said already stays in front of number 1.
    recs.forEach(function (r, i) {
      var waits = queue.some(function (q) {
        return q.id === r.id
      })
      if (!waits) r.number = (i + 1) / (2 * recs.length + 2)
    })
    save()
  }

  function announce(text) {
    $('live').textContent = text
  }

  // ---------------------------------------------------------------- receiving

  var stream = null,
    streamTries = 0,
    streamTimer,
    pollTimer,
    pollTries = 0,
    polling = false

  function closeStream() {
    clearTimeout(streamTimer)
    clearTimeout(pollTimer)
    if (stream) {
      stream.ended = true
      stream.x.abort()
      stream = null
    }
  }

  /** Server-sent events over XMLHttpRequest: old WebViews have no fetch streams, EventSource sends no header. */
  function openStream(now) {
    var x, s
    if (gone || !token || asking || stream) return
    clearTimeout(streamTimer)
    if (now) streamTries = 0
    x = new XMLHttpRequest()
    s = stream = { x: x, at: Date.now(), from: Date.now(), read: 0, rest: '', bytes: false, ended: false }
    x.open('GET', BASE + 'events', true)
    x.setRequestHeader('Accept', 'text/event-stream')
    x.setRequestHeader('Authorization', 'Bearer ' + token)
    if (last) x.setRequestHeader('Last-Event-ID', String(last))
    x.onprogress = x.onreadystatechange = function () {
      if (x.readyState >= 3) feed(s)
    }
    x.onloadend = function () {
      endStream(s)
    }
    x.send()
    schedulePoll(3000)
  }

  function feed(s) {
    var text, parts
    if (s.ended || s !== stream || s.x.status !== 200) return
    text = s.x.responseText
    // A "\r" at the end may be half of a line end.
    if (text.length === s.read || text.charAt(text.length - 1) === '\r') return
    s.at = Date.now()
    s.bytes = true
    streamTries = 0
    s.rest += text.slice(s.read)
    s.read = text.length
    net(true)
    parts = s.rest.replace(/\r\n?/g, '\n').split('\n\n')
    s.rest = parts.pop()
    parts.forEach(function (p) {
      if (s === stream) event(p)
    })
    if (s === stream && s.read > STREAM_MAX) s.x.abort()
  }

  function event(block) {
    var name = 'message',
      data = []
    block.split('\n').forEach(function (l) {
      var m = /^(event|data): ?(.*)$/.exec(l)
      if (m && m[1] === 'event') name = m[2]
      if (m && m[1] === 'data') data.push(m[2])
    })
    if (name === 'erased') {
      erased()
      return
    }
    if (name !== 'message' || !data.length) return
    var m = parse(data.join('\n')),
      before = last
    receive(m)
    // A hole in the numbers: read again what lies between.
    if (m && before && m.number > before + 1) fill(before, m.number, 0)
    save()
  }

  function endStream(s) {
    var status
    if (s.ended) return
    s.ended = true
    status = s.x.status
    if (s !== stream) return
    stream = null
    if (gone || !token) return
    if (status === 401) {
      lostSession()
      return
    }
    // A stream that has worked may end at any time; only one that cannot be opened means a lost net.
    if (!s.bytes && !reached(status)) net(false)
    streamTimer = setTimeout(
      function () {
        openStream(false)
      },
      s.bytes && !isDown ? 200 + Math.random() * 1000 : Math.max(retryAfter(s.x), pause(streamTries++))
    )
  }

  function lostSession() {
    forgetSession()
    if (!queue.length) note(SAY.gone)
  }

  /** A stream that is silent, or belongs to a net that has changed: end it, another one follows. */
  function cutStream() {
    var s = stream
    if (!s) return
    endStream(s)
    s.x.abort()
  }

  function streamAlive() {
    return stream && stream.bytes && Date.now() - stream.at < SILENCE
  }

  setInterval(function () {
    if (stream && Date.now() - stream.at > SILENCE) {
      cutStream()
      schedulePoll(100)
    }
  }, 5000)

  function schedulePoll(ms) {
    clearTimeout(pollTimer)
    if (!gone) pollTimer = setTimeout(poll, ms)
  }

  /** Fall-back where no stream comes through: asks every few seconds until one does. */
  function poll() {
    if (!token || asking || streamAlive() || polling) return
    polling = true
    call('GET', 'messages?after=' + last, null, function (status, json) {
      polling = false
      net(reached(status, json))
      if (status === 401) {
        lostSession()
        return
      }
      if (status === 200) {
        pollTries = 0
        ;(json.messages || []).forEach(receive)
        save()
        schedulePoll(doc.hidden ? 15000 : 4000)
      } else {
        schedulePoll(pause(++pollTries))
      }
    })
  }

  /** Reads messages page by page from number `after` (below `before`, if given); done(status, count of other people's new words). */
  function load(after, before, done, hide) {
    var seen = last,
      unread = 0,
      rounds = 0
    ;(function next(from) {
      call('GET', 'messages?after=' + from, null, function (status, json) {
        var list = json.messages || [],
          top = from
        list.forEach(function (m) {
          if (m.number > top) top = m.number
          if (m.number > seen && m.from !== 'person') unread++
          if (hide) {
            if (m.number > last) last = m.number
          } else receive(m)
        })
        if (status === 200 && list.length && top > from && ++rounds < 200 && !(before && top >= before - 1))
          next(top)
        else if (done) done(status, unread, json)
      })
    })(after)
  }

  function fill(after, before, n) {
    var mine = epoch
    load(after, before, function (status) {
      if (status !== 200 && status !== 401)
        setTimeout(function () {
          if (token && mine === epoch) fill(after, before, n + 1)
        }, pause(n))
    })
  }

  // ---------------------------------------------------------------- coming back

  /** Shows the story again (after a reload, or when asked to). */
  function restore(from) {
    $('start').hidden = true
    $('log').setAttribute('aria-busy', 'true')
    load(from, 0, function (status, unread, json) {
      $('log').setAttribute('aria-busy', 'false')
      toEnd(null, false)
      net(reached(status, json))
      if (status === 401) {
        lostSession()
        return
      }
      if (status !== 200) {
        note(SAY.notLoaded)
        fill(from, 0, 0)
      }
      save()
      openStream(true)
    })
  }

  /** Nothing of the story, only the question. */
  function welcome() {
    var box = bubble('bot', ROLES.bot),
      row = el('div', 'choices')
    asking = box
    box.appendChild(el('p', 'text', SAY.welcome))
    row.appendChild(button(SAY.go, '', startAgain))
    row.appendChild(
      button(SAY.other, '', function () {
        startOther()
        $('box').focus()
      })
    )
    box.appendChild(row)
    empty($('hello'))
    $('hello').appendChild(box)
    $('start').hidden = true
    save()
  }

  function answered() {
    asking = null
    empty($('hello'))
    $('hello').appendChild(firstHello.cloneNode(true))
    $('start').hidden = false
    showHello()
  }

  function startAgain() {
    answered()
    queue.forEach(showUnsent)
    hiddenTo = 0
    if (!$('box').value && heldDraft) {
      $('box').value = heldDraft
      grow()
    }
    heldDraft = ''
    if (token) restore(0)
    $('main').focus()
  }

  /** Goes on in the same conversation, but what was said before stays off the screen. */
  function startOther() {
    answered()
    heldDraft = ''
    if (!token) {
      save()
      return
    }
    hiddenTo = last
    load(
      last,
      0,
      function (status, unread) {
        if (status === 401) {
          forgetSession()
          save()
          return
        }
        hiddenTo = last
        $('m-earlier-row').hidden = false
        if (unread)
          note('你不在的时候有 ' + unread + ' 条新的话，没有显示。想看，点“更多”里的“看之前说的话”。')
        save()
        openStream(true)
      },
      true
    )
  }

  function showEarlier() {
    $('m-earlier-row').hidden = true
    closeSheet()
    hiddenTo = 0
    restore(0)
  }

  // ---------------------------------------------------------------- leaving and deleting

  function stopAll() {
    epoch++
    closeStream()
    running.slice().forEach(function (x) {
      x.abort()
    })
    running = []
    clearTimeout(pumpTimer)
    clearTimeout(helloTimer)
    busy = polling = false
  }

  function reset() {
    token = null
    last = hiddenTo = tries = 0
    queue = []
    recs = []
    byNumber = {}
    byId = {}
    asking = choices = null
    heldDraft = ''
    empty($('log'))
    body.classList.remove('talking')
    $('box').value = ''
    $('newer').hidden = true
    $('m-earlier-row').hidden = true
    say($('hint'), '')
    $('start').hidden = false
    grow()
  }

  /** Quick exit: everything off the screen and out of the phone at once, nothing awaited, no history entry of its own. */
  function leave() {
    var to = body.getAttribute('data-exit') || ''
    gone = true
    clearTimeout(upTimer)
    doc.title = '网页'
    empty(body)
    try {
      stopAll()
    } catch (e) {
      /* leaving matters more */
    }
    try {
      win.sessionStorage.clear()
    } catch (e) {
      /* forbidden */
    }
    try {
      win.localStorage.clear()
    } catch (e) {
      /* forbidden */
    }
    try {
      // Our cache holds the public page and numbers only; any other is not needed.
      win.caches.keys().then(function (names) {
        names.forEach(function (n) {
          if (n.indexOf('page-') !== 0) win.caches.delete(n)
        })
      })
    } catch (e) {
      /* no caches here */
    }
    win.location.replace(/^https?:\/\//.test(to) ? to : 'https://www.baidu.com/')
  }

  /** The conversation is gone: by our own request (the stream may say so before its answer comes) or from elsewhere. */
  function erased() {
    stopAll()
    $('erase-yes').disabled = false
    closeSheet()
    reset()
    keep = false
    showKeep()
    writeStore('sessionStorage', null)
    writeStore('localStorage', null)
    showHello()
    getHello()
    note(SAY.erased)
  }

  function erase() {
    var why = $('erase-why')
    if (!token) {
      erased()
      return
    }
    $('erase-yes').disabled = true
    why.textContent = '正在删除…'
    call('DELETE', 'conversation', null, function (status, json) {
      $('erase-yes').disabled = false
      net(reached(status, json))
      if (status === 204 || status === 200 || status === 401 || status === 404) {
        erased()
        return
      }
      why.textContent = (kindly(json) || '还没删成，可能是网断了。') + ' 要再试一次吗？'
    })
  }

  // ---------------------------------------------------------------- sheets and menu

  var sheet = null,
    opener = null

  function openSheet(id, from) {
    if (sheet && sheet.id === id) {
      closeSheet()
      return
    }
    if (sheet) sheet.hidden = true
    else opener = from
    sheet = $(id)
    sheet.hidden = false
    sheet.scrollTop = 0
    $('erase-ask').hidden = true
    body.classList.add('sheet-open')
    expanded()
    if (id === 'sheet-phones' && Date.now() - linesAt > 60000) getHello()
    sheet.querySelector('h2').focus()
  }

  function closeSheet() {
    if (!sheet) return
    sheet.hidden = true
    if (sheet.id === 'sheet-law') {
      lawAsked++
      empty($('law-words'))
    }
    sheet = null
    body.classList.remove('sheet-open')
    expanded()
    if (opener) opener.focus()
    opener = null
  }

  function expanded() {
    $('phones').setAttribute('aria-expanded', String(!!sheet && sheet.id === 'sheet-phones'))
    $('more').setAttribute('aria-expanded', String(!!sheet && sheet.id !== 'sheet-phones'))
  }

  function showKeep() {
    $('m-keep').setAttribute('aria-checked', String(keep))
    $('m-keep').querySelector('.switch').textContent = keep ? '开' : '关'
  }

  function showSize() {
    var near = recs.length && stuck
    root.className = root.className.replace(/\bsize\d\b/g, '') + (size ? ' size' + size : '')
    $('m-size').textContent = size < 3 ? '字大一点' : '字变回原来大小'
    grow()
    fit()
    if (near) toEnd(null, false)
  }

  // ---------------------------------------------------------------- the room on the screen

  /** With the keyboard open or very large text, the header gives its room to the conversation:
      phones, quick exit and the AI label stay; with large text who we are moves into the page. */
  function fit() {
    if (gone) return
    var near = stuck && recs.length
    var brand = doc.querySelector('.brand'),
      home = $('top')
    body.classList.remove('compact', 'big')
    if (parseFloat(win.getComputedStyle(root).fontSize) >= 24) {
      body.classList.add('big')
      home = $('intro')
    }
    if (brand.parentNode !== home) home.insertBefore(brand, home.firstChild)
    if (body.offsetHeight < 400 || $('top').offsetHeight > body.offsetHeight * 0.45)
      body.classList.add('compact')
    if (near) toEnd(null, false)
  }

  function viewport() {
    var v = win.visualViewport
    // iOS and older Chrome lay the keyboard over the page; pinch zoom (scale) must not change the layout.
    if (v && Math.abs(v.scale - 1) < 0.05) {
      body.style.height = v.height < win.innerHeight - 1 ? v.height + 'px' : ''
      if (v.height < win.innerHeight - 1) win.scrollTo(0, 0)
    }
    grow()
    fit()
  }

  function grow() {
    var box = $('box')
    if (!box) return
    box.style.height = box.value ? 'auto' : ''
    if (!box.value) return
    box.style.height = Math.max(44, box.scrollHeight + 2) + 'px'
  }

  // ---------------------------------------------------------------- listening

  function submit() {
    var box = $('box')
    if (!send(box.value)) {
      box.focus()
      return
    }
    box.value = ''
    grow()
    save()
    box.focus()
  }

  function listen() {
    var composing = false,
      escapeAt = 0,
      box = $('box')
    var desktop = win.matchMedia && win.matchMedia('(hover: hover) and (pointer: fine)').matches
    var live = el('p', 'sr')
    live.id = 'live'
    live.setAttribute('role', 'status')
    $('foot').appendChild(live)

    if (desktop) box.setAttribute('enterkeyhint', 'send')
    box.addEventListener('compositionstart', function () {
      composing = true
    })
    box.addEventListener('compositionend', function () {
      composing = false
    })
    box.addEventListener('input', function () {
      grow()
      if (box.value.length <= LIMIT) say($('hint'), '')
    })
    box.addEventListener('change', function () {
      save()
    })
    box.addEventListener('keydown', function (e) {
      // 229: the key belongs to the input method (also Safari's Enter that ends a composition).
      if (e.key !== 'Enter' && e.keyCode !== 13) return
      if (composing || e.isComposing || e.keyCode === 229 || e.shiftKey || !desktop) return
      e.preventDefault()
      submit()
    })
    $('form').addEventListener('submit', function (e) {
      e.preventDefault()
      submit()
    })
    $('send').addEventListener('click', submit)
    $('newer').addEventListener('click', function () {
      toEnd(null, false)
      $('main').focus()
    })
    $('main').addEventListener('scroll', function () {
      stuck = nearEnd()
      if (atEnd()) $('newer').hidden = true
    })
    Array.prototype.forEach.call($('start').querySelectorAll('button'), function (b) {
      b.addEventListener('click', function () {
        tapped(b.textContent)
      })
    })

    $('phones').setAttribute('role', 'button')
    $('phones').addEventListener('keydown', function (e) {
      if (e.keyCode === 32) {
        e.preventDefault()
        openSheet('sheet-phones', $('phones'))
      }
    })
    $('phones').addEventListener('click', function (e) {
      e.preventDefault()
      openSheet('sheet-phones', $('phones'))
    })
    $('leave').setAttribute('role', 'button')
    $('leave').addEventListener('keydown', function (e) {
      if (e.keyCode === 32) {
        e.preventDefault()
        leave()
      }
    })
    $('leave').addEventListener('click', function (e) {
      e.preventDefault()
      leave()
    })
    $('more').addEventListener('click', function () {
      openSheet('sheet-more', $('more'))
    })
    $('notice-open').addEventListener('click', function () {
      openSheet('sheet-notice', $('notice-open'))
    })
    $('m-notice').addEventListener('click', function () {
      openSheet('sheet-notice', $('more'))
    })
    $('m-earlier').addEventListener('click', showEarlier)
    $('m-size').addEventListener('click', function () {
      size = (size + 1) % 4
      showSize()
      save()
    })
    $('m-keep').addEventListener('click', function () {
      keep = !keep
      showKeep()
      save()
    })
    $('m-erase').addEventListener('click', function () {
      $('erase-why').textContent = '这次对话会被删掉，找不回来。确定吗？'
      $('erase-ask').hidden = false
      $('erase-no').focus()
    })
    $('erase-yes').addEventListener('click', erase)
    $('erase-no').addEventListener('click', function () {
      $('erase-ask').hidden = true
      $('m-erase').focus()
    })
    Array.prototype.forEach.call(doc.querySelectorAll('.close'), function (b) {
      b.addEventListener('click', closeSheet)
    })

    doc.addEventListener('keydown', function (e) {
      root.classList.remove('touch')
      if (gone || (e.key !== 'Escape' && e.keyCode !== 27) || composing || e.isComposing || e.repeat) return
      if (Date.now() - escapeAt < 1500) {
        leave()
        return
      }
      escapeAt = Date.now()
      closeSheet()
    })
    ;['touchstart', 'mousedown'].forEach(function (n) {
      doc.addEventListener(
        n,
        function () {
          root.classList.add('touch')
        },
        n === 'touchstart' ? { passive: true } : false
      )
    })

    win.addEventListener('resize', viewport)
    if (win.visualViewport) win.visualViewport.addEventListener('resize', viewport)
    win.addEventListener('offline', function () {
      if (!gone) net(false)
    })
    win.addEventListener('online', function () {
      if (gone) return
      cutStream()
      getHello()
      retryNow()
    })
    doc.addEventListener('visibilitychange', function () {
      if (gone || away) return
      if (doc.hidden) {
        save()
        return
      }
      if (Date.now() - linesAt > 5 * 60000) getHello()
      refreshStates()
      if (stream && Date.now() - stream.at > SILENCE) cutStream()
      retryNow()
    })
    // Back, or any other way out: the kept picture of the page (bfcache) holds no story.
    win.addEventListener('pagehide', function () {
      if (gone) return
      save(true)
      away = true
      stopAll()
      reset()
      closeSheet()
    })
    win.addEventListener('pageshow', function (e) {
      if (!e.persisted) return
      if (gone) {
        win.location.reload()
        return
      }
      away = false
      start('back_forward')
    })
  }

  function navigation() {
    var p = win.performance,
      e = p && p.getEntriesByType && p.getEntriesByType('navigation')[0]
    if (e && e.type) return e.type
    return p && p.navigation && p.navigation.type === 1 ? 'reload' : 'navigate'
  }

  /** How we got here decides what may be seen: a reload goes on, a page that the phone had killed asks first,
      one that was left (Back, another address) begins anew, unless the person keeps the history. */
  function start(how) {
    var s = readStore('sessionStorage'),
      k = readStore('localStorage'),
      had,
      typed = $('box').value
    reset()
    // Typed before the script came: keep it.
    $('box').value = typed
    keep = !!k
    if (s && s.left && how !== 'reload') {
      s = null
      writeStore('sessionStorage', null)
    }
    had = s && (s.token || (s.queue && s.queue.length)) ? s : k
    size = (had && had.size) || (s && s.size) || 0
    showKeep()
    showSize()
    if (had) {
      token = had.token || null
      last = had.last || 0
      hiddenTo = had.hiddenTo || 0
      queue = had.queue || []
    }
    if (token || queue.length) {
      if (had === s && how === 'reload' && !s.asking) {
        if (!typed) $('box').value = s.draft || ''
        last = hiddenTo
        $('m-earlier-row').hidden = !hiddenTo
        queue.forEach(showUnsent)
        if (token) restore(hiddenTo)
      } else {
        heldDraft = had.draft || ''
        welcome()
      }
      pump(false)
    } else if (s && s.draft && how === 'reload' && !typed) {
      $('box').value = s.draft
    }
    save()
    grow()
    getHello()
    fit()
  }

  // Until the server's list comes, the sheet shows the lines that stand in the page.
  Array.prototype.forEach.call($('now-lines').children, function (li) {
    $('sheet-lines').appendChild(li.cloneNode(true))
  })
  firstHello = $('hello').firstElementChild.cloneNode(true)
  listen()
  start(navigation())
  if ('serviceWorker' in navigator) {
    try {
      navigator.serviceWorker.register('/sw.js').catch(function () {
        /* works without */
      })
    } catch (e) {
      /* forbidden here */
    }
  }
})()
