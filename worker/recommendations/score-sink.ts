/** Where the ways of computing put what they find: row `from` says for movie `to`. */
export interface ScoreSink {
  add(from: number, to: number, score: number): void;
}
