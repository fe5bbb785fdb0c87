/** What the files hold, in a few words; one without keeps its name. */
export const FILE_WORDS: Record<string, string> = {
  danger: '有危险时的第一句话',
  talk: '没听懂、删除、找真人等',
  desk: '真人接手和交还时',
  subscribe: '订提醒',
  notice: '说话之前的告知',
  errors: '出错时',
  laws: '查法条',
}
