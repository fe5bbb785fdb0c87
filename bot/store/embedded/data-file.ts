import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { removeConnection } from './connection-file.js'
import type { Notice } from './notice.js'
import { decode, encode, type Doc } from './values.js'
import { inspectLog } from './write-ahead-log.js'

const PAGE = 2000

/** The store's file cannot be opened; the message is a sentence for the person who started the program. */
export class DataFileError extends Error {
  constructor(
    message: string,
    /** Another process has the folder; it may be reached through it. */
    readonly busy = false,
  ) {
    super(message)
  }
}

interface Stored {
  seq: number
  collection: number
  body: ArrayBuffer
}

/**
 * The durable side: one SQLite file with documents as BSON, WAL, synchronous FULL, in exclusive locking mode, so that the
 * operating system keeps a second process out and frees the lock when this one dies. libsql trap: parameters go as an
 * array, because a lone Buffer is read as named parameters and aborts the process.
 */
export class DataFile {
  /** What was found at the opening that people should know. */
  readonly notices: Notice[] = []
  private readonly db: Database.Database
  private readonly putDocument: Database.Statement
  private readonly removeDocument: Database.Statement
  private readonly path: string
  private open = false

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    this.path = join(dataDir, 'database.sqlite')
    // SQLite gives its log the mode of this file. Never opened twice here: to close it would drop this process's lock (POSIX).
    if (!existsSync(this.path)) closeSync(openSync(this.path, 'a', 0o600))
    // The lock is taken below by the first write; a predecessor that is just stopping gets a moment.
    this.db = new Database(this.path, { timeout: 500 })
    try {
      for (const pragma of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL'])
        this.db.pragma(pragma)
      this.db.exec('BEGIN IMMEDIATE')
      this.noticeLog()
      this.db.exec(
        'CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY, db TEXT NOT NULL, name TEXT NOT NULL, indexes BLOB NOT NULL, UNIQUE (db, name))',
      )
      this.db.exec(
        'CREATE TABLE IF NOT EXISTS documents (seq INTEGER PRIMARY KEY, collection INTEGER NOT NULL, body BLOB NOT NULL)',
      )
      this.db.exec('COMMIT')
    } catch (error) {
      this.db.close()
      if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY'))
        throw new DataFileError(
          `The data folder ${dataDir} is already in use by another running process; stop that one first, or choose another data folder.`,
          true,
        )
      throw this.damaged(error)
    }
    removeConnection(dataDir) // left by a process that died
    this.putDocument = this.db.prepare(
      'INSERT INTO documents (seq, collection, body) VALUES (?, ?, ?) ON CONFLICT (seq) DO UPDATE SET body = excluded.body',
    )
    this.removeDocument = this.db.prepare('DELETE FROM documents WHERE seq = ?')
  }

  private noticeLog(): void {
    const { transactions, leftOut } = inspectLog(`${this.path}-wal`)
    if (transactions > 0)
      this.notices.push({
        event: 'database.recovered',
        text: `The last run did not end in order: ${transactions} transactions were taken over from its log.`,
      })
    if (leftOut > 0)
      this.notices.push({
        event: 'database.log-cut',
        text: `The log ends in ${leftOut} bytes that are no whole transaction. They were left out; all before them is kept. After a kill or a power cut that was a write nobody had been told was kept. If the file was damaged or copied while in use, the newest writes are missing.`,
      })
  }

  private damaged(error: unknown): DataFileError {
    return new DataFileError(
      `The database ${this.path} cannot be read; restore a backup (docs/database.md): ${String(error)}`,
    )
  }

  private begin(): void {
    if (this.open) return
    this.db.exec('BEGIN IMMEDIATE')
    this.open = true
  }

  put(collection: number, seq: number, bytes: Uint8Array): void {
    this.begin()
    this.putDocument.run([seq, collection, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)])
  }

  remove(seq: number): void {
    this.begin()
    this.removeDocument.run([seq])
  }

  saveCollection(id: number, db: string, name: string, indexes: Doc[]): void {
    this.begin()
    this.db
      .prepare(
        'INSERT INTO collections (id, db, name, indexes) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET indexes = excluded.indexes',
      )
      .run([id, db, name, Buffer.from(encode({ indexes }))])
  }

  dropCollection(id: number): void {
    this.begin()
    this.db.prepare('DELETE FROM documents WHERE collection = ?').run([id])
    this.db.prepare('DELETE FROM collections WHERE id = ?').run([id])
  }

  /** Makes everything since the last commit durable: returns after the file system has it (fsync). */
  commit(): void {
    if (!this.open) return
    this.db.exec('COMMIT')
    this.open = false
  }

  rollback(): void {
    this.open = false
    if (this.db.inTransaction) this.db.exec('ROLLBACK')
  }

  collections(): { id: number; db: string; name: string; indexes: Doc[] }[] {
    const rows = this.db.prepare('SELECT id, db, name, indexes FROM collections').all([]) as {
      id: number
      db: string
      name: string
      indexes: ArrayBuffer
    }[]
    return rows.map((row) => ({ ...row, indexes: decode(new Uint8Array(row.indexes)).indexes as Doc[] }))
  }

  /** Every document, in the order of their first writing. Throws DataFileError where the file is damaged. */
  *documents(): Generator<{ seq: number; collection: number; doc: Doc; size: number }> {
    const page = this.db.prepare(
      'SELECT seq, collection, body FROM documents WHERE seq > ? ORDER BY seq LIMIT ?',
    )
    try {
      let rows: Stored[]
      for (let after = 0; ; after = rows[rows.length - 1]?.seq ?? 0) {
        rows = page.all([after, PAGE]) as Stored[]
        for (const { seq, collection, body } of rows)
          yield { seq, collection, doc: decode(new Uint8Array(body)), size: body.byteLength }
        if (rows.length < PAGE) return
      }
    } catch (error) {
      throw this.damaged(error)
    }
  }

  close(): void {
    this.commit()
    this.db.pragma('wal_checkpoint(TRUNCATE)')
    this.db.close()
  }
}
