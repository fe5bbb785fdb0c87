import { createServer } from 'node:http'
import express from 'express'
import { Telegraf } from 'telegraf'

/**
 * A bare framework that says everything back at http://127.0.0.1:PORT/hook, run as a child: telegraf's webhook with
 * sendMessage, or express that answers the 公众号 (plain mode) and calls its customer-service interface. It believes
 * everybody, keeps nothing and knows no failure. Prints `ready URL`; ends when stdin does.
 */
export async function echo(
  kind: 'telegraf' | 'express-wechat',
  [port, apiRoot = '', token = '']: string[],
): Promise<number> {
  const app = express()
  const url = `http://127.0.0.1:${port}`
  await new Promise<void>((fulfil) => createServer(app).listen(Number(port), '127.0.0.1', fulfil))
  if (kind === 'telegraf') await telegrafEcho(app, `${url}/hook`, apiRoot, token)
  else wechatEcho(app, apiRoot, token)
  process.stdout.write(`ready ${url}\n`)
  // A parent that was killed closes the pipe: no child is left behind.
  await new Promise<void>((fulfil) => process.stdin.resume().once('end', fulfil))
  return 0
}

async function telegrafEcho(
  app: express.Express,
  hook: string,
  apiRoot: string,
  token: string,
): Promise<void> {
  const bot = new Telegraf(token, { telegram: { apiRoot } })
  bot.on('text', (context) => context.reply(context.message.text))
  app.use(bot.webhookCallback('/hook'))
  await bot.telegram.setWebhook(hook)
}

function wechatEcho(app: express.Express, apiRoot: string, token: string): void {
  app.post('/hook', express.text({ type: () => true }), async (req, res) => {
    const field = (name: string) =>
      new RegExp(`<${name}><!\\[CDATA\\[([^]*?)\\]\\]>`).exec(String(req.body))?.[1] ?? ''
    res.send('success')
    const message = { touser: field('FromUserName'), msgtype: 'text', text: { content: field('Content') } }
    await fetch(`${apiRoot}/cgi-bin/message/custom/send?access_token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    })
  })
}
