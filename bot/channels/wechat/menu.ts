import { SendFailure } from '../../delivery/failure.js'
import type { Api } from './api.js'

/** The account has no menu (公众号 查询自定义菜单). */
const NO_MENU = '46003'
/** The three ways in, as on the first screen of the web chat. What a click sends is its key. */
const WORDS = ['我有危险', '我想问问', '找真人']

/** Gives an account without a menu ours. A menu that somebody made stays as it is. */
export async function ensureMenu(api: Api): Promise<void> {
  try {
    await api.call('/cgi-bin/menu/get')
  } catch (error) {
    if (!(error instanceof SendFailure) || error.code !== NO_MENU) throw error
    await api.call('/cgi-bin/menu/create', {
      button: WORDS.map((word) => ({ type: 'click', name: word, key: word })),
    })
  }
}
