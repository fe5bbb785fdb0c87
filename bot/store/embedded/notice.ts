/** Something about the database that the operator should know. `text` is a sentence without any content of a document. */
export interface Notice {
  event: 'database.recovered' | 'database.log-cut' | 'database.filling'
  text: string
}
