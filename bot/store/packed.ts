import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { bytes } from './crypto.js'

const [zip, unzip] = [promisify(gzip), promisify(gunzip)]

/** More than any release; a damaged document must not fill the memory. Bytes. */
const MOST = 256 * 2 ** 20

/** Bulk as it is kept: a document of the database holds at most 16 MB. */
export const packed = (bulk: Uint8Array | string): Promise<Buffer> => zip(bulk)

/** What `packed` made. Rejects when it is damaged. */
export const unpacked = (bulk: Uint8Array | { buffer: Uint8Array }): Promise<Buffer> =>
  unzip(bytes(bulk), { maxOutputLength: MOST })
